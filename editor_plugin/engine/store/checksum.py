"""Checksums of the texts in the store, which detect flipped bytes.

SQLite detects damage to its own structure only. A text without a checksum, from an earlier version
of Recue, is accepted as it is.
"""

from __future__ import annotations

import zlib

_MARK = "\n"
"""Not in the JSON that Recue writes, which is one line."""


def with_checksum(text: str, *about: int) -> str:
    """The text with its checksum, which includes the numbers of its row."""
    return f"{text}{_MARK}{_checksum(text, about)}"


def without_checksum(text: str, *about: int) -> str:
    """The text without its checksum. Raises ValueError where that is wrong."""
    content, mark, checksum = text.rpartition(_MARK)
    if not mark:
        return text
    if checksum != _checksum(content, about):
        raise ValueError("a text with a wrong checksum")
    return content


def _checksum(text: str, about: tuple[int, ...]) -> str:
    start = zlib.crc32(repr(about).encode())
    return f"{zlib.crc32(text.encode('utf-8', 'surrogatepass'), start):08x}"
