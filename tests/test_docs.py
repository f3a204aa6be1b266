"""The documents name what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "benchmarks/*.md", "demo/*.md")
    for path in PROJECT.glob(pattern)
)
OLDER = {"CHANGELOG.md"}
"""What has been is told with the names of its time."""
FILES = (".lock", ".json", ".log")
ROOMS = ("core", "hosts", "client", "engine", "runner", "commands")
TOPS = ("docs", "tests", "scripts", "installer", "benchmarks", "demo", "editor_plugin")


def named(path: Path) -> list[str]:
    """What stands in single backquotes, outside of blocks of code."""
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.S)
    return re.findall(r"`([^`\n]+)`", text)


def is_there(dotted: str) -> bool:
    """Whether a dotted name below editor_plugin is a module, or something that one defines."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        path = PROJECT.joinpath("editor_plugin", *parts[:length])
        for file in (path.with_suffix(".py"), path / "__init__.py"):
            if file.exists():
                text = file.read_text(encoding="utf-8")
                return all(re.search(rf"\b{part}\b", text) for part in parts[length:])
    return False


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_link_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in local if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_file_and_name_of_ours_is_there(path: Path) -> None:
    if path.name in OLDER:
        return
    gone = []
    for name in named(path):
        if name.endswith(FILES):
            continue
        if re.fullmatch(r"[\w-]+(/[\w.-]+)+/?", name) and name.split("/")[0] in ROOMS + TOPS:
            if not any((folder / name).exists() for folder in (PROJECT, PROJECT / "editor_plugin")):
                gone.append(name)
        elif re.fullmatch(rf"({'|'.join(ROOMS)})(\.\w+)+", name) and not is_there(name):
            gone.append(name)
    assert gone == []


EDITOR_PAGES = {
    "obs": "editor_plugin/hosts/obs/*.py",
    "blender": "editor_plugin/hosts/blender/*.py",
    "resolve": "scripts/resolve/entries.json",
}
"""By page, the files with the labels that the editor shows."""


@pytest.mark.parametrize("editor", EDITOR_PAGES)
def test_the_page_of_an_editor_names_its_labels(editor: str) -> None:
    page = (PROJECT / "docs" / f"{editor}.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| ([A-Z][^|*]*?) \|", page, flags=re.M)
    if editor == "resolve":  # its first table is one of editions
        cells = cells[cells.index("Entry") :]
    labels = [
        label for cell in cells if cell not in ("Entry", "Button") for label in cell.split(", ")
    ]
    shown = "".join(path.read_text(encoding="utf-8") for path in PROJECT.glob(EDITOR_PAGES[editor]))
    assert labels
    assert [label for label in labels if f'"{label}"' not in shown] == []
