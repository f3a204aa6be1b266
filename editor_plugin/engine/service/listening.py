"""uvicorn configuration and connection timeouts."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from editor_plugin.core.errors import EnvironmentBroken, RequestRefused
from editor_plugin.engine.service.peers import is_another_user

HEADER_SECONDS = 10.0
"""For the head of a request, once it has begun; uvicorn itself would wait for ever."""
ABORT = "abort"
"""The key, in a request's state, of the function that aborts its connection at once."""
FOREIGN = "foreign"
"""The key, in a request's state, that says whether it comes from another user of the computer."""
BACKLOG = 1024
ENDING_SECONDS = 5


class LimitedConnection(H11Protocol):
    """A connection with a timeout for its request, and with Recue's form of refusal."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the timeout of a new connection."""
        super().connection_made(transport)
        foreign = is_another_user(transport.get_extra_info("socket"))
        self.app_state = {**self.app_state, ABORT: transport.abort, FOREIGN: foreign}
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
            http=LimitedConnection,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            backlog=BACKLOG,
            timeout_graceful_shutdown=ENDING_SECONDS,
        )
    )
