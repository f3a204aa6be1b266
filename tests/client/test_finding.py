"""Finding an engine or starting one: alone, two at once, old and new, and after accidents."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
import pytest

import editor_plugin
from editor_plugin.client import Opening, calls, connect, launch, try_connect
from editor_plugin.core.errors import (
    EngineForeign,
    EngineNewer,
    EngineRunning,
    EngineUnreachable,
    EnvironmentBroken,
    StoreNewer,
)
from editor_plugin.hosts import engine_file
from tests.client.conftest import PROJECT, Home, ends

TOGETHER = "from editor_plugin.client import connect; print(connect(60).hello()['pid'])"


@contextmanager
def stranger(answer: bytes, slow: bool = False) -> Iterator[tuple[int, list[bytes]]]:
    """Somebody else's service: its port, and all that it was sent."""
    heard: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                heard.append(connection.recv(65536))
                try:
                    for piece in [bytes([b]) for b in answer] if slow else [answer]:
                        connection.sendall(piece)
                        time.sleep(0.1 if slow else 0)
                except OSError:
                    pass

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1], heard
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def test_there_is_no_engine_and_none_is_started(home: Home) -> None:
    assert try_connect() is None
    assert home.started == [] and list(home.data.iterdir()) == []


def test_one_is_started_and_then_found(home: Home) -> None:
    first, second = connect(), connect()
    found = try_connect()
    assert found is not None
    pids = [engine.hello()["pid"] for engine in (first, second, found)]
    assert pids == home.started * 3


def test_it_outlives_the_program_that_started_it(home: Home) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TOGETHER], cwd=PROJECT, capture_output=True, check=True
    )
    engine = try_connect()
    assert engine is not None and engine.hello()["pid"] == int(done.stdout)
    assert os.getsid(int(done.stdout)) == int(done.stdout)


def test_it_starts_in_the_data_folder_with_nothing_of_the_editors_python(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere")
    script = Path(os.environ["RECUE_PYTHON"])
    script.write_text(f"#!/bin/sh\npwd > '{home.data}/seen'\nenv >> '{home.data}/seen'\n")
    process = launch()
    assert process.wait(20) == 0
    seen = (home.data / "seen").read_text().splitlines()
    assert seen[0] == str(home.data)
    assert {line for line in seen if line.startswith("PYTHON")} == {
        "PYTHONUTF8=1",
        f"PYTHONPATH={PROJECT}",
    }


def test_programs_that_come_at_once_share_one_engine(home: Home) -> None:
    command = [sys.executable, "-c", TOGETHER]
    several = [subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) for _ in range(3)]
    told = {int(each.communicate(timeout=90)[0]) for each in several}
    assert told == set(home.started) and len(told) == 1


def test_an_engine_that_was_killed_is_replaced(home: Home) -> None:
    pid = connect().hello()["pid"]
    os.kill(pid, signal.SIGKILL)
    ends(pid)
    assert (home.data / "engine.json").exists() and try_connect() is None
    assert connect().hello()["pid"] == home.started[1]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"port": 1}', "\0" * 100, "[" * 100_000, '{"port": "1", "token": 5}'],
)
def test_a_damaged_engine_json_is_none(home: Home, text: str) -> None:
    (home.data / "engine.json").write_text(text)
    assert try_connect() is None


def test_a_stranger_at_the_port_learns_nothing(home: Home) -> None:
    hello = b'HTTP/1.1 200 OK\r\n\r\n{"version": "0.1.0", "protocol": 1, "proof": "0"}'
    with stranger(hello) as (port, heard):
        announced = home.pretend(port=port)
        assert try_connect() is None
    assert len(heard) == 1 and announced.token.encode() not in heard[0]


@pytest.mark.parametrize("code", ["job-unknown", "engine-foreign", ""])
def test_a_stranger_who_took_over_the_port_is_not_believed(home: Home, code: str) -> None:
    """The client has met the engine; then that ends, and another program gets its port."""
    engine = connect()
    error = {"code": code, "message": "Send money.", "todo": "", "data": {}}
    body = json.dumps({"jobs": [], "job": 1, "proof": "0" * 64, "error": error}).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    with stranger(head + body) as (port, heard):
        engine.announced = dataclasses.replace(engine.announced, port=port)
        for call in (engine.jobs, engine.hello, lambda: engine.submit(home.request())):
            with pytest.raises((EngineUnreachable, EngineForeign)) as caught:
                call()
            assert "money" not in str(caught.value)
        connection = calls.HttpCall("GET", "/jobs/1/events")
        with pytest.raises((EngineUnreachable, EngineForeign)):
            next(calls.events(engine.announced, connection.path, 0))
    assert len(heard) == 4 and all(each.startswith(b"GET /proof/") for each in heard)
    assert not any(engine.announced.token.encode() in each for each in heard)


