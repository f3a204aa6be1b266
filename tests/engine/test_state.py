"""Whoever keeps a picture of the engine's state by its messages has the right one, whenever it
looks, wherever its connection breaks, and however long it was away."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import JobUnknown
from editor_plugin.core.jobs.status import JobStatus, status_to_wire
from editor_plugin.engine.engine import Engine
from editor_plugin.engine.jobs import change_log
from editor_plugin.engine.jobs.feed import ORDER, Feed, ids_from_now
from editor_plugin.engine.state import EngineState, Topic
from tests.engine.jobs.open_engine import asking, open_engine, plain, until
from tests.engine.service.state_stream import Picture
from tests.engine.workspace import Workspace

Wire = dict[str, Any]


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Models are looked for in no folder of a user's."""
    monkeypatch.setenv("RECUE_HOME", str(tmp_path_factory.mktemp("home")))


class Household:
    """Jobs and models in memory, and the state of them."""

    def __init__(self, first: int = 1000) -> None:
        self.feed = Feed(first)
        self.jobs: dict[int, str] = {}
        self.models: dict[str, int] = {}
        topic = Topic("model", "models", lambda: list(map(self.model, self.models)), self._one)
        self.state = EngineState(self.feed, self, (topic,))
        self.texts: list[tuple[int, str]] = []

    def numbers(self) -> list[int]:
        return list(self.jobs)

    def status(self, job: int) -> JobStatus:
        if job not in self.jobs:
            raise JobUnknown(str(job))
        return JobStatus(job, self.jobs[job])

    def all(self) -> list[JobStatus]:
        return list(map(self.status, self.jobs))

    def model(self, name: str) -> Wire:
        return {"name": name, "received": self.models[name]}

    def _one(self, name: str) -> Wire | None:
        return self.model(name) if name in self.models else None

    def change(self, what: str, which: int) -> None:
        name = f"m{which}"
        if what == "job":
            if which not in self.jobs:
                self.feed.mark(*ORDER)
            self.jobs[which] = "running" if self.jobs.get(which) == "queued" else "queued"
            self.feed.emit(which, {"event": "state", "state": self.jobs[which], "error": None})
        elif what == "words":
            self.texts.append((which, f"text {len(self.texts)}"))
            self.feed.emit(which, {"event": "words", "text": self.texts[-1][1]})
        elif what == "delete":
            self.jobs.pop(which, None)
            self.feed.mark(*ORDER)
        elif what == "model":
            is_new = name not in self.models
            self.models[name] = self.models.get(name, 0) + 1
            self.feed.mark("model", "" if is_new else name)
        elif what == "remove":
            self.models.pop(name, None)
            self.feed.mark("model", "")
        else:
            self.jobs = {job: "done" for job in self.jobs}
            self.feed.renew()

    def is_shown_by(self, picture: Picture) -> bool:
        shown = picture.shown == [status_to_wire(each) for each in self.all()]
        models = {name: self.model(name) for name in self.models}
        return shown and picture.things == {"models": models}


CHANGES = ("job", "job", "words", "delete", "model", "remove", "renew")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(CHANGES), st.integers(1, 4)),
        st.tuples(st.just("look"), st.integers(0, 6)),
    ),
    max_size=60,
)


