"""Keeping Recue's folders and files from the other users of the computer.

They hold what people said, and the token of the engine. On Windows nothing is to be done:
%LOCALAPPDATA% is open to its user, the administrators and the system alone.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from editor_plugin.core.ownership import refuse_foreign

OWNER_ONLY = 0o700
"""The bits of a mode that may be set: a folder gets all of them, a file keeps those that it has."""
PROGRAMS = ("env", "plugin")
"""Folders that are not looked into: they hold tens of thousands of files, and no data."""
FOLDERS = ("cache", "demo", "logs", "models", "resolve")
KINDS = (".json", ".lock", ".new", ".sqlite", ".toml")
"""What is Recue's in a folder that may hold other things, too: these folders, and files of these
kinds. The modes of all others are their owner's business."""


def opener(path: str, flags: int) -> int:
    """Open a file that is for its owner alone where it is made: the `opener` of open()."""
    return os.open(path, flags, 0o600)


class PrivateLogFile(RotatingFileHandler):
    """A rotated log file that only its owner may read."""

    def _open(self) -> TextIOWrapper:
        return open(
            self.baseFilename, "a", encoding=self.encoding, errors=self.errors, opener=opener
        )


def make_private(folder: Path, mixed: bool = False) -> None:
    """Create a folder, with those above it, and close it and what is in it to other users; with
    `mixed` only what is Recue's in it. Raises OSError where it cannot be created, and OwnerForeign
    where it, or a file of Recue's in it, belongs to another user.

    In a folder that was closed already the files beneath its subfolders are out of reach, so they
    are not looked for.
    """
    refuse_foreign(folder)
    folder.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
    if os.name != "posix":
        return
    was_open = is_open_to_others(folder)
    _narrow(folder)
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                if not mixed or any(kind in entry.name for kind in KINDS):
                    refuse_foreign(Path(entry.path))
                    _narrow(Path(entry.path))
            elif was_open and entry.name not in PROGRAMS and (not mixed or entry.name in FOLDERS):
                for path in _tree(Path(entry.path)):
                    _narrow(path)


def is_open_to_others(path: Path) -> bool:
    """Whether the modes let other users read or change a file or folder."""
    return os.name == "posix" and bool(path.stat().st_mode & 0o077)


def _narrow(path: Path) -> None:
    """Take everybody else's rights away, where the disk has modes at all; exFAT has none."""
    with suppress(OSError):
        found = path.lstat().st_mode
        if found & 0o077 and not stat.S_ISLNK(found):
            path.chmod(stat.S_IMODE(found) & OWNER_ONLY)


def _tree(folder: Path) -> Iterator[Path]:
    for parent, _folders, files in os.walk(folder):
        yield Path(parent)
        yield from (Path(parent, each) for each in files)
