"""A text with its checksum, so that a byte that was flipped on the disk is noticed.

SQLite notices damage to its own structure, and none to what it holds. A text without a checksum,
as earlier versions of Recue wrote it, is taken as it is.
"""

from __future__ import annotations

import zlib

_MARK = "\n"
"""Stands in no JSON that Recue writes: it writes each on one line."""


def with_checksum(text: str, *about: int) -> str:
    """The text with a checksum of it and of the numbers that it belongs to."""
    return f"{text}{_MARK}{_checksum(text, about)}"


def without_checksum(text: str, *about: int) -> str:
    """The text without it. Raises ValueError where it is another one."""
    content, mark, checksum = text.rpartition(_MARK)
    if not mark:
        return text
    if checksum != _checksum(content, about):
        raise ValueError("a text that does not fit its checksum")
    return content


def _checksum(text: str, about: tuple[int, ...]) -> str:
    start = zlib.crc32(repr(about).encode())
    return f"{zlib.crc32(text.encode('utf-8', 'surrogatepass'), start):08x}"
