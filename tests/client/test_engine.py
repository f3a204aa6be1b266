"""The calls of the client, and following a job through every accident."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from editor_plugin.client import EngineClient, connect, engine, finding
from editor_plugin.core.errors import (
    EngineUnreachable,
    JobUnknown,
    MediaMissing,
    RequestRefused,
)
from editor_plugin.core.handshake import PROTOCOL, Announcement
from editor_plugin.core.jobs.events import Event, StateChanged, Words
from editor_plugin.core.jobs.request import JobRequest, Order
from tests.client.conftest import Home, ends
from tests.engine.service.served import ServedEngine, until
from tests.small_engine import SmallEngine


def texts(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Words)]


def test_a_job_from_its_request_to_its_result(home: Home) -> None:
    engine = connect()
    job = engine.submit(home.request())
    events = list(engine.follow(job))
    assert texts(events) == ["word 1", "word 2", "word 3"]
    assert events[-1] == StateChanged("done")
    assert engine.status(job).state == "done"
    assert [each.job for each in engine.jobs()] == [job]
    assert engine.result(job).cues[0].lines == ("Hello.",)
    news = engine.call("GET", f"/jobs/{job}/news")["news"]
    assert list(engine.follow(job, news[2]["id"])) == events[3:]


def test_a_job_is_steered(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_WORDS", "1000")
    engine = connect()
    job, later = engine.submit(home.request()), engine.submit(home.request())
    assert engine.steer(job, "pause").state == "paused"
    assert engine.steer(job, "resume").state == "queued"
    engine.steer(later, "first")
    assert [each.job for each in engine.jobs()] == [later, job]
    assert engine.steer(job, "cancel").state == "cancelled"
    assert list(engine.follow(job))[-1] == StateChanged("cancelled")


def test_the_engines_errors_come_back_as_what_they_are(home: Home) -> None:
    engine = connect()
    with pytest.raises(MediaMissing, match="gone"):
        engine.submit(JobRequest((Order(Path("/gone.wav")),)))
    with pytest.raises(JobUnknown):
        engine.status(99)
    with pytest.raises(JobUnknown):
        list(engine.follow(99))
    with pytest.raises(RequestRefused):
        engine.call("POST", "/jobs", {"orders": "all"})
    with pytest.raises(RequestRefused, match="too large"):
        engine.call("POST", "/jobs", {"orders": ["x" * 34_000_000]})


def test_a_job_goes_on_when_its_engine_is_killed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_WORDS", "30")
    engine = connect()
    found = []
    for event in engine.follow(engine.submit(home.request())):
        found.append(event)
        if (
            isinstance(event, Words)
            and event.text in ("word 5", "word 15")
            and len(home.started) < 3
        ):
            os.kill(home.started[-1], signal.SIGKILL)
    # Each goes on where the one before it was: its last step may be told, or lost, with it.
    told = [int(text.split()[1]) for text in texts(found)]
    assert told == sorted(set(told)) and len(told) >= 28
    assert found[-1] == StateChanged("done") and len(home.started) == 3
    assert engine.hello()["pid"] == home.started[-1]


def test_an_engine_that_was_asked_to_stop_is_not_started_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_WORDS", "1000")
    monkeypatch.setattr(finding, "PATIENCE_SECONDS", 1.0)
    engine = connect()
    with pytest.raises(EngineUnreachable, match="it was stopped"):
        for event in engine.follow(engine.submit(home.request())):
            if isinstance(event, Words) and event.text == "word 3":
                engine.stop()
    assert len(home.started) == 1


def test_a_job_goes_on_when_the_command_that_was_its_engine_has_done_its_own(home: Home) -> None:
    with ServedEngine(SmallEngine(home.data, work=False)) as command:
        following = connect().follow(connect().submit(home.request()))
        threading.Thread(target=ends_while_it_is_read, args=(command,)).start()
        found = list(following)
    assert texts(found) == ["word 1", "word 2", "word 3"] and found[-1] == StateChanged("done")
    assert len(home.started) == 1


def ends_while_it_is_read(command: ServedEngine) -> None:
    until(lambda: command.service.readers == 1)
    command.service.stop()


def test_a_job_goes_on_when_its_engine_is_replaced(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_WORDS", "20")
    engine = connect()
    replacing = threading.Thread(target=replace, args=(home,))
    found = []
    for event in engine.follow(engine.submit(home.request())):
        found.append(event)
        if len(found) == 3 and replacing.ident is None:
            engine.stop()
            replacing.start()
    told = [int(text.split()[1]) for text in texts(found)]
    assert told == sorted(set(told)) and len(told) >= 19
    replacing.join(60)
    assert found[-1] == StateChanged("done") and len(home.started) == 2


def replace(home: Home) -> None:
    ends(home.started[0])
    connect()


def announcement(port: int) -> Announcement:
    return Announcement(port, "t" * 43, 1, "0.1.0", PROTOCOL, "")


class Odd:
    """A service that answers everything with the same bytes."""

    def __init__(self, answer: bytes) -> None:
        self.count = 0
        self._answer = answer
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def address(self) -> Announcement:
        return announcement(self._listening.getsockname()[1])

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.count += 1
            with connection:
                connection.recv(65536)
                connection.sendall(self._answer)


@pytest.fixture
def odd(request: pytest.FixtureRequest) -> Iterator[Odd]:
    service = Odd(request.param)
    yield service
    service.close()


def body(text: str, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(text)}\r\n\r\n{text}".encode()


@pytest.mark.parametrize(
    "odd",
    [
        b"",
        b"nonsense",
        body("{"),
        body("\udce9".encode("utf-8", "surrogateescape").decode("latin-1")),
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}",
        b"HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n",
        body("Internal Server Error", "500 Oh"),
        body('{"error": "text"}', "400 Bad"),
        body('{"error": {"data": 5}}', "400 Bad"),
    ],
    indirect=True,
)
def test_an_odd_answer_is_an_error_of_ours(odd: Odd) -> None:
    with pytest.raises(EngineUnreachable):
        EngineClient(odd.address, lambda start: odd.address).call("GET", "/jobs/1")


def test_nobody_at_the_port_is_an_error_of_ours() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(EngineUnreachable):
        EngineClient(announcement(port), lambda start: announcement(port)).jobs()


@pytest.mark.parametrize("odd", [b"", body("")], indirect=True)
def test_an_engine_that_dies_of_a_job_is_given_up(
    odd: Odd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "REST_SECONDS", 0.01)
    with pytest.raises(EngineUnreachable, match="job 7"):
        list(EngineClient(odd.address, lambda start: odd.address).follow(7))
    assert odd.count == engine.MOST_RETURNS + 1


FOLLOW = """
import sys, json
sys.path.insert(0, {project!r})
from pathlib import Path
from editor_plugin.client import connect, try_connect
from editor_plugin.core.jobs.events import Words
from editor_plugin.core.jobs.request import JobRequest, Order
engine = connect(60)
job = engine.submit(JobRequest((Order(Path({media!r})),)))
texts = [event.text for event in engine.follow(job) if isinstance(event, Words)]
print(json.dumps([texts, engine.result(job).srt, try_connect() is not None]))
"""


def pythons() -> list[str]:
    """Every Python that an editor may bring along, as far as this machine has them."""
    versions = Path.home() / ".pyenv" / "versions"
    names = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
    found = [sorted(versions.glob(f"{name}.*/bin/python"))[-1:] for name in names]
    return [*(str(path) for each in found for path in each), sys.executable]


@pytest.mark.parametrize("python", pythons())
def test_any_editors_python_can_do_a_job(home: Home, python: str) -> None:
    media = str(home.request().orders[0].input)
    program = FOLLOW.format(project=str(Path(__file__).parents[2]), media=media)
    done = subprocess.run(
        [python, "-I", "-S", "-B", "-W", "error", "-c", program],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": "C"},
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    said, srt, found = json.loads(done.stdout)
    assert said == ["word 1", "word 2", "word 3"]
    assert srt and found
