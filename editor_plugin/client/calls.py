"""HTTP requests to the engine, and its stream of events. Every wait on the socket has an end.

`http.client` knows nothing of proxies, so that none can ever stand between.
"""

from __future__ import annotations

import contextlib
import hmac
import http.client
import json
import secrets
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from editor_plugin.core.errors import EngineForeign, EngineUnreachable, RequestRefused
from editor_plugin.core.handshake import MOST_BODY_BYTES, Announcement, proof
from editor_plugin.hosts.engine_file import ANOTHER, error_of, is_foreign, is_proof

HOST = "127.0.0.1"
MOST_PROOF_BYTES = 8192
MOST_BYTES = 128 * 1024 * 1024
"""The most bytes of one answer. The result of a day of dense dialogue is under ten megabytes."""
SILENCE_SECONDS = 40.0
"""Silence after which a stream of events is dead: the engine sends something every ten seconds."""


@dataclass(frozen=True)
class HttpCall:
    """A request: `body` becomes JSON; `timeout` is the seconds of silence to bear."""

    method: str
    path: str
    body: Any = None
    timeout: float = 10.0


def is_there(announced: Announcement, seconds: float) -> bool:
    """Whether the engine that wrote `engine.json` answers, within `seconds` in all."""
    deadline = time.monotonic() + seconds
    nonce = secrets.token_hex(16)
    expected = proof(announced.token, nonce)
    asked = (
        f"GET /proof/{nonce} HTTP/1.1\r\nHost: {HOST}:{announced.port}\r\nConnection: close\r\n\r\n"
    )
    answer = b""
    try:
        with socket.create_connection((HOST, announced.port), seconds) as connection:
            connection.sendall(asked.encode())
            while expected.encode() not in answer and len(answer) < 8192:
                connection.settimeout(max(deadline - time.monotonic(), 0.001))
                piece = connection.recv(4096)
                if not piece or time.monotonic() > deadline:
                    break
                answer += piece
    except OSError:
        return False
    return any(hmac.compare_digest(each, expected.encode()) for each in answer.split(b'"'))


def ask(engine: Announcement, call: HttpCall) -> Any:
    """Make a call and return the JSON of its answer.

    Raises the engine's own error where it answers with one, and EngineUnreachable.
    """
    with _answer(engine, call, {}) as answer:
        return _content(answer)


def events(engine: Announcement, path: str, after: int) -> Iterator[dict[str, Any]]:
    """The events of a stream, until it ends or breaks. Raises as `ask` does."""
    call = HttpCall("GET", path, timeout=SILENCE_SECONDS)
    headers = {"Accept": "text/event-stream", "Last-Event-ID": str(after)}
    with _answer(engine, call, headers) as answer:
        yield from _messages(answer)


@contextlib.contextmanager
def _answer(
    engine: Announcement, call: HttpCall, headers: Mapping[str, str]
) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection(HOST, engine.port, timeout=call.timeout)
    sent = {"Authorization": f"Bearer {engine.token}", "Connection": "close", **headers}
    body = None
    if call.body is not None:
        body = json.dumps(call.body, allow_nan=False).encode()
        if len(body) > MOST_BODY_BYTES:
            raise RequestRefused("it is too large")
        sent["Content-Type"] = "application/json"
    try:
        connection.connect()
        connection.auto_open = 0  # a connection made anew could be to somebody else
        _let_prove(connection, engine)
        connection.request(call.method, call.path, body, sent)
        with connection.getresponse() as answer:  # it has the socket from here on
            if answer.status >= 300:
                raise error_of(answer.status, _content(answer))
            yield answer
    except (OSError, http.client.HTTPException) as error:
        reason = str(error) or type(error).__name__
        raise EngineUnreachable(reason) from None
    finally:
        connection.close()


def _let_prove(connection: http.client.HTTPConnection, engine: Announcement) -> None:
    """Have the other end of this very connection show that it is the engine, before it gets the
    token and is believed: an engine that has ended leaves its port to anybody."""
    nonce = secrets.token_hex(16)
    connection.request("GET", f"/proof/{nonce}")
    with connection.getresponse() as answer:
        content = answer.read(MOST_PROOF_BYTES)
    if not is_proof(content, proof(engine.token, nonce)):
        raise EngineForeign() if is_foreign(content) else EngineUnreachable(ANOTHER)


def _content(answer: http.client.HTTPResponse) -> Any:
    # A read of all that was promised tells where less came; a limited one does not.
    length = answer.length
    known = length is not None and length <= MOST_BYTES
    content = answer.read() if known else answer.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise EngineUnreachable("its answer has no end")
    try:
        return json.loads(content.decode("utf-8")) if content else {}
    except (ValueError, RecursionError):
        raise EngineUnreachable("its answer is not valid JSON") from None


def _messages(answer: http.client.HTTPResponse) -> Iterator[dict[str, Any]]:
    """Read server-sent events whose data is a JSON object; comments and the rest are skipped."""
    data: list[str] = []
    while True:
        line = answer.readline(MOST_BYTES)
        if not line:
            return
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text.startswith("data:"):
            data.append(text[5:].lstrip(" "))
        elif not text and data:
            try:
                event = json.loads("\n".join(data))
            except ValueError:
                raise EngineUnreachable("its events are not valid JSON") from None
            data = []
            if isinstance(event, dict):
                yield event
