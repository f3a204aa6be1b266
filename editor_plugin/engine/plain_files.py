"""Reading files that a user or a request names: plain ones, and no more of them than is sensible.

A pipe without a writer would be waited for without end, and a device may have no end.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

LARGEST_SETTINGS = 256 * 1024
"""Bytes. Far more than every setting and its comment."""


class NotPlain(OSError):
    """Not a plain file, or too large; `strerror` says which, as “it is a folder”."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(errno.EINVAL, reason, str(path))


def refuse_special(path: Path) -> None:
    """Raise NotPlain where the path is of something else than a plain file, and OSError where it
    cannot be known. Nothing is opened."""
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        raise NotPlain(path, _reason(mode))


def open_plain(path: Path) -> BinaryIO:
    """A plain file, open for reading. Raises NotPlain where it is none, and OSError where it cannot
    be read. Never waits for another program."""
    refuse_special(path)
    # Not to wait where another program has put a pipe there meanwhile.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    file = os.fdopen(handle, "rb")
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        file.close()
        raise NotPlain(path, _reason(mode))
    return file


def read_plain(path: Path, largest: int) -> bytes:
    """The content of a plain file. Raises NotPlain where it is none, or has more than `largest`
    bytes, and OSError where it cannot be read. Never waits for another program."""
    with open_plain(path) as file:
        content = file.read(largest + 1)
    if len(content) > largest:
        limit = f"{largest >> 20} MB" if largest >= 1 << 20 else f"{largest >> 10} KB"
        raise NotPlain(path, f"it is larger than {limit}")
    return content


def _reason(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "it is a folder, not a file"
    if stat.S_ISFIFO(mode):
        return "it is a pipe, not a file"
    if stat.S_ISSOCK(mode):
        return "it is a socket, not a file"
    return "it is a device, not a file"
