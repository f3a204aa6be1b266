"""What is in a folder: its folders, media and timelines."""

from __future__ import annotations

import os
import re
import stat
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any

from editor_plugin.core.errors import FolderUnreadable
from editor_plugin.core.printable import printable
from editor_plugin.engine.interchange import FOLDER_SUFFIXES, TIMELINE_SUFFIXES
from editor_plugin.engine.media.forms import MEDIA_SUFFIXES

FOLDER, MEDIA, TIMELINE = "folder", "media", "timeline"
MOST_ENTRIES = 2000
"""That are told; a text narrows them down."""
MOST_LOOKED_AT = 200_000
"""Entries of a folder, of whatever kind: half a second of a local disk."""


@dataclass(frozen=True)
class FolderEntry:
    """`size` is in bytes, None of a folder; `modified` is an ISO 8601 time, None of no year."""

    name: str
    path: str
    kind: str
    size: int | None
    modified: str | None


@dataclass(frozen=True)
class FolderListing:
    """Folders first, then files, both in natural order. `more`: there are others. `notes` are
    sentences on what cannot be chosen."""

    folder: str
    parent: str | None
    entries: tuple[FolderEntry, ...]
    more: bool = False
    notes: tuple[str, ...] = ()


def list_folder(folder: Path, like: str = "") -> FolderListing:
    """What of a folder, given by its absolute path, the user may read and Recue can use: folders,
    media and timelines with `like` in their name, of any case. Hidden ones are left out, and links
    that lead back to where one is. Raises FolderUnreadable."""
    wanted = _plain(like)
    found: list[tuple[str, os.DirEntry[str]]] = []
    strange: list[str] = []
    more = False
    try:
        with os.scandir(folder) as entries:
            for number, entry in enumerate(entries):
                if number >= MOST_LOOKED_AT:
                    more = True
                    break
                if wanted not in _plain(entry.name):
                    continue
                kind = _kind(entry)
                if kind is None or _is_hidden(entry):
                    continue
                if _is_text(entry.name):
                    found.append((kind, entry))
                else:
                    strange.append(entry.name)
    except (OSError, ValueError) as error:
        raise FolderUnreadable(str(folder), _reason(error)) from None
    found.sort(key=lambda each: (each[0] != FOLDER, natural_key(each[1].name)))
    above = set(_ancestors(folder))
    told = [_told(kind, entry, above) for kind, entry in found[:MOST_ENTRIES]]
    return FolderListing(
        str(folder),
        parent_of(folder),
        tuple(each for each in told if each is not None),
        more or len(found) > MOST_ENTRIES,
        tuple(_notes(strange)),
    )


def parent_of(folder: PurePath) -> str | None:
    """The folder above; None for the root of a system or drive."""
    return None if folder.parent == folder else str(folder.parent)


def natural_key(name: str) -> tuple[list[str | int], str]:
    """A key by which “take 2” comes before “take 10”, of any case."""
    # Texts and numbers alternate, so that only like is compared with like.
    parts: list[str | int] = [*re.split(r"(\d+)", _plain(name))]
    parts[1::2] = map(int, parts[1::2])
    return parts, name


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _kind(entry: os.DirEntry[str]) -> str | None:
    """What an entry is, by its name and by what lies behind a link; None for all others."""
    suffix = os.path.splitext(entry.name)[1].lower()
    try:
        if entry.is_dir():
            return TIMELINE if suffix in FOLDER_SUFFIXES else FOLDER
        if suffix in TIMELINE_SUFFIXES - FOLDER_SUFFIXES:
            return TIMELINE if entry.is_file() else None
        return MEDIA if suffix in MEDIA_SUFFIXES and entry.is_file() else None
    except OSError:  # a link in a circle
        return None


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return True
    if sys.platform not in ("win32", "darwin"):
        return False
    try:
        return has_hidden_mark(entry.stat(follow_symlinks=False))
    except OSError:
        return True


def has_hidden_mark(about: Any) -> bool:
    """Whether a stat result has the mark by which Windows or macOS hides a file."""
    marks = stat.FILE_ATTRIBUTE_HIDDEN | stat.FILE_ATTRIBUTE_SYSTEM
    return bool(
        getattr(about, "st_file_attributes", 0) & marks
        or getattr(about, "st_flags", 0) & stat.UF_HIDDEN
    )


def _is_text(name: str) -> bool:
    """Whether a name is text: on Linux it may be of any bytes, and no job could have it."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _ancestors(folder: Path) -> Iterator[tuple[int, int]]:
    """What tells the folder, and each above it, from all others."""
    for path in (folder, *folder.parents):
        with suppress(OSError):
            about = path.stat()
            yield about.st_dev, about.st_ino


def _told(kind: str, entry: os.DirEntry[str], above: set[tuple[int, int]]) -> FolderEntry | None:
    """An entry as it is told; None where it vanished, may not be read, or leads back."""
    is_folder = kind == FOLDER
    try:
        about = os.stat(entry.path)
    except OSError:
        return None
    if not os.access(entry.path, os.R_OK | (os.X_OK if stat.S_ISDIR(about.st_mode) else 0)):
        return None
    if is_folder and (about.st_dev, about.st_ino) in above:
        return None
    size = None if stat.S_ISDIR(about.st_mode) else about.st_size
    return FolderEntry(entry.name, entry.path, kind, size, _time(about.st_mtime))


def _time(seconds: float) -> str | None:
    try:
        return datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        return None


def _notes(names: list[str]) -> Iterator[str]:
    if names:
        shown = ", ".join(f"“{printable(name)}”" for name in sorted(names)[:3])
        which = f"{shown} and others" if len(names) > 3 else shown
        if len(names) == 1:
            yield f"{which} has a name that is not written in UTF-8; rename it to choose it."
        else:
            yield f"{which} have names that are not written in UTF-8; rename them to choose them."


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "it is not there"
    if isinstance(error, NotADirectoryError):
        return "it is a file"
    if isinstance(error, PermissionError):
        return "you may not read it"
    return (isinstance(error, OSError) and error.strerror) or "its name is none of a folder"
