"""Corrections from an edited subtitle file, whose provenance is found in the store."""

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
from editor_plugin.engine.store.outputs import provenance_at, provenance_by_name

_KEPT = re.compile(r"\.kept-\d+$")
"""The suffix that `engine.export.files` gives an edited file which it sets aside."""


@dataclass(frozen=True)
class EditedFile:
    """An edited subtitle file. `of` is the file that Recue wrote, where its name was another;
    `encoding` is the user's choice for a file that does not declare its own."""

    path: Path
    of: Path | None = None
    encoding: str | None = None


def correct_file(database: Database, edited: EditedFile, dry_run: bool = False) -> Report:
    """Keep the changes in a subtitle file. Raises as `read_subtitles` and `correct` do, and
    CorrectionUnknown."""
    read = read_subtitles(edited.path, edited.encoding)
    made = made_for(database, edited.path, edited.of, read)
    markup = any(each.kind == "markup" for each in read.findings)
    edit = Edit(read.cues, str(edited.path.absolute()), markup)
    return correct(database, edit, made, dry_run)


def made_for(database: Database, path: Path, of: Path | None, read: Read) -> bytes:
    """The provenance of a file, found by its path, else by its name; of several with that name, the
    one that it has most words in common with. Raises CorrectionUnknown."""
    named = of or path
    at_its_place = provenance_at(database, named)
    if at_its_place is not None:
        return at_its_place
    found = provenance_by_name(database, _KEPT.sub("", named.stem) + named.suffix)
    if not found:
        raise CorrectionUnknown(str(named))
    if not found[1:]:
        return found[0]
    return max(found, key=lambda made: difference(read_made(made), read.cues).common)
