"""OpenTimelineIO's own formats: .otio, and .otioz and .otiod with the media inside."""

from __future__ import annotations

import json
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Any

import opentimelineio as otio

from editor_plugin.engine.interchange.draft import Draft, TimelineFormat, Unreadable
from editor_plugin.engine.interchange.otio_mapping import RESOLVE, OtioRemarks, to_draft
from editor_plugin.engine.interchange.surroundings import Surroundings

_LOOKED_AT = frozenset((RESOLVE, "tracks", "children", "effects", "markers", "media_references"))
"""The keys of objects that are inspected; most objects have none of them."""

CONTENT = "content.otio"
"""The timeline in an .otioz or .otiod."""
LARGEST = 512 * 1024 * 1024
"""Bytes of a packed timeline; a feature film has a few million."""


def read_otio(path: Path, around: Surroundings) -> Draft:
    """Read an .otio file."""
    return draft_of(path.read_text(encoding="utf-8-sig"), around)


def read_otioz(path: Path, around: Surroundings) -> Draft:
    """Read an .otioz file: a zip archive whose media must be unpacked before they can be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            if CONTENT not in archive.namelist():
                raise Unreadable(f"there is no {CONTENT} in it")
            if archive.getinfo(CONTENT).file_size > LARGEST:
                raise Unreadable(f"its {CONTENT} is too large")
            text = archive.read(CONTENT).decode("utf-8-sig")
            packed = sum(PurePosixPath(name).parts[:1] == ("media",) for name in archive.namelist())
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Unreadable(f"it is damaged, or no packed timeline ({error})") from None
    draft = draft_of(text, around)
    if packed:
        draft.notes.append(
            f"“{path.name}” contains its media; unpack it in its folder, so that Recue can read "
            "them."
        )
    return draft


def read_otiod(path: Path, around: Surroundings) -> Draft:
    """Read an .otiod folder, whose media lie in it."""
    return draft_of((path / CONTENT).read_text(encoding="utf-8-sig"), around)


def draft_of(text: str, around: Surroundings) -> Draft:
    """Return the draft of the first timeline in OpenTimelineIO's JSON."""
    try:
        remarks = _remarks(text)
        found = otio.adapters.read_from_string(text, "otio_json")
    # OpenTimelineIO reports a wrong field by any of these (json.JSONDecodeError is a ValueError).
    except (KeyError, ValueError, otio.exceptions.OTIOError) as error:
        raise Unreadable(f"it is damaged, or no OpenTimelineIO file ({error})") from None
    if isinstance(found, otio.schema.SerializableCollection):
        found = next(iter(found.find_children(descended_from_type=otio.schema.Timeline)), None)
    if not isinstance(found, otio.schema.Timeline):
        raise Unreadable("there is no timeline in it")
    return to_draft(found, around.rate, remarks)


def _remarks(text: str) -> OtioRemarks:
    """The remarks on a text's objects. Raises Unreadable for null in place of an object, on which
    OpenTimelineIO crashes. Reading the text with `json` first also stops endless nesting."""
    retimes = resolve = False

    def inspect(tree: dict[str, Any]) -> dict[str, Any]:
        nonlocal retimes, resolve
        if not _LOOKED_AT.isdisjoint(tree):
            _check(tree)
            retimes = retimes or bool(tree.get("effects"))
            resolve = resolve or RESOLVE in tree
        return tree

    json.loads(text, object_hook=inspect)
    return OtioRemarks(retimes, resolve)


def _check(tree: dict[str, Any]) -> None:
    objects = [tree["tracks"]] if "tracks" in tree else []
    for key in ("children", "effects", "markers"):
        objects += tree.get(key) or []
    objects += (tree.get("media_references") or {}).values()
    if not all(isinstance(each, dict) and "OTIO_SCHEMA" in each for each in objects):
        raise Unreadable("it is damaged: something in it is null that must not be")


FORMATS = (
    TimelineFormat(".otio", read_otio),
    TimelineFormat(".otioz", read_otioz),
    TimelineFormat(".otiod", read_otiod, is_folder=True),
)
