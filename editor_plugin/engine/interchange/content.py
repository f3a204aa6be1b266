"""Reading the content of timeline files, up to a size."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from editor_plugin.engine.interchange.draft import Unreadable

LARGEST = 128 * 1024 * 1024
"""Bytes; a feature film's timeline has a few million."""


def content(path: Path) -> bytes:
    """The bytes of a file. Raises Unreadable where there are more than LARGEST, and OSError."""
    with path.open("rb") as file:
        return read_all(file)


def read_all(file: IO[bytes]) -> bytes:
    """The bytes of an open file, as in `content`, whatever a packed file says of its size."""
    found = file.read(LARGEST + 1)
    if len(found) > LARGEST:
        raise Unreadable(f"it is larger than {LARGEST // 1024 // 1024} MB")
    return found
