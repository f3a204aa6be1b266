"""Killing a process with all its descendants.

They are found in three ways, since each alone misses some: by parent (a child that changed its
group), by process group (one whose parent has ended), and by a mark in the environment, which every
descendant inherits (one that has done both, as daemons do).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import uuid
from typing import Any

import psutil

MARK = "RECUE_RUNNER"
"""Environment variable; its value is unique to one runner."""

_GONE_SECONDS = 5.0
_POLL_SECONDS = 0.02


def new_mark() -> str:
    """A new, unique value for MARK."""
    return uuid.uuid4().hex


def own_group() -> dict[str, Any]:
    """Arguments of subprocess.Popen for a child that leads a group and has no console window."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def kill_tree(process: subprocess.Popen[bytes], mark: str) -> None:
    """Kill `process` and all processes with `mark`, and wait until they are gone. Never raises.
    They may be forking meanwhile, so they are searched again until none is left."""
    children = _children(process.pid) if process.poll() is None else []
    if process.poll() is None:
        _kill_group(process.pid)
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        process.kill()
        process.wait(_GONE_SECONDS)
    until = time.monotonic() + _GONE_SECONDS
    while doomed := [each for each in [*children, *_marked(mark)] if _runs(each)]:
        for each in doomed:
            with contextlib.suppress(psutil.Error, OSError):
                each.kill()
        if time.monotonic() > until:
            return
        time.sleep(_POLL_SECONDS)


def _children(pid: int) -> list[psutil.Process]:
    try:
        return list(psutil.Process(pid).children(recursive=True))
    except psutil.Error:
        return []


def _kill_group(pid: int) -> None:
    # Only while the leader has not been waited for: until then its id cannot be reused.
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)


def _marked(mark: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == mark:
                found.append(process)
    return found


def _runs(process: psutil.Process) -> bool:
    # A zombie does not run any more.
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False
