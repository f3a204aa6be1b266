"""The queue in a real store: order, states, what the same request means, and what is forgotten."""

from __future__ import annotations

import sqlite3
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.cues import Cue
from editor_plugin.core.errors import JobSetAside, JobUnknown, RecueError, RequestRefused
from editor_plugin.core.jobs.request import JobOptions, JobRequest, Order
from editor_plugin.core.jobs.result import JobResult
from editor_plugin.core.transcript import Window
from editor_plugin.engine.jobs.plan import Planned, plan_from_text, plan_to_text
from editor_plugin.engine.jobs.queue import KEPT_ENDED, JobQueue
from editor_plugin.engine.store import Database

PLAN = (Planned(3, (0, 99), (Window(10, 50, 0, 60), Window(50, 90, 50, 99))),)


def asking(name: str = "a", **options: Any) -> JobRequest:
    return JobRequest((Order(Path(f"/films/{name}.wav")),), JobOptions(**options))


@pytest.fixture
def queue(tmp_path: Path) -> JobQueue:
    return JobQueue(Database(tmp_path / "store.sqlite"))


def test_a_repaired_store_has_the_running_job_and_its_inputs_again(queue: JobQueue) -> None:
    number = queue.add(asking("a"))
    running = queue.next()
    assert running is not None
    with queue._database.write() as db:
        db.execute("DELETE FROM job")
    queue.complete(running)
    assert queue.standing(number) == ("running", None)
    assert [each.name for each in queue.inputs(number)] == ["a.wav"]
    queue.recover()
    assert queue.next() == running


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


def test_a_job_at_which_two_engines_died_is_set_aside_until_it_is_asked_for_again(
    queue: JobQueue,
) -> None:
    bad, other = queue.add(asking("a")), queue.add(asking("b"))
    for _ in range(2):
        job = queue.next()
        assert job is not None and job.id == bad
        queue.recover()
    state, error = queue.standing(bad)
    assert state == "failed" and isinstance(error, JobSetAside)
    job = queue.next()
    assert job is not None and job.id == other
    queue.recover()
    assert queue.standing(other)[0] == "queued"
    again = queue.add(asking("a"))
    assert again != bad and queue.standing(again)[0] == "queued"


def test_a_job_is_cancelled_whatever_it_does_and_an_ended_one_stays_as_it_is(
    queue: JobQueue,
) -> None:
    jobs = {state: queue.add(asking(state)) for state in ("running", "queued", "paused", "done")}
    for state, job in jobs.items():
        queue.set_state(job, state)
        queue.cancel(job)
        assert queue.is_cancelled(job) == (state != "done")
    queue.recover()
    assert queue.next() is None


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
    left = {order.input for order in queue.open_orders()}
    assert left == {Path("/films/a.wav"), Path("/films/c.wav")}


def test_the_error_that_ended_a_job_is_kept(queue: JobQueue) -> None:
    job = queue.add(asking())
    queue.set_state(job, "failed", RecueError("It rained.", "Wait."))
    error = queue.standing(job)[1]
    assert error is not None and error.message == "It rained."


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
    cue = Cue(Fraction(1, 3), Fraction(2), ("Zoë",))
    result = JobResult("a", Fraction(25), (cue,), (0.5,), "Zoë 1\n")
    queue.keep_result(job, 0, result, b"made", {})
    assert queue.result(job, 0) == result
    assert queue.made(job, 0) == b"made"


def test_a_job_that_another_version_has_kept_fails_and_the_next_has_its_turn(
    queue: JobQueue, tmp_path: Path
) -> None:
    foreign, good = queue.add(asking("a")), queue.add(asking("b"))
    with sqlite3.connect(tmp_path / "store.sqlite") as db:
        db.execute("""UPDATE job SET request = '{"orders": ["?"]}' WHERE id = ?""", (foreign,))
    job = queue.next()
    assert job is not None and job.id == good
    state, error = queue.standing(foreign)
    assert state == "failed" and isinstance(error, RequestRefused)


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
