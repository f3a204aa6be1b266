"""The search for a timeline's media on this machine."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

DEPTH = 6
"""How many sub-folders deep a file is looked for by its name."""

MOST_FILES = 50_000
"""How many files are searched in all; a whole drive is no media folder."""

_MEDIA_SUFFIX = re.compile(
    r"\.(aac|aiff?|avi|braw|bwf|caf|dv|flac|m2ts|m4[av]|mk[av]|mov|mp[34]|mpg|mts|mxf|ogg|opus|r3d"
    r"|ts|wav|webm|wm[av])",
    re.IGNORECASE,
)
# Where a timeline gives a name without its suffix, only files with one of these are found.
_DRIVE = re.compile(r"/?[A-Za-z]:[\\/]")


class MediaSearch:
    """Finds files: at the path in the timeline, relative to the timeline, then by name. By name,
    `folders` are searched first, then the folder of the timeline, with sub-folders. Of several
    files with the name, the one whose folders match the wanted path best is found; none where two
    match equally.

    On Windows, to look at a path on another machine sends the user's name and password's hash
    there. So a machine is left alone unless the user named a place on it, as that of the timeline
    or in `folders`; `untouched` has those that were left alone."""

    def __init__(
        self,
        timeline: Path,
        folders: Sequence[Path] = (),
        windows: bool = sys.platform == "win32",
    ) -> None:
        self.home = timeline.absolute().parent
        self.folders = tuple(folders)
        self.untouched: set[str] = set()
        self._windows = windows
        self._asked = {_machine(str(each)) for each in (timeline.absolute(), *self.folders)}
        self._there: dict[str, Path | None] = {}

    def find(self, wanted: Sequence[str]) -> Path | None:
        """Return the file of the first of these paths, URLs or names that has one."""
        for each in wanted:
            if each not in self._there:
                self._there[each] = self._direct(each)
            there = self._there[each]
            if there is not None:
                return there
        for path in (path for each in wanted for path in local_paths(each)):
            for place in self._by_name:
                found = _best(path, place.get(_key(_name(path)), []))
                if found:
                    return found
        return None

    def _direct(self, wanted: str) -> Path | None:
        for path in local_paths(wanted):
            machine = _machine(path) if self._windows else ""
            if machine and machine not in self._asked:
                self.untouched.add(machine)
                continue
            # Joining leaves a path unchanged that is absolute on this system.
            if is_file(self.home / path):
                return Path(os.path.normpath(self.home / path))
        return None

    @cached_property
    def _by_name(self) -> list[dict[str, list[Path]]]:
        return [_names(folder) for folder in (*self.folders, self.home)]


def local_paths(url: str) -> Iterator[str]:
    """Yield the paths that a URL or path can mean, the likeliest first: of file URLs with and
    without a host, Windows drives and shares, percent-encoding, and paths that only look encoded.
    """
    scheme, separator, rest = url.partition("://")
    if separator and scheme.lower() == "file":
        host, slash, path = rest.partition("/")
        if host.lower() in ("", "localhost"):
            url = slash + path
        elif re.fullmatch("[A-Za-z]:", host):
            url = host + slash + path
        else:
            url = f"//{host}{slash}{path}"
        candidates = [unquote(url), url]
    elif url.lower().startswith("file:"):
        candidates = [unquote(url[5:]), url[5:]]
    elif separator:
        # Not on this machine (http, s3); its name may be.
        candidates = [unquote(rest.partition("?")[0]).rpartition("/")[2]]
    else:
        candidates = [url, unquote(url)]
    for path in dict.fromkeys(candidates):
        if path and "\0" not in path:
            yield path.removeprefix("/") if _DRIVE.match(path) else path


def _machine(path: str) -> str:
    """The other machine, or the device, that a path means on Windows; empty where it is of this
    one. A path of another machine begins with two slashes of either kind."""
    slashes = path.replace("\\", "/")
    if slashes[:4] == "/??/":
        slashes = "//?/" + slashes[4:]
    if not slashes.startswith("//"):
        return ""
    parts = [part for part in slashes.lower().split("/") if part]
    if parts[:2] in (["?", "unc"], [".", "unc"]):
        parts = parts[2:]
    # A host can have a port or a protocol behind it, as in “host@80”.
    return parts[0].partition("@")[0] if parts else "?"


def is_file(path: Path) -> bool:
    """Whether the path is a file; an impossible path is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _parts(path: str) -> list[str]:
    return [_key(part) for part in PurePosixPath(path.replace("\\", "/")).parts]


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def _key(name: str) -> str:
    # macOS decomposes accents in file names; Windows and macOS ignore case.
    return unicodedata.normalize("NFC", name).casefold()


def _names(folder: Path) -> dict[str, list[Path]]:
    names: dict[str, list[Path]] = {}
    seen = 0
    for here, below, files in os.walk(folder):
        below.sort()
        if here.removeprefix(str(folder)).count(os.sep) >= DEPTH:
            below.clear()
        for name in sorted(files):
            path = Path(here, name)
            names.setdefault(_key(name), []).append(path)
            if _MEDIA_SUFFIX.fullmatch(path.suffix):
                names.setdefault(_key(path.stem), []).append(path)
        seen += len(files)
        if seen > MOST_FILES:
            break
    return names


def _best(wanted: str, found: list[Path]) -> Path | None:
    def agreement(path: Path) -> int:
        pairs = zip(reversed(_parts(wanted)[:-1]), reversed(_parts(str(path))[:-1]), strict=False)
        return next((n for n, (one, two) in enumerate(pairs) if one != two), len(found))

    ranked = sorted(found, key=agreement, reverse=True)
    if len(ranked) > 1 and agreement(ranked[0]) == agreement(ranked[1]):
        return None
    return ranked[0] if ranked else None
