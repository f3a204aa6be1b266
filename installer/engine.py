"""Stopping the engine in the background before its files are replaced or removed."""

from __future__ import annotations

import contextlib
import time

from editor_plugin.client.calls import HttpCall, ask, is_there
from editor_plugin.core.errors import RecueError
from editor_plugin.core.handshake import ENGINE_FILE
from editor_plugin.hosts.engine_file import announced
from editor_plugin.hosts.folders import OwnFolders
from installer.setup import Say

GLANCE_SECONDS = 1.0
PATIENCE_SECONDS = 60.0
"""For the window in work: on a slow machine without a graphics card it may take so long."""


def stop_engine(folders: OwnFolders, say: Say) -> None:
    """Ask the engine of these folders to end, and wait for that. Its jobs are kept."""
    engine = announced(folders.data)
    if engine is None or not is_there(engine, GLANCE_SECONDS):
        return
    say("Stopping Recue's engine; its jobs are kept …")
    with contextlib.suppress(RecueError):
        ask(engine, HttpCall("POST", "/stop"))
    until = time.monotonic() + PATIENCE_SECONDS
    while (folders.data / ENGINE_FILE).exists() or is_there(engine, GLANCE_SECONDS):
        if time.monotonic() > until:
            say("The engine is still busy; its old version keeps running until it ends.")
            return
        time.sleep(0.2)
