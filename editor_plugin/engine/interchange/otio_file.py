"""OpenTimelineIO's own files: .otio, and .otioz and .otiod with the media inside."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

import opentimelineio as otio

from editor_plugin.core.errors import TimelineUnreadable
from editor_plugin.engine.interchange.draft import Draft
from editor_plugin.engine.interchange.otio_mapping import to_draft
from editor_plugin.engine.interchange.surroundings import Surroundings

LARGEST = 512 * 1024 * 1024
"""Bytes of a packed timeline; a feature film has a few million."""


def read_otio(path: Path, around: Surroundings) -> Draft:
    """Read an .otio file. Raises TimelineUnreadable, or an error of OpenTimelineIO."""
    return _draft(path, path.read_text(encoding="utf-8-sig"), around)


def read_otioz(path: Path, around: Surroundings) -> Draft:
    """Read an .otioz file: a zip archive whose media must be unpacked before they can be read."""
    with zipfile.ZipFile(path) as archive:
        if archive.getinfo("content.otio").file_size > LARGEST:
            raise TimelineUnreadable(str(path), "its content.otio is too large")
        draft = _draft(path, archive.read("content.otio").decode("utf-8-sig"), around)
        packed = sum(PurePosixPath(name).parts[0] == "media" for name in archive.namelist())
    if packed:
        draft.notes.append(
            f"“{path.name}” has its media packed inside; unpack it beside itself, so that they "
            "can be read."
        )
    return draft


def read_otiod(path: Path, around: Surroundings) -> Draft:
    """Read an .otiod folder, whose media lie in it."""
    return _draft(path, (path / "content.otio").read_text(encoding="utf-8-sig"), around)


def timeline_in(found: Any) -> Any | None:
    """Return the first timeline in what an adapter of OpenTimelineIO read."""
    if isinstance(found, otio.schema.Timeline):
        return found
    if isinstance(found, otio.schema.SerializableCollection):
        timelines = found.find_children(descended_from_type=otio.schema.Timeline)
        return next(iter(timelines), None)
    return None


def _draft(path: Path, text: str, around: Surroundings) -> Draft:
    json.loads(text)  # says better than OTIO what is wrong, and stops at endless nesting
    timeline = timeline_in(otio.adapters.read_from_string(text, "otio_json"))
    if timeline is None:
        raise TimelineUnreadable(str(path), "there is no timeline in it")
    return to_draft(timeline, around.rate)
