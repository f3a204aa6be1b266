"""uvicorn configuration and connection timeouts."""

from __future__ import annotations

import asyncio
import functools
import json
import socket
import struct
import sys
from collections.abc import Callable
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from editor_plugin.core.errors import EnvironmentBroken, RequestRefused
from editor_plugin.engine.service.peers import Peer, peer_of

HEADER_SECONDS = 5.0
"""For the head of a request, from the connection on; uvicorn itself would wait for ever."""
MOST_STRANGERS = 64
"""Connections that have not shown the token and are not known to be the user's own. Each holds a
file descriptor, of which a process may have 256 on a Mac and 1024 on Linux, and jobs need some."""
ABORT = "abort"
"""The key, in a request's state, of the function that aborts its connection at once."""
FOREIGN = "foreign"
"""The key, in a request's state, that says whether it comes from another user of the computer."""
TRUST = "trust"
"""The key of the function to be called when a request has shown the token."""
ACCEPTED_AT_ONCE = 64
"""Connections that are accepted before any of them is looked at, each with a file descriptor."""
BACKLOG = 1024
"""Connections that the system keeps until they are accepted."""
ENDING_SECONDS = 5


class Strangers:
    """The connections of callers that may be anybody, in the order in which they came. A new one
    that is too many takes the place of the oldest, of another user's where there is one."""

    def __init__(self) -> None:
        self._aborts: dict[Peer, dict[object, Callable[[], object]]] = {
            Peer.FOREIGN: {},
            Peer.UNKNOWN: {},
        }

    def add(self, connection: object, peer: Peer, abort: Callable[[], object]) -> None:
        """Keep a connection, and abort another one where there are too many."""
        self._aborts[peer][connection] = abort
        if sum(map(len, self._aborts.values())) > MOST_STRANGERS:
            group = self._aborts[Peer.FOREIGN] or self._aborts[Peer.UNKNOWN]
            group.pop(next(iter(group)))()

    def discard(self, connection: object) -> None:
        """Forget a connection, which has ended or shown the token."""
        for group in self._aborts.values():
            group.pop(connection, None)


class LimitedConnection(H11Protocol):
    """A connection with a timeout for its request, and with Recue's form of refusal."""

    def __init__(self, *given: Any, strangers: Strangers, **named: Any) -> None:
        super().__init__(*given, **named)
        self._strangers = strangers
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the timeout of a new connection."""
        super().connection_made(transport)
        peer = peer_of(transport.get_extra_info("socket"))
        if peer is not Peer.OWN:
            self._strangers.add(self, peer, self._make_room)
        self.app_state = {
            **self.app_state,
            ABORT: transport.abort,
            FOREIGN: peer is Peer.FOREIGN,
            TRUST: functools.partial(self._strangers.discard, self),
        }
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Stop the timeout when the head of a request is complete."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._unset_wait()
        elif self._waiting is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timeout."""
        self._strangers.discard(self)
        self._unset_wait()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Refuse data that are not HTTP."""
        error = RequestRefused("it is not HTTP")
        body = json.dumps({"error": error.to_wire()}).encode()
        headers = [("content-type", "application/json"), ("connection", "close")]
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            answer = h11.Response(status_code=400, headers=headers, reason=b"Bad Request")
            for event in (answer, h11.Data(data=body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _make_room(self) -> None:
        """Abort with a reset, after which the system keeps nothing of the connection either."""
        sock = self.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def _unset_wait(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        at_work = self.cycle is not None and not self.cycle.response_complete
        if not at_work and not self.transport.is_closing():
            self.transport.close()


def open_socket() -> socket.socket:
    """A socket that listens on 127.0.0.1, at a free port. Raises EnvironmentBroken."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":  # else another program could take the port over
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        listening.bind(("127.0.0.1", 0))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise EnvironmentBroken(
            f"Recue's engine cannot listen on 127.0.0.1: {error.strerror or error}.",
            "Check whether a firewall forbids it, or restart the machine.",
        ) from None
    return listening


def make_server(app: Any) -> uvicorn.Server:
    """A server that logs no requests and ends within ENDING_SECONDS."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=functools.partial(LimitedConnection, strangers=Strangers()),  # type: ignore
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            backlog=ACCEPTED_AT_ONCE,
            timeout_graceful_shutdown=ENDING_SECONDS,
        )
    )
