"""The queue in a real store: order, states, what the same request means, and what is forgotten."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import JobUnknown, RecueError, RequestRefused, SettingsInvalid
from editor_plugin.core.timeline import Clip, Media, Span, Timeline, Track
from editor_plugin.core.transcript import Window
from editor_plugin.engine.jobs.inputs import InputOptions
from editor_plugin.engine.jobs.order import Order
from editor_plugin.engine.jobs.plan import Planned, plan_from_text, plan_to_text
from editor_plugin.engine.jobs.queue import KEPT_ENDED, JobQueue
from editor_plugin.engine.jobs.request import orders_of, request_of
from editor_plugin.engine.store import Database

PLAN = (Planned(3, (0, 99), (Window(10, 50, 0, 60), Window(50, 90, 50, 99))),)


def asking(name: str = "a", **settings: Any) -> dict[str, Any]:
    return request_of([Order(Path(f"/films/{name}.wav"), ())], settings)


@pytest.fixture
def queue(tmp_path: Path) -> JobQueue:
    return JobQueue(Database(tmp_path / "store.sqlite"))


def test_jobs_come_in_the_order_of_their_adding(queue: JobQueue) -> None:
    jobs = [queue.add(asking(name)) for name in "abc"]
    assert [queue.next().id for _ in jobs] == jobs  # type: ignore[union-attr]
    assert queue.next() is None


def test_a_job_may_be_put_first_at_its_adding_or_later(queue: JobQueue) -> None:
    a, b = queue.add(asking("a")), queue.add(asking("b"))
    c = queue.add(asking("c"), first=True)
    queue.put_first(b)
    assert queue.numbers() == [b, c, a]


def test_what_was_in_work_when_the_engine_ended_is_next_again(queue: JobQueue) -> None:
    a, _ = queue.add(asking("a")), queue.add(asking("b"))
    queue.next()
    queue.recover()
    job = queue.next()
    assert job is not None and job.id == a


def test_the_same_request_while_it_waits_runs_or_rests_is_one_job(queue: JobQueue) -> None:
    job = queue.add(asking())
    assert queue.add(asking()) == job
    queue.next()
    assert queue.add(asking()) == job
    queue.set_state(job, "paused")
    assert queue.add(asking()) == job and queue.standing(job)[0] == "queued"


@pytest.mark.parametrize("ended", ["cancelled", "failed", "done"])
def test_the_same_request_after_the_end_is_a_new_job_that_goes_on_by_its_plan(
    queue: JobQueue, ended: str
) -> None:
    job = queue.add(asking())
    queue.keep_plan(job, 0, PLAN)
    queue.set_state(job, ended)
    again = queue.add(asking())
    assert again != job and queue.plan(again, 0) == PLAN
    assert queue.plan(queue.add(asking(style="shorts")), 0) == ()


def test_what_is_to_be_gone_on_with_is_known(queue: JobQueue) -> None:
    jobs = {name: queue.add(asking(name)) for name in "abc"}
    queue.set_state(jobs["a"], "paused")
    queue.set_state(jobs["b"], "done")
    left = {job.id: job.orders[0].input for job in queue.unfinished()}
    assert left == {jobs["a"]: Path("/films/a.wav"), jobs["c"]: Path("/films/c.wav")}


def test_the_error_that_ended_a_job_is_kept(queue: JobQueue) -> None:
    job = queue.add(asking())
    queue.set_state(job, "failed", RecueError("It rained.", "Wait."))
    assert (queue.standing(job)[1] or {})["message"] == "It rained."


def test_only_the_oldest_that_ended_are_forgotten(queue: JobQueue) -> None:
    waiting = queue.add(asking("waiting"))
    jobs = [queue.add(asking(str(number))) for number in range(KEPT_ENDED + 3)]
    for job in jobs:
        queue.set_state(job, "done")
    assert queue.numbers() == [waiting, *reversed(jobs[3:])]
    with pytest.raises(JobUnknown):
        queue.standing(jobs[0])
    with pytest.raises(JobUnknown):
        queue.result(jobs[5], 0)


def test_a_result_comes_back_as_it_was(queue: JobQueue) -> None:
    job = queue.add(asking())
    queue.keep_result(job, 0, {"srt": "Zoë 1\n"}, b"made")
    assert queue.result(job, 0) == {"srt": "Zoë 1\n"}
    assert queue.made(job, 0) == b"made"


CLIP = Clip("a", Span(Fraction(0), Fraction(2)), Fraction(1, 24), media=Media("/a.wav", 1, None))
TIMELINE = Timeline("My cut", Fraction(25), (Track("A1", 1, (CLIP,)),))
ORDERS = [
    Order(Path("/films/é.mov"), (("srt", Path("/out/é.srt")), ("words", Path("/out/é.json")))),
    Order(
        Path("/cut.edl"),
        (),
        InputOptions(("1", "00:00:09:12"), 0, 3, (Path("/media"),), Fraction(30000, 1001)),
    ),
    Order(
        Path("My cut"), (), timeline=Timeline("My cut", Fraction(25), (Track("A1", 1, (CLIP,)),))
    ),
]


def test_an_order_comes_back_as_it_was() -> None:
    assert orders_of(request_of(ORDERS, {})) == ORDERS


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"input": "relative.wav"},
        {"input": "/a/../../etc/passwd"},
        {"input": "/a\0b"},
        {"input": 7},
        {"input": "/a.wav", "stream": -1},
        {"input": "/a.wav", "outputs": [{"format": "srt"}]},
        {"input": "/a.wav", "outputs": [{"format": "srt", "path": "a.srt"}]},
        {"input": "/a.wav", "span": ["1"]},
        {"input": "/a.wav", "rate": "1/0"},
        "no order",
    ],
)
def test_what_is_no_order_is_refused_before_it_is_a_job(queue: JobQueue, order: Any) -> None:
    with pytest.raises(RequestRefused):
        queue.add({"orders": [order], "settings": {}})
    assert queue.numbers() == []


@pytest.mark.parametrize("settings", [{"modle": "x"}, {"device": "toaster"}, {"window_seconds": 1}])
def test_settings_that_cannot_be_are_said_at_once(
    queue: JobQueue, settings: dict[str, Any]
) -> None:
    with pytest.raises(SettingsInvalid):
        queue.add(asking(**settings))


spans = st.tuples(
    st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 9), st.integers(0, 9)
)
windows = spans.map(lambda s: Window(s[0] + s[2], s[0] + s[2] + s[1], s[0], sum(s)))
plans = st.lists(
    st.builds(
        Planned,
        st.integers(1, 10**9),
        st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)),
        st.lists(windows, max_size=4).map(tuple),
    ),
    max_size=4,
).map(tuple)


@given(plans)
def test_any_plan_comes_back_as_it_was(plan: tuple[Planned, ...]) -> None:
    assert plan_from_text(plan_to_text(plan)) == plan
