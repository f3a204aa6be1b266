"""Checks of the paths in a request.

The sender has the token, and so is the user or the user's editor. These rules prevent mistakes and
paths on which an engine would hang: a pipe without a writer, a device without an end, a name that
Windows takes for a printer.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from editor_plugin.core.errors import (
    MediaMissing,
    MediaUnreadable,
    OutputUnwritable,
    RequestRefused,
    SettingsInvalid,
)
from editor_plugin.core.jobs.request import JobRequest, Order, OutputFile
from editor_plugin.core.timeline import Timeline
from editor_plugin.engine.export import WRITERS
from editor_plugin.engine.interchange import FOLDER_SUFFIXES
from editor_plugin.engine.plain_names import DEVICE

SYSTEM_FOLDERS = ("/dev", "/proc", "/sys")
SHARED_MEMORY = "/dev/shm"


def refuse_paths(request: JobRequest, windows: bool = sys.platform == "win32") -> None:
    """Raise where a path of a request must not be used, or an output cannot be written.
    RequestRefused for what is never allowed; MediaMissing, MediaUnreadable, OutputUnwritable and
    SettingsInvalid for what the user can correct. In a request with many orders, missing files are
    left to the run, so that the other orders are processed."""
    for chosen in (request.options.style, request.options.model):
        if chosen and Path(chosen).suffix:
            refuse_name(chosen, windows)
    left = (MediaMissing, MediaUnreadable, OutputUnwritable) if request.orders[1:] else ()
    for order in request.orders:
        with contextlib.suppress(*left):
            _refuse_order(order, windows)


def _refuse_order(order: Order, windows: bool) -> None:
    for folder in order.options.media_folders:
        refuse_name(str(folder), windows)
        mode = _mode(str(folder))
        if mode is not None and not stat.S_ISDIR(mode):
            raise SettingsInvalid("a folder of media", str(folder), "a folder")
    for path in _media(order.timeline):
        _refuse_media(path, windows)
    for output in order.outputs:
        refuse_name(str(output.path), windows)
    if order.timeline is None:
        _refuse_input(str(order.input), windows)
    for output in order.outputs:
        _refuse_output(output, windows)


def refuse_name(path: str, windows: bool) -> None:
    """Raise RequestRefused for devices and system files."""
    slashes = path.replace("\\", "/")
    if windows and (slashes.startswith(("//./", "//?/", "/??/")) or _names_device(slashes)):
        raise RequestRefused(f"“{path}” is a device")
    real = os.path.realpath(path)
    inside = any(real == each or real.startswith(each + "/") for each in SYSTEM_FOLDERS)
    if not windows and inside and not real.startswith(SHARED_MEMORY + "/"):
        raise RequestRefused(f"“{path}” belongs to the system")


def _names_device(path: str) -> bool:
    parts = [part.rstrip(" ") for part in path.split("/")]
    return any(DEVICE.fullmatch(part) for part in parts)


def _refuse_input(path: str, windows: bool) -> None:
    refuse_name(path, windows)
    mode = _mode(path)
    if mode is None:
        raise MediaMissing(path)
    if stat.S_ISDIR(mode):
        if not path.lower().endswith(tuple(FOLDER_SUFFIXES)):
            raise MediaUnreadable(path, "it is a folder")
    elif not stat.S_ISREG(mode):
        raise RequestRefused(f"“{path}” is not a file")


def _refuse_media(path: str, windows: bool) -> None:
    """Raise for the media of a snapshot; where it is missing, the result reports it."""
    mode = _mode(path) if os.path.isabs(path) and "\0" not in path else None
    if mode is not None:
        refuse_name(path, windows)
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise RequestRefused(f"“{path}” is not a file")


def _refuse_output(output: OutputFile, windows: bool) -> None:
    path, suffix = str(output.path), WRITERS[output.format].suffix
    if not output.named and not path.lower().endswith(suffix):
        raise SettingsInvalid("an output", path, f"a name that ends in {suffix}")
    mode = _mode(path)
    if mode is not None and not stat.S_ISREG(mode):
        raise OutputUnwritable(path, "it is a folder, or a device")
    parent = _mode(os.path.dirname(path))
    if parent is None or not stat.S_ISDIR(parent):
        raise OutputUnwritable(path, "the folder does not exist")


def _mode(path: str) -> int | None:
    """The mode of a file; None where there is none that can be read."""
    try:
        return Path(path).stat().st_mode
    except (OSError, ValueError):
        return None


def _media(timeline: Timeline | None) -> Iterator[str]:
    """The media paths of a snapshot."""
    for track in timeline.tracks if timeline is not None else ():
        for clip in track.clips:
            if clip.media is not None:
                yield clip.media.path
