"""Draw docs/resolve-*.svg: what to click in DaVinci Resolve, schematically.

python -m docs.make_resolve_pictures   (any Python; nothing but the standard library)
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

HERE = Path(__file__).parent
LINE, BAR, TEXT = 26, 30, 14
BACK, PANEL, EDGE, INK, DIM, CHOSEN = (
    *("#1f2023", "#2b2d31", "#45484f", "#e8e8ea", "#8d9098", "#2f6fde"),
)
MENUS = ("DaVinci Resolve", "File", "…", "Workspace", "…")
MENU = json.loads(HERE.with_name("scripts").joinpath("resolve", "entries.json").read_text("utf-8"))
SCRIPTS = sorted(MENU["entries"])


@dataclass(frozen=True)
class Box:
    """A menu: where its upper left corner is, its width, its entries, and the chosen one. An entry
    that ends with “›” opens the next menu; “…” alone stands for others."""

    left: int
    top: int
    width: int
    entries: Sequence[str]
    chosen: int


def main() -> None:
    """Draw all of them."""
    _write(
        "menu",
        (760, 250),
        [
            *_bar(760, "Workspace"),
            *_menu(Box(218, BAR, 150, ("…", "Scripts ›", "Console", "…"), 1)),
            *_menu(Box(368, BAR + LINE, 110, ("Recue ›", "…"), 0)),
            *_menu(Box(478, BAR + LINE, 230, SCRIPTS, 2)),
        ],
    )
    _write(
        "export",
        (760, 240),
        [
            *_bar(760, "File"),
            *_menu(Box(142, BAR, 140, ("…", "Import ›", "Export ›", "…"), 2)),
            *_menu(Box(282, BAR + 2 * LINE, 150, ("Project…", "Timeline…", "…"), 1)),
            *_dialogue(),
        ],
    )
    _write(
        "import",
        (760, 150),
        [
            *_bar(760, "File"),
            *_menu(Box(142, BAR, 140, ("…", "Import ›", "Export ›", "…"), 1)),
            *_menu(Box(282, BAR + LINE, 150, ("…", "Media…", "Subtitle…"), 2)),
            *_text(460, 125, "then choose cut.srt"),
        ],
    )
    entries = ("…", "Insert Selected Subtitles to Timeline Using Timecode", "…")
    _write(
        "insert",
        (760, 220),
        [
            *_panel((10, 10, 430, 200), "Media Pool"),
            *_item(30, 46, "cut.srt"),
            *_menu(Box(70, 128, 410, entries, 1)),
            *_panel((496, 10, 254, 200), "Timeline"),
            *_track(506, 60, "ST1", (0, 60, 125)),
            *_track(506, 94, "V1", ()),
        ],
    )


def _write(name: str, size: tuple[int, int], parts: Sequence[str]) -> None:
    width, height = size
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="{TEXT}">'
    )
    back = f'<rect width="{width}" height="{height}" fill="{BACK}"/>'
    path = HERE / f"resolve-{name}.svg"
    path.write_text("\n".join([head, back, *parts, "</svg>", ""]), encoding="utf-8")


def _bar(width: int, chosen: str) -> list[str]:
    """The bar of menus, on top."""
    parts = [_rect((0, 0, width, BAR), PANEL, "none")]
    left = 12
    for name in MENUS:
        wide = 8 * len(name) + 18
        if name == chosen:
            parts.append(_rect((left - 8, 4, wide - 4, BAR - 8), CHOSEN, "none"))
        parts += _text(left, 20, name)
        left += wide
    return parts


def _menu(box: Box) -> list[str]:
    height = LINE * len(box.entries)
    parts = [_rect((box.left, box.top, box.width, height), PANEL, EDGE)]
    for number, entry in enumerate(box.entries):
        top = box.top + LINE * number
        name, opens = entry.rstrip(" ›"), entry.endswith("›")
        if number == box.chosen:
            parts.append(_rect((box.left + 3, top + 2, box.width - 6, LINE - 4), CHOSEN, "none"))
        parts += _text(box.left + 12, top + 18, name, INK if entry != "…" else DIM)
        if opens:
            parts += _text(box.left + box.width - 18, top + 18, "›")
    return parts


def _dialogue() -> list[str]:
    """Where an exported timeline is saved."""
    parts = _panel((446, 60, 304, 165), "Export Timeline")
    for top, name, value in (
        (100, "Name", "cut"),
        (132, "Folder", "exports"),
        (164, "Type", "OTIO Files (*.otio)"),
    ):
        parts += _text(462, top + 17, name, DIM)
        parts.append(_rect((520, top, 205, 24), BACK, CHOSEN if name != "Name" else EDGE))
        parts += _text(530, top + 17, value)
    parts.append(_rect((655, 194, 70, 24), CHOSEN, "none"))
    return [*parts, *_text(673, 211, "Save")]


def _panel(place: tuple[int, int, int, int], title: str) -> list[str]:
    return [_rect(place, PANEL, EDGE), *_text(place[0] + 12, place[1] + 20, title, DIM)]


def _item(left: int, top: int, name: str) -> list[str]:
    """A subtitle file in a bin."""
    parts = [_rect((left, top, 90, 54), BACK, CHOSEN)]
    parts += [_rect((left + 14, top + y, w, 5), DIM, "none") for y, w in ((30, 62), (40, 44))]
    return [*parts, *_text(left + 18, top + 74, name)]


def _track(left: int, top: int, name: str, cues: Sequence[int]) -> list[str]:
    parts = [_rect((left, top, 34, 26), BACK, EDGE), *_text(left + 5, top + 18, name, DIM)]
    parts.append(_rect((left + 38, top, 196, 26), BACK, EDGE))
    if not cues:
        parts.append(_rect((left + 40, top + 2, 190, 22), "#3d5a80", "none"))
    parts += [_rect((left + 44 + at, top + 3, 52, 20), "#8a6d1f", "none") for at in cues]
    return parts


def _rect(place: tuple[int, int, int, int], fill: str, edge: str) -> str:
    left, top, width, height = place
    return (
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="4" '
        f'fill="{fill}" stroke="{edge}"/>'
    )


def _text(left: int, top: int, text: str, ink: str = INK) -> list[str]:
    return [f'<text x="{left}" y="{top}" fill="{ink}">{escape(text)}</text>']


if __name__ == "__main__":
    main()
