"""Connections of callers that may be anybody: how many there may be, and which have to go."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.engine.service import listening
from editor_plugin.engine.service.listening import MOST_STRANGERS, Strangers
from editor_plugin.engine.service.peers import Peer
from tests.engine.service.served import ServedEngine

PEERS = [Peer.FOREIGN, Peer.UNKNOWN]


@given(st.lists(st.tuples(st.sampled_from(PEERS), st.booleans()), max_size=30))
def test_there_are_never_too_many_and_other_users_go_first(steps: list[tuple[Peer, bool]]) -> None:
    """Callers come, and some of them show the token after that."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listening, "MOST_STRANGERS", 3)
        strangers = Strangers()
        there: dict[int, Peer] = {}
        for number, (peer, is_trusted) in enumerate(steps):
            there[number] = peer
            before = dict(there)
            strangers.add(number, peer, partial(there.pop, number))
            foreign = [key for key, each in before.items() if each is Peer.FOREIGN]
            gone = {min(foreign or before)} if len(before) > 3 else set()
            assert before.keys() - there.keys() == gone
            if is_trusted and number in there:
                strangers.discard(number)
                del there[number]


@pytest.mark.parametrize("peer", PEERS)
def test_a_caller_with_the_token_is_served_among_many_without(
    still: ServedEngine, monkeypatch: pytest.MonkeyPatch, peer: Peer
) -> None:
    monkeypatch.setattr(listening, "peer_of", lambda _: peer)
    with ExitStack() as stack:
        idle = [
            stack.enter_context(socket.create_connection(("127.0.0.1", still.port), 20))
            for _ in range(3 * MOST_STRANGERS)
        ]
        if peer is Peer.UNKNOWN:
            assert still.ask("GET", "/hello").status == 200
        # Those that came first were closed to make room for the others, and not after a time.
        for each in idle[: 2 * MOST_STRANGERS]:
            with pytest.raises(ConnectionResetError):
                each.recv(1)


def test_who_has_shown_the_token_is_no_stranger(
    still: ServedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "peer_of", lambda _: Peer.UNKNOWN)
    job = still.submit()
    with ExitStack() as stack:
        reader = stack.enter_context(socket.create_connection(("127.0.0.1", still.port), 20))
        reader.sendall(still.head(f"GET /jobs/{job}/events", "Connection: close"))
        assert b"200 OK" in reader.recv(65536)
        for _ in range(2 * MOST_STRANGERS):
            stack.enter_context(socket.create_connection(("127.0.0.1", still.port), 20))
        assert still.ask("GET", "/hello").status == 200
        still.engine.finish(job)
        pieces = b""
        while piece := reader.recv(65536):
            pieces += piece
    assert b"event: state" in pieces


@pytest.mark.parametrize("path", ["/proof/" + "0" * 32, "/page", "/sessions"])
@pytest.mark.parametrize("body", ["Content-Length: 1", "Transfer-Encoding: chunked"])
def test_who_shows_no_token_sends_no_body(still: ServedEngine, path: str, body: str) -> None:
    method = "POST" if path == "/sessions" else "GET"
    answer = still.raw(still.head(f"{method} {path}", body, token=False))
    assert answer.startswith(b"HTTP/1.1 413")
