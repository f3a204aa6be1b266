"""News as they come: to the end, from where the reader was, to readers of every temper."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from editor_plugin.engine.jobs import feed
from editor_plugin.engine.service import streaming
from tests.engine.service.served import ServedEngine, until


@contextmanager
def stream(served: ServedEngine, job: int, **headers: str) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=90)
    sent = {**served.shown, **{name.replace("_", "-"): value for name, value in headers.items()}}
    connection.request("GET", f"/jobs/{job}/events", headers=sent)
    answer = connection.getresponse()
    assert answer.status == 200
    assert (answer.headers["content-type"] or "").startswith("text/event-stream")
    try:
        yield answer
    finally:
        answer.close()
        connection.close()


def messages(answer: http.client.HTTPResponse) -> list[dict[str, Any]]:
    """All of them, to the end of the stream; what SSE's own fields say is compared on the way."""
    found = []
    for block in answer.read().decode().strip("\n").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line and line[0] != ":")
        if fields:
            event = json.loads(fields["data"])
            assert fields["event"] == event["event"]
            assert fields.get("id", "") == str(event.get("id", ""))
            found.append(event)
    return found


def test_a_job_is_followed_to_its_end(served: ServedEngine) -> None:
    with stream(served, served.submit()) as answer:
        found = messages(answer)
    assert [each["event"] for each in found] == ["words", "words", "words", "state"]
    assert found[-1]["state"] == "done"


def test_a_reader_who_comes_back_goes_on_where_it_was(still: ServedEngine) -> None:
    job = still.submit()
    for number in range(5):
        still.engine.tell(job, "note", text=f"{number}\u2028\n{number}")
    still.engine.finish(job)
    third = still.engine.feed.since(job, 0)[2]["id"]
    with stream(still, job, Last_Event_ID=str(third)) as answer:
        found = messages(answer)
    assert [each.get("text") for each in found] == ["3\u2028\n3", "4\u2028\n4", None]
    assert sorted(each["id"] for each in found) == [each["id"] for each in found]


def test_after_counts_where_there_is_no_last_event_id(still: ServedEngine) -> None:
    job = still.submit()
    still.engine.tell(job, "note", text="One.")
    still.engine.finish(job)
    first = still.engine.feed.since(job, 0)[0]["id"]
    answer = still.raw(still.head(f"GET /jobs/{job}/events?after={first}", "Connection: close"))
    assert b"event: state" in answer and b"event: note" not in answer


@pytest.mark.parametrize("last", ["x", "-1", "1.5"])
def test_a_last_event_id_that_is_none_is_refused(still: ServedEngine, last: str) -> None:
    headers = {**still.shown, "Last-Event-ID": last}
    assert still.ask("GET", f"/jobs/{still.submit()}/events", headers=headers).status == 422


@pytest.mark.parametrize("state", ["done", "failed", "cancelled"])
def test_a_stream_of_an_ended_job_ends_though_its_events_are_forgotten(
    still: ServedEngine, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "KEPT_JOBS", 1)
    job, other = still.submit(), still.submit()
    still.engine.finish(job, state)
    last = still.engine.feed.last
    still.engine.tell(other, "note", text="Another job.")
    with stream(still, job, Last_Event_ID=str(last)) as answer:
        (only,) = messages(answer)
    assert (only["state"], only["id"]) == (state, last)


def test_a_quiet_stream_shows_that_it_lives(
    still: ServedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "KEEP_ALIVE_SECONDS", 0.05)
    with stream(still, still.submit()) as answer:
        lines = [answer.readline() for _ in range(6)]
    assert lines[::2] == [b": recue\n", b": still here\n", b": still here\n"]


def test_readers_who_leave_leave_nothing_behind(still: ServedEngine) -> None:
    job = still.submit()
    for _ in range(20):
        with stream(still, job) as answer:
            answer.readline()
    until(lambda: still.service.readers == 0)
    assert not [each for each in threading.enumerate() if "_tell" in each.name]


def test_a_reader_who_does_not_read_holds_up_nobody(
    still: ServedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "SEND_SECONDS", 2.0)
    job = still.submit()

    def tell() -> None:
        for _ in range(40):
            still.engine.tell(job, "note", text="x" * 200_000)
        still.engine.finish(job)

    lazy = socket.create_connection(("127.0.0.1", still.port), 20)
    lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    with lazy, stream(still, job) as eager:
        lazy.sendall(still.head(f"GET /jobs/{job}/events"))
        until(lambda: still.service.readers == 2)
        telling = threading.Thread(target=tell)
        telling.start()
        assert len(messages(eager)) == 41
        telling.join()
        until(lambda: still.service.idle_seconds() > 0)  # its connection has ended, too
        until(lambda: still.service.readers == 0)


def test_the_engines_end_is_told_and_ends_the_stream(still: ServedEngine) -> None:
    with stream(still, still.submit()) as answer:
        answer.readline()
        still.engine.stop()
        still.service.stop()
        assert messages(answer) == [{"event": "stopped"}]


def test_a_service_that_nobody_asked_to_stop_does_not_say_so(still: ServedEngine) -> None:
    with stream(still, still.submit()) as answer:
        answer.readline()
        still.service.stop()
        assert messages(answer) == []


def test_news_that_come_after_the_service_harm_nobody(still: ServedEngine) -> None:
    job = still.submit()
    with stream(still, job) as answer:
        answer.readline()
        still.service.stop()
    still.engine.tell(job, "note", text="late")


def test_an_open_stream_is_no_idle_time(still: ServedEngine) -> None:
    with stream(still, still.submit()) as answer:
        answer.readline()
        assert still.service.idle_seconds() == 0
    until(lambda: still.service.idle_seconds() > 0)
