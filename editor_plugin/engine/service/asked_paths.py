"""The paths that a request names: which of them the engine will have to do with.

Who sends a request holds the token, and so is the user or the user's editor. These rules are
against mistakes and against what makes an engine hang: a pipe that nobody writes to, a device
without an end, a name that Windows takes for a printer.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import (
    MediaMissing,
    MediaUnreadable,
    OutputUnwritable,
    RequestRefused,
    SettingsInvalid,
)
from editor_plugin.engine.export import WRITERS
from editor_plugin.engine.interchange import FOLDER_SUFFIXES

SYSTEM_FOLDERS = ("/dev", "/proc", "/sys")
SHARED_MEMORY = "/dev/shm"
_WINDOWS_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\..*)?", re.I)


def refuse_paths(request: dict[str, Any], windows: bool = sys.platform == "win32") -> None:
    """Raise where a path of a request is not to be touched, or its output has no place to go.

    RequestRefused for what is never allowed; MediaMissing, MediaUnreadable, OutputUnwritable and
    SettingsInvalid for what the user can put right. In a request of many orders, what is missing
    or has no place is left to the run, so that it does not stop the others.
    """
    orders = request["orders"]
    left = (MediaMissing, MediaUnreadable, OutputUnwritable) if orders[1:] else ()
    for order in orders:
        with contextlib.suppress(*left):
            _refuse_order(order, windows)


def _refuse_order(order: dict[str, Any], windows: bool) -> None:
    for path in order.get("media_folders") or ():
        _refuse_name(path, windows)
    for path in _media(order.get("timeline")):
        _refuse_media(path, windows)
    outputs = order.get("outputs") or ()
    for output in outputs:
        _refuse_name(output["path"], windows)
    if order.get("input") is not None:
        _refuse_input(order["input"], windows)
    for output in outputs:
        _refuse_output(output, windows)


def _refuse_name(path: str, windows: bool) -> None:
    """Refuse what is not the plain absolute name of something on a disk."""
    if "\0" in path:
        raise RequestRefused("a path holds a zero character")
    if not os.path.isabs(path):
        raise RequestRefused(f"“{path}” does not tell its whole path")
    slashes = path.replace("\\", "/")
    if windows and (slashes.startswith(("//./", "//?/", "/??/")) or _names_device(slashes)):
        raise RequestRefused(f"“{path}” is a device")
    real = os.path.realpath(path)
    inside = any(real == each or real.startswith(each + "/") for each in SYSTEM_FOLDERS)
    if not windows and inside and not real.startswith(SHARED_MEMORY + "/"):
        raise RequestRefused(f"“{path}” belongs to the system")


def _names_device(path: str) -> bool:
    parts = [part.rstrip(" ") for part in path.split("/")]
    return any(_WINDOWS_DEVICE.fullmatch(part) for part in parts)


def _refuse_input(path: str, windows: bool) -> None:
    _refuse_name(path, windows)
    mode = _mode(path)
    if mode is None:
        raise MediaMissing(path)
    if stat.S_ISDIR(mode):
        if not path.lower().endswith(tuple(FOLDER_SUFFIXES)):
            raise MediaUnreadable(path, "it is a folder")
    elif not stat.S_ISREG(mode):
        raise RequestRefused(f"“{path}” is not a file")


def _refuse_media(path: str, windows: bool) -> None:
    """The media of a snapshot may be missing, and is then told in its result."""
    mode = _mode(path) if os.path.isabs(path) and "\0" not in path else None
    if mode is not None:
        _refuse_name(path, windows)
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise RequestRefused(f"“{path}” is not a file")


def _refuse_output(output: dict[str, Any], windows: bool) -> None:
    path, suffix = output["path"], WRITERS[output["format"]][0]
    if not output.get("named") and not path.lower().endswith(suffix):
        raise SettingsInvalid("an output", path, f"a name that ends in {suffix}")
    mode = _mode(path)
    if mode is not None and not stat.S_ISREG(mode):
        raise OutputUnwritable(path, "it is a folder, or a device")
    parent = _mode(os.path.dirname(path))
    if parent is None or not stat.S_ISDIR(parent):
        raise OutputUnwritable(path, "the folder does not exist")


def _mode(path: str) -> int | None:
    """What a path is; None where nothing is there that can be looked at."""
    try:
        return Path(path).stat().st_mode
    except (OSError, ValueError):
        return None


def _media(timeline: Any) -> Iterator[str]:
    """The media paths of a snapshot that was found to be one."""
    for track in timeline["tracks"] if timeline else ():
        for clip in track["clips"]:
            if clip["media"] is not None:
                yield str(clip["media"][0])
