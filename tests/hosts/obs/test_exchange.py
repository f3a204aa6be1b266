"""A call that never waits, against servers that answer well, late, in crumbs, or badly."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import EngineForeign, EngineUnreachable, ProtocolError
from editor_plugin.core.handshake import PROTOCOL, Announcement, proof
from editor_plugin.hosts.obs.exchange import Exchange, HttpReply

TOKEN = "t" * 20
Serve = Callable[[socket.socket], None]


@contextmanager
def server(serve: Serve) -> Iterator[Announcement]:
    """A server for one connection."""
    listening = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with suppress(OSError):  # nobody came
            connection, _ = listening.accept()
            with connection:
                give_proof(connection)
                serve(connection)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield Announcement(listening.getsockname()[1], TOKEN, 1, "0.1.0", PROTOCOL, "here")
    finally:
        listening.close()
        thread.join(5)


def give_proof(connection: socket.socket) -> None:
    """Answer what every engine is asked first."""
    nonce = re.match(r"GET /proof/([0-9a-f]{32}) ", asked(connection)[0])
    assert nonce
    connection.sendall(answer(json.dumps({"proof": proof(TOKEN, nonce[1])}).encode()))


def asked(connection: socket.socket) -> tuple[str, bytes]:
    """Read a request: its head and its body."""
    content = b""
    while b"\r\n\r\n" not in content:
        content += connection.recv(4096)
    head, _, body = content.partition(b"\r\n\r\n")
    length = next(
        (int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length:")), 0
    )
    while len(body) < length:
        body += connection.recv(4096)
    return head.decode(), body


def answer(body: bytes, status: str = "200 OK") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n" % (status.encode(), len(body)) + body


def finished(exchange: Exchange, seconds: float = 10) -> HttpReply:
    """Step until the answer is there."""
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            reply = exchange.step()
            if reply is not None:
                return reply
            time.sleep(0.001)
    finally:
        exchange.close()
    raise AssertionError("no answer")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), json_values), st.integers(1, 60))
def test_an_answer_in_crumbs_arrives_whole(body: dict[str, object], crumb: int) -> None:
    seen: list[tuple[str, bytes]] = []

    def serve(connection: socket.socket) -> None:
        seen.append(asked(connection))
        content = answer(json.dumps(body).encode())
        for at in range(0, len(content), crumb):
            connection.sendall(content[at : at + crumb])

    with server(serve) as engine:
        reply = finished(Exchange(engine, "POST", "/jobs", body))
    assert reply == HttpReply(200, body)
    head, sent = seen[0]
    assert head.startswith("POST /jobs HTTP/1.1\r\n") and json.loads(sent) == body
    assert f"Authorization: Bearer {engine.token}" in head
    assert f"Host: 127.0.0.1:{engine.port}" in head


@pytest.mark.parametrize(
    "reply",
    [
        answer(b'{"proof": "0"}'),
        answer(b'{"proof": null, "version": "0.1.0"}'),
        answer(b'{"error": {"code": "job-unknown", "message": "Send money."}}', "403 Forbidden"),
        answer(b"[]"),
        b"HTTP/1.1 200 OK\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n{}",
        b"x" * 9000,
        b"x",
    ],
)
def test_who_gives_no_proof_gets_no_token_and_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, reply: bytes
) -> None:
    heard = bytearray()

    def serve(connection: socket.socket) -> None:
        heard.extend(connection.recv(4096))
        connection.sendall(reply)
        connection.shutdown(socket.SHUT_WR)
        while part := connection.recv(4096):
            heard.extend(part)

    monkeypatch.setitem(globals(), "give_proof", void)
    with server(serve) as engine, pytest.raises(EngineUnreachable) as caught:
        finished(Exchange(engine, "POST", "/jobs", {"path": "secret"}))
    assert "another program" in caught.value.message and "money" not in str(caught.value)
    assert engine.token.encode() not in heard and b"secret" not in heard


def test_another_users_engine_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def serve(connection: socket.socket) -> None:
        asked(connection)
        wire = json.dumps({"error": EngineForeign().to_wire()}).encode()
        connection.sendall(answer(wire, "403 Forbidden"))

    monkeypatch.setitem(globals(), "give_proof", void)
    with server(serve) as engine, pytest.raises(EngineForeign):
        finished(Exchange(engine, "GET", "/hello"))


def test_a_step_does_not_wait_for_a_silent_engine() -> None:
    done = threading.Event()
    with server(lambda connection: void(done.wait(10))) as engine:
        exchange = Exchange(engine, "GET", "/hello")
        assert [exchange.step() for _ in range(50)] == [None] * 50
        exchange.close()
        done.set()


def void(_: object) -> None:
    """Take a value and give none."""


def test_a_refusal_comes_with_its_status() -> None:
    def serve(connection: socket.socket) -> None:
        asked(connection)
        connection.sendall(answer(b'{"error": {}}', "404 Not Found"))

    with server(serve) as engine:
        assert finished(Exchange(engine, "GET", "/jobs/9")) == HttpReply(404, {"error": {}})


@pytest.mark.parametrize(
    "content", [b"nonsense\r\n\r\n", answer(b"{"), answer(b"[1]"), answer(b"12345")[:-2]]
)
def test_a_damaged_answer_is_told(content: bytes) -> None:
    def serve(connection: socket.socket) -> None:
        asked(connection)
        connection.sendall(content)

    with server(serve) as engine, pytest.raises(ProtocolError):
        finished(Exchange(engine, "GET", "/hello"))


def test_an_engine_that_hangs_up_or_is_not_there_is_told() -> None:
    with server(lambda connection: void(asked(connection))) as engine, pytest.raises(OSError):
        finished(Exchange(engine, "GET", "/hello"))
    with pytest.raises(OSError):
        finished(Exchange(engine, "GET", "/hello"))
