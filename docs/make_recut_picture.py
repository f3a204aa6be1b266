"""Draw docs/recut.svg: how an edit of the timeline finds its words again.

python -m docs.make_recut_picture

What is drawn is computed by the projection itself, from a sentence of the demo's reference.
"""

from __future__ import annotations

import html
import json
from fractions import Fraction
from pathlib import Path

from editor_plugin.core.intervals import subtract
from editor_plugin.core.projection import needed, project
from editor_plugin.core.timeline import Clip, Media, Span, Timeline, Track
from editor_plugin.core.transcript import Word

ROOT = Path(__file__).parents[1]
FILM = Media("interview.mov")
SECONDS = 11
SCALE = 76
LEFT, WIDTH = 24, 960
YELLOW, BLUE, GREY, RED = "#f2b84b", "#7fb3d5", "#d9d9d9", "#e58f8f"


def words() -> list[Word]:
    """The first seconds of the demo film, as they were spoken."""
    film = json.loads((ROOT / "demo" / "reference.json").read_text(encoding="utf-8"))
    spoken = [word for sentence in film["sentences"] for word in sentence["words"]]
    first = Fraction(str(spoken[0]["start_s"])) - Fraction(1, 2)
    found = [
        Word(
            word["text"],
            Fraction(str(word["start_s"])) - first,
            Fraction(str(word["end_s"])) - first,
        )
        for word in spoken
    ]
    return [word for word in found if word.end < SECONDS]


def cut(name: str, *parts: tuple[int, int]) -> Timeline:
    """A timeline that plays these seconds of the source, one after the other."""
    clips, at = [], Fraction(0)
    for start, end in parts:
        record = Span(at, at + end - start)
        clips.append(Clip(name, record, Fraction(start), media=FILM))
        at = record.end
    return Timeline(name, Fraction(25), (Track("A1", 1, tuple(clips)),))


def row(y: int, title: str, boxes: list[tuple[Fraction, Fraction, str]], said: list[Word]) -> str:
    """A title, coloured stretches, and the words over them; times are seconds from the left."""
    parts = [f'<text x="{LEFT}" y="{y - 8}" class="title">{html.escape(title)}</text>']
    for start, end, colour in boxes:
        x, width = LEFT + float(start) * SCALE, float(end - start) * SCALE
        parts.append(
            f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="34" rx="4" fill="{colour}"/>'
        )
    for number, word in enumerate(said):
        x = LEFT + float(word.start + word.end) / 2 * SCALE
        parts.append(
            f'<text x="{x:.1f}" y="{y + 15 + 13 * (number % 2)}" class="word">'
            f"{html.escape(word.text)}</text>"
        )
    return "\n".join(parts)


def timeline_row(y: int, timeline: Timeline, said: list[Word]) -> str:
    """A cut, with the words that the projection puts on it. The source's halves have colours."""
    boxes = [
        (clip.record.start, clip.record.end, YELLOW if clip.source_in < 4 else BLUE)
        for clip in timeline.tracks[0].clips
    ]
    placed = [each.word for each in project({FILM: said}, timeline)]
    return row(y, timeline.name, boxes, placed)


def picture() -> str:
    """The whole picture, as SVG."""
    said = words()
    first = cut("First cut: what it plays is recognised, once", (0, 4), (5, 9))
    second = cut("After the edit: reordered, trimmed, and two seconds longer", (5, 11), (1, 4))
    heard = needed(first)[FILM]
    source = [(span.start, span.end, GREY) for span in heard]
    wanted = [(span.start, span.end) for span in needed(second)[FILM]]
    new = subtract(wanted, [(span.start, span.end) for span in heard])
    source += [(start, end, RED) for start, end in new]
    title = (
        "interview.mov: words are kept in source time (red: all that the edit makes it recognise)"
    )
    known = [word for word in said if any(a <= word.start and word.end <= b for a, b, _ in source)]
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 250"
 font-family="sans-serif">
<style>.title {{ font-size: 14px; fill: #333 }}
.word {{ font-size: 11px; text-anchor: middle }}</style>
<rect width="{WIDTH}" height="250" fill="#ffffff"/>
{timeline_row(34, first, said)}
{row(114, title, source, known)}
{timeline_row(194, second, said)}
</svg>
"""


if __name__ == "__main__":
    (ROOT / "docs" / "recut.svg").write_text(picture(), encoding="utf-8")
