"""Finding the running engine, or starting one, with a limit on every wait."""

from __future__ import annotations

import contextlib
import functools
import time
from pathlib import Path

from editor_plugin import __version__
from editor_plugin.client.calls import HttpCall, ask, is_there
from editor_plugin.client.engine import EngineClient
from editor_plugin.client.launching import StartedEngine, last_words, launch, log_file
from editor_plugin.core import handshake
from editor_plugin.core.errors import (
    EngineRunning,
    EngineUnreachable,
    EnvironmentBroken,
    RecueError,
)
from editor_plugin.core.handshake import ALREADY_RUNNING, Announcement
from editor_plugin.hosts.engine_file import announced, is_older
from editor_plugin.hosts.folders import own_folders, this_machine

GLANCE_SECONDS = 0.3
"""How long a look for an engine may take: an editor's interface stands still meanwhile."""
PATIENCE_SECONDS = 120.0
"""How long another engine may take to appear: the one that was stopped may have to end a runner
that imports NeMo, and the next one has to start."""
BETWEEN_LAUNCHES = 1.0
REST_SECONDS = 0.05


def try_connect() -> EngineClient | None:
    """The engine that runs, None where there is none that can be used now; at once.

    Raises EngineNewer where it speaks another protocol than this program, and OwnerForeign where
    the data folder is another user's.
    """
    engine = announced(_data())
    if engine is None or not is_there(engine, GLANCE_SECONDS):
        return None
    return None if is_older(engine) else _client(engine, None)


def connect(timeout: float = 30.0, python: str | None = None) -> EngineClient:
    """The engine that runs, or a new one; waits for it, `timeout` seconds at most.

    An older engine is asked to stop and replaced. Raises EngineUnreachable, EngineRunning where
    another one keeps the lock (on another machine, say), EngineNewer, EnvironmentBroken and
    OwnerForeign.
    """
    return _waited_for(Opening(timeout, python))


def page_address(timeout: float = 30.0, python: str | None = None) -> str:
    """The address of the engine's page; waits and raises as `connect` does.

    It can be opened once, within a minute, by whoever knows it: it is for the user's own browser.
    """
    engine = connect(timeout, python)
    ticket = engine.call("POST", "/tickets")["ticket"]
    return handshake.page_address(engine.announced.port, ticket)


class Opening:
    """An engine being found or started, step by step: for editors that must not be blocked."""

    def __init__(self, timeout: float = 30.0, python: str | None = None, start: bool = True):
        self._deadline = time.monotonic() + timeout
        self._python = python
        self._start = start
        self._process: StartedEngine | None = None
        self._again_at = 0.0
        self._stopping = ""
        self._held = False

    def poll(self) -> EngineClient | None:
        """One step of a third of a second at most; None without an engine. Raises as `connect`."""
        engine = announced(_data())
        if engine is not None and is_there(engine, GLANCE_SECONDS):
            if not is_older(engine):
                return _client(engine, self._python)
            self._replace(engine)
        if time.monotonic() > self._deadline:
            raise self._too_late()
        if self._start:
            self._launch()
        return None

    def _replace(self, engine: Announcement) -> None:
        """Ask an older engine to stop, once."""
        if self._stopping == engine.token:
            return
        if self._stopping:
            # The one that came after the first is as old: the environment is, then.
            raise EnvironmentBroken(
                f"Recue {engine.version} is installed, and this program belongs to {__version__}.",
                "Install Recue again, so that both are of one version.",
            )
        self._stopping = engine.token
        with contextlib.suppress(RecueError):
            ask(engine, HttpCall("POST", "/stop", timeout=GLANCE_SECONDS))

    def _launch(self) -> None:
        """Start an engine where none of ours is starting."""
        if self._process is not None:
            status = self._process.poll()
            if status is None:
                return
            if status not in (0, ALREADY_RUNNING):
                raise last_words() or EngineUnreachable(
                    f"it ended at once, with status {status}; {log_file()} may say why"
                )
            self._held = status == ALREADY_RUNNING
            self._process = None
        if time.monotonic() >= self._again_at:
            self._again_at = time.monotonic() + BETWEEN_LAUNCHES
            self._process = launch(self._python)

    def _too_late(self) -> RecueError:
        if not self._start:
            return EngineUnreachable("it was stopped; its jobs are kept until it is started again")
        if self._held:
            return EngineRunning(str(_data()))
        return EngineUnreachable(f"it took too long to start; {log_file()} may say why")


def _data() -> Path:
    return own_folders(this_machine()).data


def _client(engine: Announcement, python: str | None) -> EngineClient:
    return EngineClient(engine, functools.partial(_again, python))


def _again(python: str | None, start: bool) -> Announcement:
    return _waited_for(Opening(PATIENCE_SECONDS, python, start)).announced


def _waited_for(opening: Opening) -> EngineClient:
    while (engine := opening.poll()) is None:
        time.sleep(REST_SECONDS)
    return engine
