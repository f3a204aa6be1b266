"""Starting the engine as a process of its own, which outlives the editor that asked for it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, BinaryIO

from editor_plugin.core.environment import clean_environment
from editor_plugin.core.errors import EngineUnreachable, RecueError, from_wire
from editor_plugin.core.ownership import refuse_foreign
from editor_plugin.hosts.folders import own_folders, this_machine
from editor_plugin.hosts.interpreter import own_python
from editor_plugin.hosts.json_file import opener

LOG = "engine.log"
MOST_LOG_BYTES = 1_000_000


class StartedEngine(subprocess.Popen[bytes]):
    """The process of an engine that this program started and does not end."""

    def __del__(self) -> None:
        """Do nothing: Python's own method warns that the process still runs."""


_started: list[StartedEngine] = []
"""Engines that this program started: kept, so that those that ended can be reaped."""


def launch(python: str | None = None) -> StartedEngine:
    """Start an engine and return at once; it ends by itself where another one is running.

    `python` is the interpreter to be used, if not Recue's own. Raises EnvironmentBroken where there
    is no such interpreter, EngineUnreachable where it cannot be run, and OwnerForeign where the
    folders are another user's.
    """
    folders = own_folders(this_machine())
    chosen = own_python(python)
    _started[:] = [process for process in _started if process.poll() is None]
    try:
        for folder in (folders.data, folders.logs):
            refuse_foreign(folder)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        refuse_foreign(folders.logs / LOG)
        with _log(folders.logs / LOG) as log:
            process = _detached(chosen, folders.data, log)
    except OSError as error:
        raise EngineUnreachable(f"it cannot be started ({error.strerror or error})") from None
    _started.append(process)
    return process


def log_file() -> Path:
    """The engine's log file."""
    return own_folders(this_machine()).logs / LOG


def last_words() -> RecueError | None:
    """The error that the engine ended with, where it left one as the last line of its log."""
    try:
        with log_file().open("rb") as log:
            log.seek(max(log.seek(0, os.SEEK_END) - 65536, 0))
            line = log.read().splitlines()[-1]
        return from_wire(json.loads(line.decode("utf-8"))["error"])
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _detached(python: Path, folder: Path, log: BinaryIO) -> StartedEngine:
    # -P: the data folder, in which it runs, is no place to import from.
    command = [str(python), "-P", "-m", "editor_plugin.engine"]
    given: dict[str, Any] = {"cwd": folder, "env": _environ(python), "stdout": log, "stderr": log}
    given["stdin"] = subprocess.DEVNULL
    if sys.platform == "win32":
        # A hidden console instead of none: the environment's python.exe starts another python.exe,
        # and that one ffmpeg; without a console to inherit, each would open a window.
        flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        for more in (subprocess.CREATE_BREAKAWAY_FROM_JOB, 0):
            try:
                return StartedEngine(command, creationflags=flags | more, **given)
            except PermissionError:  # the editor's job object lets nobody out
                if not more:
                    raise
    return StartedEngine(command, start_new_session=True, **given)


def _environ(python: Path) -> dict[str, str]:
    """The environment of the engine: nothing in it of the Python that an editor brings along."""
    environ = clean_environment(os.environ)
    ours = Path(__file__).resolve().parents[2]
    # The plug-in's folder has no engine, and the environment finds its own package by itself.
    inside = python.absolute().parent.parent in ours.parents
    if (ours / "editor_plugin" / "engine").is_dir() and not inside:
        environ["PYTHONPATH"] = str(ours)
    return environ


def _log(path: Path) -> BinaryIO:
    """Open the log to be added to; one that has grown large becomes the last one."""
    with contextlib.suppress(OSError):  # on Windows, while another engine writes to it
        if path.stat().st_size > MOST_LOG_BYTES:
            path.replace(path.with_name(path.name + ".1"))
    return open(path, "ab", opener=opener)