def test_a_stranger_who_says_what_it_hears_is_no_engine(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        home.pretend(port=listening.getsockname()[1])

        def echo() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(connection.recv(65536))

        thread = threading.Thread(target=echo)
        thread.start()
        assert try_connect() is None
        thread.join(10)


@pytest.mark.parametrize("slow", [True, False])
def test_who_does_not_answer_is_not_waited_for(home: Home, slow: bool) -> None:
    with stranger(b"x" * 100 if slow else b"", slow) as (port, _heard):
        home.pretend(port=port)
        begun = time.monotonic()
        assert try_connect() is None
        assert time.monotonic() - begun < 5  # the answer would take ten seconds


def test_an_engine_of_another_machine_is_left_alone(home: Home) -> None:
    home.pretend(host="another")
    with filelock.FileLock(home.data / "engine.lock"), pytest.raises(EngineRunning):
        connect(3)
    assert home.started == []


def test_what_an_engine_left_before_the_machine_was_renamed_harms_nobody(home: Home) -> None:
    home.pretend(host="my-laptop-at-the-office")
    assert connect().hello()["pid"] == home.started[0]
    assert home.announced.host == socket.gethostname()


def test_an_older_engine_is_asked_to_stop_and_replaced(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_VERSION", "0.0.9")
    launch()
    while not (home.data / "engine.json").exists():
        time.sleep(0.02)
    assert try_connect() is None
    monkeypatch.delenv("TEST_VERSION")
    engine = connect()
    assert engine.version == editor_plugin.__version__
    assert engine.hello()["pid"] == home.started[1]
    ends(home.started[0])


def test_an_environment_that_stays_older_is_said_to_be(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_VERSION", "0.0.9")
    with pytest.raises(EnvironmentBroken, match=r"0\.0\.9"):
        connect()


def test_a_newer_engine_of_the_same_protocol_is_used(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_VERSION", "7.0")
    assert connect().version == "7.0"


def test_a_newer_engine_of_another_protocol_is_not(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_VERSION", "7.0")
    monkeypatch.setenv("TEST_PROTOCOL_AHEAD", "1")
    with pytest.raises(EngineNewer, match=r"7\.0"):
        connect()
    with pytest.raises(EngineNewer):
        try_connect()


def test_an_editor_is_never_blocked_while_an_engine_starts(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_SLOW_START", "1")
    opening, polls = Opening(), 1
    while (engine := opening.poll()) is None:
        polls += 1
        time.sleep(0.1)
    assert polls > 5
    assert engine.hello()["pid"] == home.started[0] and len(home.started) == 1


def test_an_engine_that_takes_too_long_is_given_up(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_SLOW_START", "2")
    with pytest.raises(EngineUnreachable, match=r"engine\.log"):
        connect(0.2)
    connect()  # so that it is there to be ended


def test_without_the_environments_python_it_is_said_what_to_do(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RECUE_PYTHON")
    with pytest.raises(EnvironmentBroken, match=r"Install Recue again"):
        connect()
    with pytest.raises(EnvironmentBroken, match="RECUE_PYTHON"):
        launch("/nowhere/python")


def test_an_engine_that_ends_at_once_says_why(home: Home) -> None:
    error = StoreNewer("/a", 9)
    script = Path(os.environ["RECUE_PYTHON"])
    words = json.dumps({"error": error.to_wire()}, ensure_ascii=True)
    script.write_text(f"#!/bin/sh\necho noise >&2\ncat >&2 <<'E'\n{words}\nE\nexit 1\n")
    with pytest.raises(StoreNewer):
        connect()
    script.write_text("#!/bin/sh\necho noise >&2\nexit 5\n")
    with pytest.raises(EngineUnreachable, match="status 5"):
        connect()


def test_what_cannot_be_run_is_said_to_be_so(home: Home) -> None:
    Path(os.environ["RECUE_PYTHON"]).chmod(0o644)
    with pytest.raises(EngineUnreachable, match="cannot be started"):
        connect()


def test_a_log_that_has_grown_large_is_put_aside(home: Home) -> None:
    (home.data / "logs").mkdir()
    (home.data / "logs" / "engine.log").write_bytes(b"x" * 1_000_001)
    connect()
    assert (home.data / "logs" / "engine.log").stat().st_size < 100_000
    assert (home.data / "logs" / "engine.log.1").stat().st_size == 1_000_001


def test_what_the_client_makes_is_for_its_user_alone(home: Home) -> None:
    home.data.rmdir()
    connect()
    modes = [path.stat().st_mode & 0o777 for path in (home.data, home.data / "logs")]
    assert modes == [0o700, 0o700]
    assert (home.data / "logs" / "engine.log").stat().st_mode & 0o777 == 0o600


def test_a_proxy_is_never_asked(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with stranger(b"") as (port, heard):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        monkeypatch.delenv("no_proxy", raising=False)
        assert connect().hello()["pid"] == home.started[0]
    assert heard == []


@pytest.mark.parametrize(
    ("ours", "theirs", "older"),
    [
        ("0.1.0", "0.1.0", False),
        ("0.1.0", "0.1", False),
        ("0.10", "0.9.5", True),
        ("0.9.5", "0.10", False),
        ("1.0", "0.99", True),
    ],
)
def test_versions_are_compared_as_numbers(
    home: Home, monkeypatch: pytest.MonkeyPatch, ours: str, theirs: str, older: bool
) -> None:
    monkeypatch.setattr(engine_file, "__version__", ours)
    assert engine_file.is_older(home.pretend(version=theirs)) is older
