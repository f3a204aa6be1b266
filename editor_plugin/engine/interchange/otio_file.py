"""OpenTimelineIO's own formats: .otio, and .otioz and .otiod with the media inside."""

from __future__ import annotations

import json
import zipfile
import zlib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import Any

from editor_plugin.engine.interchange.content import content, read_all
from editor_plugin.engine.interchange.draft import Draft, TimelineFormat, Unreadable

RESOLVE = "Resolve_OTIO"
"""The name of DaVinci Resolve's metadata in an item."""

_LOOKED_AT = frozenset((RESOLVE, "tracks", "children", "effects", "markers", "media_references"))
"""The keys of objects that are inspected; most objects have none of them."""

CONTENT = "content.otio"
"""The timeline in an .otioz or .otiod."""


@dataclass(frozen=True)
class OtioRemarks:
    """Whether anything in a timeline has effects, and whether it has metadata of DaVinci Resolve:
    to ask each clip for them takes OpenTimelineIO longer than everything else."""

    effects: bool = True
    resolve: bool = True


UNKNOWN = OtioRemarks()
"""Where nobody has looked: everything may be there."""


def read_otio(path: Path, rate: Fraction | None = None) -> Draft:
    """Read an .otio file."""
    return draft_of(content(path).decode("utf-8-sig"), rate)


def read_otioz(path: Path, rate: Fraction | None = None) -> Draft:
    """Read an .otioz file: a zip archive whose media must be unpacked before they can be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            if CONTENT not in archive.namelist():
                raise Unreadable(f"there is no {CONTENT} in it")
            with archive.open(CONTENT) as file:
                text = read_all(file).decode("utf-8-sig")
            packed = sum(PurePosixPath(name).parts[:1] == ("media",) for name in archive.namelist())
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise Unreadable(f"it is damaged, or no packed timeline ({error})") from None
    draft = draft_of(text, rate)
    if packed:
        draft.notes.append(
            f"“{path.name}” contains its media; unpack it in its folder, so that Recue can read "
            "them."
        )
    return draft


def read_otiod(path: Path, rate: Fraction | None = None) -> Draft:
    """Read an .otiod folder, whose media lie in it."""
    return draft_of(content(path / CONTENT).decode("utf-8-sig"), rate)


def draft_of(text: str, rate: Fraction | None = None) -> Draft:
    """Return the draft of the first timeline in OpenTimelineIO's JSON."""
    import opentimelineio as otio

    from editor_plugin.engine.interchange.otio.mapping import to_draft

    try:
        remarks = _remarks(text)
        # As its adapter does it, but without a search for everybody's adapters in all packages.
        found = otio.core.deserialize_json_from_string(text)
    # OpenTimelineIO reports a wrong field by any of these (json.JSONDecodeError is a ValueError).
    except (KeyError, ValueError, otio.exceptions.OTIOError) as error:
        raise Unreadable(f"it is damaged, or no OpenTimelineIO file ({error})") from None
    if isinstance(found, otio.schema.SerializableCollection):
        found = next(iter(found.find_children(descended_from_type=otio.schema.Timeline)), None)
    if not isinstance(found, otio.schema.Timeline):
        raise Unreadable("there is no timeline in it")
    return to_draft(found, rate, remarks)


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
