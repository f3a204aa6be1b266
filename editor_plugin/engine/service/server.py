"""The service: an HTTP server in a thread of the engine's process."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable

import editor_plugin
from editor_plugin.core.errors import EngineUnreachable
from editor_plugin.core.handshake import PROTOCOL, Announcement
from editor_plugin.engine.service.access import Access
from editor_plugin.engine.service.announcing import announce, withdraw
from editor_plugin.engine.service.calls import make_app
from editor_plugin.engine.service.guard import Guard
from editor_plugin.engine.service.listening import BACKLOG, ENDING_SECONDS, make_server, open_socket
from editor_plugin.engine.service.ports import EnginePort
from editor_plugin.engine.service.streaming import Notifier

STARTING_SECONDS = 20.0


class Service:
    """The HTTP service of an engine. `asked_to_stop` is called on POST /stop, from any thread."""

    def __init__(self, engine: EnginePort, asked_to_stop: Callable[[], None] | None = None) -> None:
        self._engine = engine
        self._token = secrets.token_urlsafe(32)
        self._notifier = Notifier(engine)
        access = Access(self._token)
        self.app = make_app(engine, self._notifier, access, asked_to_stop or engine.stop)
        self._guard = Guard(self.app, access)
        self._server = make_server(self._guard)
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port that it listens on; 0 before it does."""
        return self._guard.port

    @property
    def readers(self) -> int:
        """The number of open event streams."""
        return self._notifier.readers

    def start(self) -> None:
        """Listen, and write engine.json. Raises EnvironmentBroken, DiskFull, and EngineUnreachable
        where the server does not start."""
        listening = open_socket()
        self._guard.port = listening.getsockname()[1]
        self._thread = threading.Thread(
            target=self._run, args=(listening,), name="service", daemon=True
        )
        self._thread.start()
        deadline = time.monotonic() + STARTING_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                self.stop()
                raise EngineUnreachable("its service does not start")
            time.sleep(0.005)
        listening.listen(BACKLOG)  # the server has made the queue as short as it accepts at once
        try:
            announce(self._engine.data, self._announcement())
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Remove engine.json, end every stream, and stop listening. May be called twice."""
        withdraw(self._engine.data, self._token)
        self._notifier.close()
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(2 * ENDING_SECONDS)

    def idle_seconds(self) -> float:
        """The seconds since the last call; 0 while one is open."""
        activity = self._guard.activity
        return 0.0 if activity.open else time.monotonic() - activity.last

    def _run(self, listening: socket.socket) -> None:
        with listening:
            asyncio.run(self._server.serve([listening]))

    def _announcement(self) -> Announcement:
        version = editor_plugin.__version__
        host = socket.gethostname()
        return Announcement(self.port, self._token, os.getpid(), version, PROTOCOL, host)
