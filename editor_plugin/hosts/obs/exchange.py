"""A non-blocking HTTP call to the engine, made in steps: first the engine proves on the same
connection that it is the one, as whoever has taken its port would be believed and get the token.

OBS runs a script's timers on the thread that draws the picture. An answer takes the engine a few
milliseconds, and many where the machine is busy; each would be a frame late in the recording.
"""

from __future__ import annotations

import errno
import io
import json
import re
import secrets
import socket
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any, cast

from editor_plugin.core.errors import EngineForeign, EngineUnreachable, ProtocolError
from editor_plugin.core.handshake import Announcement, proof
from editor_plugin.hosts.engine_file import ANOTHER, is_foreign, is_proof

BLOCK = 65_536
LONGEST_REPLY = 16_000_000
"""Bytes; a status is a few thousand."""
LONGEST_PROOF = 8192
LENGTH = re.compile(rb"\r\ncontent-length: *(\d{1,4})\r?$", re.I | re.M)
END_OF_HEAD = b"\r\n\r\n"
UNDER_WAY = (
    *(0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY, errno.EISCONN),
    *(10035, 10036, 10037, 10056),
)
"""Error numbers of a connection that is being made; on Windows other ones than Python's errno."""


@dataclass(frozen=True)
class HttpReply:
    """An answer: its HTTP status and JSON object."""

    status: int
    body: dict[str, Any]


class Exchange:
    """One request and its answer, over a connection of its own. `close` it in any case."""

    def __init__(self, engine: Announcement, method: str, path: str, body: object = None) -> None:
        """Begin to connect. Raises OSError where that fails at once."""
        nonce = secrets.token_hex(16)
        self._expected = proof(engine.token, nonce)
        self._unsent = _head(engine, "GET", f"/proof/{nonce}")
        self._call = _request(engine, method, path, body)
        self._received = bytearray()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            self._socket.setblocking(False)
            refused = self._socket.connect_ex(("127.0.0.1", engine.port))
            if refused not in UNDER_WAY:
                raise OSError(refused, "no connection to the engine")
        except BaseException:
            self.close()
            raise

    def step(self) -> HttpReply | None:
        """Send and receive what can be without waiting; the answer once it is whole.

        Raises OSError where the connection fails, ProtocolError where the answer is none, and
        EngineUnreachable or EngineForeign where it is not our engine that answers.
        """
        try:
            self._send()
            while part := self._socket.recv(BLOCK):
                self._received += part
                if len(self._received) > LONGEST_REPLY:
                    raise ProtocolError("an answer of the engine has no end")
                if self._call and self._is_proven():
                    self._unsent, self._call = self._call, b""
                    self._send()
        except BlockingIOError:
            return None
        except OSError as error:
            # A connection that is still being made cannot send; that is no failure.
            if error.errno in (errno.ENOTCONN, 10057):
                return None
            raise
        if self._call and self._received:
            raise EngineUnreachable(ANOTHER)
        return _parsed(bytes(self._received))

    def _send(self) -> None:
        while self._unsent:
            self._unsent = self._unsent[self._socket.send(self._unsent) :]

    def _is_proven(self) -> bool:
        """Whether the proof is there; it is taken out of what was received."""
        head, found, body = bytes(self._received).partition(END_OF_HEAD)
        length = LENGTH.search(head)
        if (found and not length) or len(self._received) > LONGEST_PROOF:
            raise EngineUnreachable(ANOTHER)
        if length is None or len(body) < int(length[1]):
            return False
        if not is_proof(body, self._expected):
            raise EngineForeign() if is_foreign(body) else EngineUnreachable(ANOTHER)
        self._received.clear()
        return True

    def close(self) -> None:
        """End the connection, whatever its state."""
        self._socket.close()


class _Received:
    """The bytes of an answer in the form of a socket, for http.client."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._content)


def _head(engine: Announcement, method: str, path: str, *more: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{engine.port}", *more, "", ""]
    return "\r\n".join(lines).encode("ascii")


def _request(engine: Announcement, method: str, path: str, body: object) -> bytes:
    content = b"" if body is None else json.dumps(body).encode("ascii")
    more = ["Connection: close", f"Authorization: Bearer {engine.token}"]
    if content:
        more += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return _head(engine, method, path, *more) + content


def _parsed(content: bytes) -> HttpReply:
    if not content:
        raise OSError(errno.ECONNRESET, "the engine hung up")
    response = HTTPResponse(cast(Any, _Received(content)))
    try:
        response.begin()
        body = json.loads(response.read() or b"{}")
    except (HTTPException, ValueError) as error:
        raise ProtocolError(f"an answer of the engine is damaged ({error})") from None
    finally:
        response.close()
    if not isinstance(body, dict):
        raise ProtocolError("an answer of the engine is no JSON object")
    return HttpReply(response.status, body)
