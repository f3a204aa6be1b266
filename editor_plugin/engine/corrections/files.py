"""Finding out what an edited subtitle file was made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from editor_plugin.core.edits import difference
from editor_plugin.core.errors import CorrectionUnknown
from editor_plugin.engine.corrections.correcting import Edit, Report, correct
from editor_plugin.engine.corrections.provenance_file import read_made
from editor_plugin.engine.reading import Read, read_subtitles
from editor_plugin.engine.store.database import Database

_KEPT = re.compile(r"\.kept-\d+$")
"""How `engine.export.files` names an edited file that it put aside."""


@dataclass(frozen=True)
class EditedFile:
    """An edited subtitle file. `of` is the file that Recue wrote, where it went by another name;
    `encoding` is the user's choice for a file that does not tell its own."""

    path: Path
    of: Path | None = None
    encoding: str | None = None


def correct_file(database: Database, edited: EditedFile, dry_run: bool = False) -> Report:
    """Keep what was changed in a subtitle file.

    Raises as `read_subtitles` and `correct` do, and CorrectionUnknown.
    """
    read = read_subtitles(edited.path, edited.encoding)
    made = made_for(database, edited.path, edited.of, read)
    markup = any(each.kind == "markup" for each in read.findings)
    edit = Edit(read.cues, str(edited.path.absolute()), markup)
    return correct(database, edit, made, dry_run)


def made_for(database: Database, path: Path, of: Path | None, read: Read) -> bytes:
    """What a file was made of: by its place, else by its name; of several with that name, the one
    that it has most words in common with. Raises CorrectionUnknown."""
    named = of or path
    rows = database.read(
        "SELECT made FROM output WHERE path = ? AND made IS NOT NULL", (str(named.absolute()),)
    )
    contents = [bytes(row[0]) for row in rows or _by_name(database, _original(named))]
    if not contents:
        raise CorrectionUnknown(str(named))
    return max(contents, key=lambda each: _in_common(each, read)) if contents[1:] else contents[0]


def _by_name(database: Database, name: str) -> list[tuple[bytes]]:
    paths = database.read("SELECT path FROM output WHERE made IS NOT NULL ORDER BY path")
    found = [path for (path,) in paths if Path(path).name.casefold() == name.casefold()]
    return [
        row
        for path in found
        for row in database.read("SELECT made FROM output WHERE path = ?", (path,))
    ]


def _original(path: Path) -> str:
    return _KEPT.sub("", path.stem) + path.suffix


def _in_common(made: bytes, read: Read) -> float:
    return difference(read_made(made), read.cues).common
