"""Where on this computer a user would look for media."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase

import platformdirs
import psutil

from editor_plugin.engine.store import Database

MOST_RECENT = 6
_USERS: tuple[tuple[str, Callable[[], Path]], ...] = (
    ("desktop", platformdirs.user_desktop_path),
    ("documents", platformdirs.user_documents_path),
    ("downloads", platformdirs.user_downloads_path),
    ("movies", platformdirs.user_videos_path),
    ("music", platformdirs.user_music_path),
)
_MOUNTED = ("/media/", "/mnt/", "/run/media/", "/Volumes/")
_SYSTEM = (
    *("/boot", "/dev", "/etc", "/nix", "/private", "/proc", "/run", "/snap", "/sys", "/System"),
    *("/tmp", "/usr", "/var"),
)


@dataclass(frozen=True)
class MediaPlace:
    """`kind` is home, desktop, documents, downloads, movies, music, volume or recent."""

    name: str
    path: str
    kind: str


def places(database: Database, without: Path) -> list[MediaPlace]:
    """The user's folders, the drives, and where media came from last, each once. Nothing is looked
    into, so that no drive is waited for. `without` is the folder of the uploads."""
    found: dict[str, MediaPlace] = {}
    for place in (*_home(), *_volumes(), *_recent(database, without)):
        found.setdefault(place.path, place)
    return list(found.values())


def _home() -> Iterator[MediaPlace]:
    with suppress(RuntimeError):
        home = Path.home()
        yield MediaPlace(home.name or str(home), str(home), "home")
        for kind, path_of in _USERS:
            path = path_of()
            if path != home:  # a user may have switched one off by that
                yield MediaPlace(path.name, str(path), kind)


def _volumes() -> Iterator[MediaPlace]:
    if sys.platform == "win32":
        import ctypes

        drives = windows_drives(ctypes.windll.kernel32.GetLogicalDrives())
        return (MediaPlace(drive[:2], drive, "volume") for drive in drives)
    mounts = [each.mountpoint for each in psutil.disk_partitions(all=True)]
    physical = {each.mountpoint for each in psutil.disk_partitions()}
    return (
        MediaPlace(Path(path).name or path, path, "volume") for path in volumes(mounts, physical)
    )


def windows_drives(mask: int) -> list[str]:
    """The roots of the drives in the mask of GetLogicalDrives: bit 0 is A."""
    return [f"{letter}:\\" for bit, letter in enumerate(ascii_uppercase) if mask >> bit & 1]


def volumes(mounts: Iterable[str], physical: Iterable[str]) -> list[str]:
    """The root, and those mount points that are drives to a user: where systems mount what is
    plugged in or connected, and disks in any place that is not the system's."""
    disks = set(physical)
    chosen = {
        path
        for path in mounts
        if path.startswith(_MOUNTED)
        or (path in disks and not any(f"{path}/".startswith(f"{each}/") for each in _SYSTEM))
    }
    return ["/", *sorted(chosen - {"/"})]


def _recent(database: Database, without: Path) -> Iterator[MediaPlace]:
    rows = database.read("SELECT path FROM place ORDER BY media DESC LIMIT 200")
    folders = dict.fromkeys(Path(row[0]).parent for row in rows)
    outside = [each for each in folders if without not in each.parents]
    return (
        MediaPlace(each.name or str(each), str(each), "recent") for each in outside[:MOST_RECENT]
    )
