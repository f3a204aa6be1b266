"""Avid's Advanced Authoring Format (.aaf), through OpenTimelineIO's adapter."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import IO

from editor_plugin.engine.interchange.draft import Draft, TimelineFormat, Unreadable

_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
"""The first bytes of every structured storage file, which AAF is."""
_HEAD = 512
_NO_SECTOR = 0xFFFFFFFA
"""From here on, a sector's number says that there is none."""


def read_aaf(path: Path, rate: Fraction | None = None) -> Draft:
    """Read an .aaf file."""
    with path.open("rb") as file:
        _check(file, path.stat().st_size)
    import opentimelineio as otio

    from editor_plugin.engine.interchange.otio.mapping import to_draft

    found = otio.adapters.read_from_file(str(path), "AAF")
    if not isinstance(found, otio.schema.Timeline):
        raise Unreadable("there is no timeline in it")
    return to_draft(found, rate)


def _check(file: IO[bytes], size: int) -> None:
    """Raise Unreadable for what is no AAF file, and for a chain of sectors without an end, which
    the library would follow for ever."""
    head = file.read(_HEAD)
    if not head.startswith(_MAGIC) or len(head) < _HEAD:
        raise Unreadable("it is no AAF file")
    sector_size = 1 << min(int.from_bytes(head[30:32], "little"), 16)
    sector = int.from_bytes(head[68:72], "little")
    left = size // sector_size
    while sector < _NO_SECTOR:
        left -= 1
        if left < 0:
            raise Unreadable("its sectors refer to each other in a loop")
        file.seek((sector + 2) * sector_size - 4)  # the header takes a sector's room
        sector = int.from_bytes(file.read(4).ljust(4, b"\xff"), "little")


FORMATS = (TimelineFormat(".aaf", read_aaf),)
