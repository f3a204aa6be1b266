"""The connection from OBS to the engine: finds it, verifies it, starts it where there is none.
Nothing here waits, as OBS draws its picture on the same thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from editor_plugin.core.errors import EngineUnreachable, RecueError
from editor_plugin.core.handshake import Announcement, page_address
from editor_plugin.hosts.engine_file import announced, error_of, is_older
from editor_plugin.hosts.folders import own_folders, this_machine
from editor_plugin.hosts.obs.exchange import Exchange, HttpReply

REPLY_SECONDS = 10.0
"""The longest time for one answer; then the engine is looked for anew."""
LAUNCH_SECONDS = 30.0
"""Between two attempts to start the engine. It takes a second or two; minutes on a cold disk."""

Then = Callable[[HttpReply], Any]


class Engines(Protocol):
    """The part of editor_plugin.client that is used."""

    def launch(self) -> object:
        """Start an engine and return at once."""


class EngineLink:
    """A transport (see job_client) that never gives up: a call is made again until an engine has
    answered it. `trouble` is the reason why none can be reached at the moment."""

    def __init__(self, engines: Engines, clock: Callable[[], float] = time.monotonic) -> None:
        self._engines, self._clock = engines, clock
        self._data = own_folders(this_machine()).data
        self.trouble: RecueError | None = None
        self._engine: Announcement | None = None
        self._call: tuple[str, str, object] | None = None
        self._exchange: tuple[Exchange, Then, float] | None = None
        self._launch_at = 0.0

    def page(self, ticket: str) -> str:
        """The address of the page of the engine that has just answered with a ticket."""
        return "" if self._engine is None else page_address(self._engine.port, ticket)

    def send(self, method: str, path: str, body: object = None, seconds: float = 30.0) -> None:
        """Begin a call."""
        self._call = method, path, body

    def receive(self) -> Any:
        """Send or receive what is possible now; the answer, once complete. Raises its error."""
        if self._call is None:
            return None
        try:
            if self._exchange is None:
                self._speak(self._call)
                return None
            reply = self._listen()
        except (OSError, RecueError) as error:
            # An engine that was killed leaves its file behind: it is as if there were none.
            self.close()
            self._no_engine(error)
            return None
        if reply is None:
            return None
        self._call = None
        if reply.status >= 300:
            raise error_of(reply.status, reply.body)
        return reply.body

    def hurry(self) -> None:
        """Start an engine at once if need be, as a user is waiting."""
        self._launch_at = 0.0

    def close(self) -> None:
        """Drop the call that is under way, if any."""
        if self._exchange is not None:
            self._exchange[0].close()
            self._exchange = None

    def _listen(self) -> HttpReply | None:
        assert self._exchange is not None
        exchange, then, deadline = self._exchange
        reply = exchange.step()
        if reply is not None:
            self.close()
            self.trouble = None
            found = then(reply)
            return found if isinstance(found, HttpReply) else None
        if self._clock() > deadline:
            raise EngineUnreachable("its answer took too long")
        return None

    def _speak(self, call: tuple[str, str, object]) -> None:
        """Make the call; an older engine has to go."""
        self._engine = announced(self._data)
        if self._engine is None:
            self._no_engine(None)
        elif is_older(self._engine):
            self._ask(self._engine, "POST", "/stop", None, then=lambda _: None)
        else:
            self._ask(self._engine, *call, then=lambda reply: reply)

    def _ask(self, engine: Announcement, method: str, path: str, body: object, then: Then) -> None:
        exchange = Exchange(engine, method, path, body)
        self._exchange = (exchange, then, self._clock() + REPLY_SECONDS)

    def _no_engine(self, error: Exception | None) -> None:
        """Start one, but not again and again; keep why none can be had."""
        if isinstance(error, RecueError):
            self.trouble = error
        if self._clock() < self._launch_at:
            return
        if self._launch_at:
            self.trouble = self.trouble or EngineUnreachable("it does not start")
        self._launch_at = self._clock() + LAUNCH_SECONDS
        try:
            self._engines.launch()
        except RecueError as failure:
            self.trouble = failure
