"""The one stream of the engine's state, over real HTTP."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.errors import StoreBusy
from editor_plugin.core.jobs.request import request_to_wire
from editor_plugin.engine.service import forms, streaming
from tests.engine.jobs.open_engine import asking, open_engine, plain
from tests.engine.service.served import ServedEngine, until
from tests.engine.service.state_stream import Picture, state
from tests.engine.service.test_contract import held
from tests.engine.workspace import Workspace
from tests.small_engine import SmallEngine


def is_job(message: dict[str, Any], state: str) -> bool:
    return bool(message["event"] == "job" and message["status"]["state"] == state)


def test_a_reader_gets_everything_and_then_what_changes(served: ServedEngine) -> None:
    first = served.submit()
    with state(served) as reader:
        whole = reader.next()
        assert whole is not None and whole["event"] == "state"
        assert [each["job"] for each in whole["jobs"]] == [first]
        second = served.submit()
        found = reader.until(lambda each: is_job(each, "done") and each["status"]["job"] == second)
    words = [each for each in found if each["event"] == "words" and each["job"] == second]
    assert [each["text"] for each in words] == ["word 1", "word 2", "word 3"]
    assert [first, second] in [each["jobs"] for each in found if each["event"] == "order"]
    ids = [each["id"] for each in found]
    assert ids == sorted(set(ids)) and ids[0] > whole["id"]


def test_a_job_that_tells_much_is_told_of_four_times_a_second_and_last_of_all_as_it_is(
    still: ServedEngine,
) -> None:
    job = still.submit()
    with state(still) as reader:
        reader.next()
        began = time.monotonic()
        for _ in range(300):
            still.engine.tell(job, "progress", share=0)
        still.engine.finish(job)
        found = reader.until(lambda each: is_job(each, "done"))
        seconds = time.monotonic() - began
    statuses = [each for each in found if each["event"] == "job"]
    assert len(statuses) <= 2 + seconds / streaming.BEAT_SECONDS < 300


def test_a_reader_who_comes_back_gets_only_what_has_changed(still: ServedEngine) -> None:
    quiet, busy = still.submit(), still.submit()
    picture = Picture()
    with state(still) as reader:
        picture.take(reader.next() or {})
    still.engine.tell(busy, "note", text="One\u2028\ntwo.")
    still.engine.finish(busy)
    with state(still, picture.last) as reader:
        found = reader.until(lambda each: is_job(each, "done"))
    assert [each["event"] for each in found] == ["note", "order", "job"]
    list(map(picture.take, found))
    assert [each["state"] for each in picture.shown] == ["queued", "done"]
    assert [each["job"] for each in picture.shown] == [quiet, busy]


def test_after_is_as_last_event_id(still: ServedEngine) -> None:
    job = still.submit()
    last = still.engine.feed.last
    still.engine.finish(job)
    with socket.create_connection(("127.0.0.1", still.port), 20) as connection:
        connection.sendall(still.head(f"GET /events?after={last}"))
        got = b""
        while b"event: job" not in got:
            got += connection.recv(65536)
    assert b"event: state" not in got


def test_a_reader_of_another_engine_gets_everything(tmp_path: Path) -> None:
    with ServedEngine(SmallEngine(tmp_path, work=False)) as still:
        still.submit()
        last = still.engine.feed.last
    with ServedEngine(SmallEngine(tmp_path, work=False)) as still, state(still, last) as reader:
        whole = reader.next()
        assert whole is not None and len(whole["jobs"]) == 1


@pytest.mark.parametrize("last", ["x", "-1", "1.5"])
def test_an_id_that_is_none_is_refused(still: ServedEngine, last: str) -> None:
    assert still.ask("GET", "/events", headers={**still.shown, "Last-Event-ID": last}).status == 422


def test_without_the_token_nothing_is_told(still: ServedEngine) -> None:
    assert still.ask("GET", "/events", headers={}).status == 401


def test_a_quiet_stream_shows_that_it_lives(
    still: ServedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "KEEP_ALIVE_SECONDS", 0.05)
    with state(still) as reader:
        blocks = reader.blocks()
        assert [next(blocks)[:6] for _ in range(4)] == [": recu", "id: 0\n", ": stil", ": stil"]


def test_a_store_that_cannot_be_read_is_tried_again(
    still: ServedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "LONGEST_BEAT", 0.05)
    since, troubles = still.engine.state.since, [StoreBusy("a"), StoreBusy("a")]

    def troubled(after: int | None) -> Any:
        if troubles:
            raise troubles.pop()
        return since(after)

    monkeypatch.setattr(still.engine.state, "since", troubled)
    with state(still) as reader:
        assert (reader.next() or {})["event"] == "state"
    assert troubles == []


def test_a_reader_who_does_not_read_holds_up_nobody(
    still: ServedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "SEND_SECONDS", 2.0)
    monkeypatch.setattr(streaming, "BEAT_SECONDS", 0.01)
    job = still.submit()

    def tell() -> None:
        for _ in range(40):
            still.engine.tell(job, "note", text="x" * 200_000)
        still.engine.finish(job)

    lazy = socket.create_connection(("127.0.0.1", still.port), 20)
    lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    with lazy, state(still) as eager:
        eager.next()
        lazy.sendall(still.head("GET /events"))
        until(lambda: still.service.readers == 2)
        telling = threading.Thread(target=tell)
        telling.start()
        found = eager.until(lambda each: is_job(each, "done"))
        telling.join()
        assert len([each for each in found if each["event"] == "note"]) == 40
        until(lambda: still.service.readers == 1)
    until(lambda: still.service.readers == 0)


def test_the_engines_end_is_told_and_ends_the_stream(still: ServedEngine) -> None:
    job = still.submit()
    with state(still) as reader:
        reader.next()
        still.engine.finish(job)
        still.engine.stop()
        still.service.stop()
        rest = reader.rest()
    assert rest[-1] == {"event": "stopped"}
    assert any(is_job(each, "done") for each in rest)


def test_a_service_that_nobody_asked_to_stop_does_not_say_so(still: ServedEngine) -> None:
    with state(still) as reader:
        reader.next()
        still.service.stop()
        assert reader.rest() == []


def test_the_real_engine_tells_what_the_forms_promise(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    film = workspace.media("film.wav", 10)
    request = request_to_wire(asking(workspace, plain(film, "srt")))
    with open_engine(workspace) as engine, ServedEngine(engine) as served:
        with state(served) as reader:
            picture = Picture()
            picture.take(reader.next() or {})
            job = served.ask("POST", "/jobs", request).body["job"]
            for message in reader.until(lambda each: is_job(each, "done")):
                picture.take(message)
                if message["event"] == "job":
                    held(forms.StatusWire, message["status"])
        assert picture.shown == served.ask("GET", "/jobs").body["jobs"]
        assert [each["job"] for each in picture.shown] == [job]
