"""Who is not let in, and what is too much."""

from __future__ import annotations

import json
import os
import socket

import pytest

from editor_plugin.core.handshake import MOST_BODY_BYTES, proof
from editor_plugin.engine.log import LOG
from editor_plugin.engine.service import guard, listening
from tests.engine.service.served import ServedEngine, until
from tests.small_engine import SmallEngine

CALLS = [
    ("GET", "/hello"),
    ("GET", "/jobs"),
    ("POST", "/jobs"),
    ("GET", "/jobs/1"),
    ("GET", "/jobs/1/news"),
    ("GET", "/jobs/1/events"),
    ("GET", "/jobs/1/results/0"),
    ("POST", "/jobs/1/cancel"),
    ("POST", "/stop"),
    ("POST", "/tickets"),
    ("GET", "/openapi.json"),
    ("GET", "/proof"),
    ("GET", "/nothing"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize(
    "shown",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer " + "x" * 43},
        {"Authorization": "Bearer ümläut".encode().decode("latin-1")},
        {"Authorization": "Basic TOKEN"},
    ],
    ids=["none", "empty", "no-token", "wrong", "not-ascii", "basic"],
)
def test_nothing_is_told_without_the_token(
    still: ServedEngine, method: str, path: str, shown: dict[str, str]
) -> None:
    shown = {name: value.replace("TOKEN", still.token) for name, value in shown.items()}
    answer = still.ask(method, path, {} if method == "POST" else None, shown)
    assert (answer.status, answer.code) == (401, "request-refused")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert not still.engine.stopping.is_set() and still.engine.all() == []


def test_a_token_that_is_shown_twice_is_none(still: ServedEngine) -> None:
    head = still.head("GET /hello", f"Authorization: Bearer {still.token}", "Connection: close")
    assert still.raw(head).startswith(b"HTTP/1.1 401")


def test_the_proof_needs_no_token_and_shows_that_the_engine_has_it(still: ServedEngine) -> None:
    nonce = "0123456789abcdef" * 2
    answer = still.ask("GET", f"/proof/{nonce}", headers={})
    assert answer.body == {"proof": proof(still.token, nonce)}
    assert still.ask("GET", "/proof/short", headers={}).status == 422


@pytest.mark.parametrize("path", ["/hello", "/proof/" + "0" * 32])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:PORT", "127.0.0.1", "[::1]:PORT"])
def test_a_name_that_points_here_is_not_ours(still: ServedEngine, path: str, host: str) -> None:
    headers = {**still.shown, "Host": host.replace("PORT", str(still.port))}
    answer = still.ask("GET", path, headers=headers)
    assert (answer.status, answer.code) == (421, "request-refused")


def test_localhost_is_ours(still: ServedEngine) -> None:
    headers = {**still.shown, "Host": f"localhost:{still.port}"}
    assert still.ask("GET", "/hello", headers=headers).status == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1", "https://127.0.0.1:PORT", ""]
)
def test_a_foreign_page_is_refused_token_or_not(still: ServedEngine, origin: str) -> None:
    origin = origin.replace("PORT", str(still.port))
    answer = still.ask("GET", "/hello", headers={**still.shown, "Origin": origin})
    assert (answer.status, answer.code) == (403, "request-refused")
    assert not any(name.lower().startswith("access-control") for name in answer.headers)


def test_our_own_page_is_let_in(still: ServedEngine) -> None:
    origin = f"http://127.0.0.1:{still.port}"
    assert still.ask("GET", "/hello", headers={**still.shown, "Origin": origin}).status == 200


def test_a_body_that_says_it_is_too_large_is_not_read(still: ServedEngine) -> None:
    length = f"Content-Length: {MOST_BODY_BYTES + 1}"
    assert still.raw(still.head("POST /jobs", length)).startswith(b"HTTP/1.1 413")


def test_a_body_that_grows_too_large_is_cut_off(still: ServedEngine) -> None:
    head = still.head("POST /jobs", "Content-Type: application/json", "Transfer-Encoding: chunked")
    piece = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", still.port), 20) as connection:
        connection.sendall(head)
        try:
            for _ in range(2 * MOST_BODY_BYTES // 0x100000):
                connection.sendall(piece)
        except OSError:
            return  # cut off before it could be told
        assert connection.recv(4096).startswith(b"HTTP/1.1 413")
    assert still.ask("GET", "/hello").status == 200


def test_the_largest_body_is_taken(still: ServedEngine) -> None:
    body = json.dumps(still.request()).encode()
    body += b" " * (MOST_BODY_BYTES - len(body))
    assert still.ask("POST", "/jobs", body).status == 201


def test_a_body_that_does_not_come_is_not_waited_for(
    still: ServedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.1)
    answer = still.raw(still.head("POST /jobs", "Content-Length: 10") + b"{")
    assert answer.startswith(b"HTTP/1.1 400") and b"request-refused" in answer


@pytest.mark.parametrize("begun", [b"", b"GET /hel", b"GET /hello HTTP/1.1\r\nHost: a\r\n"])
def test_a_request_that_does_not_come_is_not_waited_for(
    still: ServedEngine, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(listening, "HEADER_SECONDS", 0.1)
    assert still.raw(begun) == b""


@pytest.mark.parametrize(
    "request_",
    [b"nonsense\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"GET /hello HTTP/1.1\r\n\r\n"],
)
def test_what_is_not_http_is_refused_in_the_same_form(still: ServedEngine, request_: bytes) -> None:
    answer = still.raw(request_)
    assert answer.startswith(b"HTTP/1.1 400")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == "request-refused"


def test_an_error_nobody_thought_of_is_logged_and_not_shown(
    still: ServedEngine, caplog: pytest.LogCaptureFixture
) -> None:
    still.engine.fail_with = ZeroDivisionError("the secret")
    LOG.addHandler(caplog.handler)
    try:
        answer = still.ask("POST", "/jobs", still.request())
        until(lambda: "ZeroDivisionError" in caplog.text)  # it is answered first, then logged
    finally:
        LOG.removeHandler(caplog.handler)
    assert (answer.status, answer.code) == (500, "error")
    assert "secret" not in json.dumps(answer.body)
    assert str(still.engine.data) not in caplog.records[0].getMessage()
    assert still.ask("GET", "/hello").status == 200


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_only_its_owner_may_read_engine_json(still: ServedEngine) -> None:
    path = still.engine.data / "engine.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in still.engine.data.glob(".engine-*")] == []


def test_only_this_machine_can_reach_it(still: ServedEngine) -> None:
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", still.port), 0.5):
        pass


def test_two_services_have_two_tokens(
    still: ServedEngine, tmp_path_factory: pytest.TempPathFactory
) -> None:

    with ServedEngine(SmallEngine(tmp_path_factory.mktemp("other"), work=False)) as other:
        assert len(other.token) >= 43 and other.token != still.token
        assert other.ask("GET", "/hello", headers=still.shown).status == 401


def test_engine_json_of_another_engine_is_left_alone(still: ServedEngine) -> None:
    path = still.engine.data / "engine.json"
    path.write_text(path.read_text().replace(still.token, "x" * 43))
    still.service.stop()
    assert path.exists()


def test_engine_json_is_gone_afterwards(still: ServedEngine) -> None:
    still.service.stop()
    assert not (still.engine.data / "engine.json").exists()