@given(STEPS, st.integers(2, 12))
def test_the_picture_is_right_after_each_look(steps: list[tuple[str, int]], kept: int) -> None:
    """A look is cut off after some messages, as by a broken connection, unless that is 0."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(change_log, "KEPT_THINGS", kept)
        patched.setattr(change_log, "KEPT_TEXTS", kept)
        household, picture, read = Household(), Picture(), list[tuple[int, str]]()
        for what, number in (*steps, ("look", 0)):
            if what != "look":
                household.change(what, number)
                continue
            messages = household.state.since(picture.last or None)
            for message in messages[: number or len(messages)]:
                picture.take(message)
                if message["event"] == "words":
                    read.append((message["job"], message["text"]))
                if message["event"] == "state":
                    read = list(household.texts)  # the page asks for the news of its jobs
            if not number:
                assert household.is_shown_by(picture)
                assert read == household.texts


@given(st.lists(st.integers(1, 3), min_size=1, max_size=50))
def test_a_thing_that_changes_often_is_told_once(jobs: list[int]) -> None:
    household = Household()
    start = household.feed.last
    for job in jobs:
        household.change("job", job)
    told = [each for each in household.state.since(start) if each["event"] == "job"]
    assert sorted(each["status"]["job"] for each in told) == sorted(set(jobs))


def test_a_change_among_500_jobs_asks_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    household, asked, status = Household(), list[int](), Household.status
    for job in range(500):
        household.change("job", job)

    def counted(self: Household, job: int) -> JobStatus:
        asked.append(job)
        return status(self, job)

    monkeypatch.setattr(Household, "status", counted)
    start = household.feed.last
    household.change("job", 250)
    assert len(household.state.since(start)) == 2  # and the order
    assert asked == [250]


def of_an_earlier_engine(_feed: Feed) -> int:
    return 999


def of_nobody(feed: Feed) -> int:
    return feed.last + 1


@pytest.mark.parametrize("after", [of_an_earlier_engine, of_nobody])
def test_an_id_that_this_engine_never_gave_gets_the_whole_state(
    after: Callable[[Feed], int],
) -> None:
    household = Household()
    household.change("job", 1)
    (whole,) = household.state.since(after(household.feed))
    assert whole["event"] == "state"
    assert household.state.since(whole["id"]) == []


def test_two_engines_never_give_the_same_id() -> None:
    first = Feed(ids_from_now())
    for _ in range(5):
        first.mark("model", "a")
    until = time.monotonic() + 0.02  # more milliseconds than there were events
    while time.monotonic() < until:
        assert Feed(ids_from_now()).changes(first.last) is None, "whenever the next one starts"


def look(engine: Engine, picture: Picture) -> list[Wire]:
    """Bring a picture up to date, and compare it with the engine; the messages."""
    messages = engine.state.since(picture.last or None)
    list(map(picture.take, messages))
    assert picture.shown == [status_to_wire(each) for each in engine.queue.all()]
    return messages


def test_what_the_real_engine_does_is_marked(tmp_path: Path) -> None:
    workspace, picture = Workspace(tmp_path), Picture()
    film = workspace.media("film.wav", 10)
    with open_engine(workspace) as engine:
        assert look(engine, picture)[0]["jobs"] == []
        for path, state in ((film, "done"), (tmp_path / "missing.wav", "failed")):
            job = engine.queue.add(asking(workspace, plain(path)))
            while not any(each.get("state") == state for each in engine.feed.since(job, 0)):
                engine.feed.wait(job, engine.feed.last, 1)
            told = look(engine, picture)
            assert {"order", "job"} <= {each["event"] for each in told}
            assert picture.jobs[job]["state"] == state
            words = [each for each in told if each["event"] == "words"]
            assert [(each["job"], each["input_number"]) for each in words] == [(1, 0)][job - 1 :]


def test_what_is_done_to_jobs_is_marked(tmp_path: Path) -> None:
    workspace, picture = Workspace(tmp_path), Picture()
    engine = open_engine(workspace)  # whose worker does not run
    try:
        look(engine, picture)
        jobs = [engine.queue.add(asking(workspace, plain(tmp_path / name))) for name in "abc"]
        assert len(look(engine, picture)) == 4  # one order
        queue = engine.queue
        for steer in (queue.pause, queue.resume, queue.first, queue.cancel):
            steer(jobs[2])
            assert look(engine, picture)
        assert picture.order == [1, 2, 3]
        engine.queue.add(asking(workspace, plain(tmp_path / "a")))  # known already
        look(engine, picture)
    finally:
        engine.__exit__()


def test_a_job_that_cannot_be_read_is_marked(tmp_path: Path) -> None:
    workspace, picture = Workspace(tmp_path), Picture()
    engine = open_engine(workspace)
    job = engine.queue.add(asking(workspace, plain(tmp_path / "a")))
    look(engine, picture)
    with engine.store.database.write() as db:
        db.execute("UPDATE job SET request = '{}'")
    with engine:
        until(engine, job, "failed")
        engine.feed.wait(job, 0, 10)
        look(engine, picture)


def test_a_repaired_store_is_told_anew(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with open_engine(workspace) as engine:
        last = engine.state.since(None)[-1]["id"]
        engine._repair()
        (whole,) = engine.state.since(last)
        assert whole["event"] == "state"


def test_another_engine_tells_everything_anew(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with open_engine(workspace) as engine:
        engine.queue.pause(engine.queue.add(asking(workspace, plain(tmp_path / "missing.wav"))))
        last = engine.feed.last
    with open_engine(workspace) as engine:
        (whole,) = engine.state.since(last)
        assert [each["job"] for each in whole["jobs"]] == [1]
