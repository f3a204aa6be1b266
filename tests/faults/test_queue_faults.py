"""What users and the system do to jobs: stop, pause, ask twice, set the clock."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from editor_plugin.core.jobs.request import JobRequest
from editor_plugin.core.jobs.status import FINAL_STATES
from editor_plugin.engine.engine import Engine
from editor_plugin.engine.jobs import queue as queue_module
from editor_plugin.engine.jobs.queue import JobQueue
from editor_plugin.engine.store import Database
from tests.faults import ledger
from tests.faults.engines import Engines
from tests.faults.household import Expected, Household, film_of, finish
from tests.faults.test_store_damage import wait_for_windows


@pytest.fixture(scope="module")
def engines() -> Iterator[Engines]:
    engines = Engines()
    yield engines
    engines.close()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film_of(tmp_path_factory.mktemp("small") / "small.wav", 5)


def test_a_cancelled_job_that_is_asked_for_again_goes_on(
    household: Household, film: Path, expected: Expected
) -> None:
    with ledger.trial("cancel"), household.engine() as engine:
        job = engine.queue.add(household.request(film))
        wait_for_windows(engine, job, 4)
        engine.queue.cancel(job)
        assert finish(engine, job).state == "cancelled"
        kept = len(household.windows())
        again = engine.queue.add(household.request(film))
        assert again != job and finish(engine, again).state == "done"
        household.check(film, expected)
        assert 4 <= kept < len(expected.windows)


def test_a_paused_job_outlives_the_engine_and_goes_on_when_it_is_resumed(
    household: Household, film: Path, expected: Expected
) -> None:
    with ledger.trial("pause and resume"):
        with household.engine() as engine:
            job = engine.queue.add(household.request(film))
            wait_for_windows(engine, job, 4)
            engine.queue.pause(job)
            finish(engine, job, "paused")
        with household.engine() as engine:
            time.sleep(0.2)
            assert engine.queue.status(job).state == "paused" and engine.idle
            engine.queue.resume(job)
            assert finish(engine, job).state == "done"
        household.check(film, expected)


def test_pause_and_resume_in_one_breath(
    household: Household, film: Path, expected: Expected
) -> None:
    with ledger.trial("pause and resume"), household.engine() as engine:
        job = engine.queue.add(household.request(film))
        wait_for_windows(engine, job, 2)
        engine.queue.pause(job)
        engine.queue.resume(job)
        status = finish(engine, job, "done", "failed", "cancelled", "paused")
        assert status.state == "done"
        household.check(film, expected)


def test_what_is_to_be_first_is_done_first(household: Household, film: Path, small: Path) -> None:
    requests: list[JobRequest] = []
    for name in ("a", "b", "c"):
        (order,) = household.request(small).orders
        outputs = (
            replace(order.outputs[0], path=household.out / f"{name}.srt"),
            *order.outputs[1:],
        )
        requests.append(
            replace(household.request(small), orders=(replace(order, outputs=outputs),))
        )
    with ledger.trial("order of the queue"), household.engine() as engine:
        running = engine.queue.add(household.request(film))
        wait_for_windows(engine, running, 1)
        first, second, third = (engine.queue.add(request) for request in requests)
        engine.queue.first(third)
        assert [each.job for each in engine.queue.all()] == [running, third, first, second]
        finish(engine, second)
        ended = [engine.queue.status(job).state for job in (running, third, first, second)]
        assert ended == ["done"] * 4


def test_two_editors_and_one_of_them_clicks_twice(
    household: Household, film: Path, expected: Expected, small: Path
) -> None:
    with ledger.trial("two editors' jobs"), household.engine() as engine:
        one = engine.queue.add(household.request(film))
        other = engine.queue.add(household.request(small))
        assert engine.queue.add(household.request(film)) == one != other
        assert engine.queue.add(household.request(small)) == other
        assert finish(engine, one).state == finish(engine, other).state == "done"
        assert household.lost(film, expected) == 0
        assert household.files(film) == expected.files
        begun = household.heard()
        assert len(begun) == len(set(begun))


@pytest.mark.parametrize("years", [-40, -1, 1, 70])
def test_a_clock_that_jumps_changes_nothing(
    household: Household,
    film: Path,
    expected: Expected,
    years: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jump = [0.0]
    real = time.time

    class Later(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
            return super().fromtimestamp(max(0, real() + jump[0]), tz)

    monkeypatch.setattr(time, "time", lambda: real() + jump[0])
    monkeypatch.setattr(time, "time_ns", lambda: int((real() + jump[0]) * 1e9))
    monkeypatch.setattr(queue_module, "datetime", Later)
    with ledger.trial("clock set by years"), household.engine() as engine:
        job = engine.queue.add(household.request(film))
        for count in (2, 4, 6):
            wait_for_windows(engine, job, count)
            jump[0] += years * 365 * 86_400
        status = finish(engine, job)
        assert status.state == "done" and status.percent == 100
        household.check(film, expected)
        assert len(household.heard()) == len(expected.windows)


def test_an_engine_that_is_asked_to_end_puts_its_job_back(
    engines: Engines, household: Household, film: Path, expected: Expected
) -> None:
    with ledger.trial("SIGTERM of the engine"):
        for _ in range(3):
            engine = engines.start(household, film)
            for _ in range(3):
                assert engine.until("kept")
            engine.terminate()
            engine.until("gone")
            assert list(household.work.iterdir()) == []
        engine = engines.start(household, film)
        engine.until("gone")
        assert engine.end is not None and engine.end["state"] == "done"
        household.check(film, expected)


@pytest.mark.parametrize("stage", ["importing", "loading", "planning", "batch", "window", "end"])
def test_a_runner_that_hangs_does_not_stop_the_job(
    household: Household, film: Path, expected: Expected, stage: str
) -> None:
    household.plan({"do": "stall", "at": stage, "start": 1})
    with ledger.trial("runner hangs"), household.engine(brisk=True) as engine:
        job = engine.queue.add(household.request(film))
        assert finish(engine, job).state == "done"
        household.check(film, expected)


@pytest.mark.parametrize("stage", ["loading", "batch"])
def test_a_job_is_stopped_while_the_runner_hangs(
    household: Household, film: Path, expected: Expected, stage: str
) -> None:
    household.plan({"do": "stall", "at": stage, "start": 1})
    with ledger.trial("stopped while the runner hangs"):
        with household.engine() as engine:
            job = engine.queue.add(household.request(film))
            while not household.stage.events("trouble"):
                time.sleep(0.02)
        with household.engine() as engine:
            assert finish(engine, job).state == "done"
        household.check(film, expected)


def test_a_job_at_which_two_engines_died_waits_until_it_is_asked_for_again(
    engines: Engines, household: Household, film: Path, expected: Expected
) -> None:
    with ledger.trial("engine dies twice at a job"):
        for _ in range(2):
            engine = engines.start(household, film)
            assert engine.until("kept")
            assert not engine.has_said("set aside")
            engine.kill("engine")
        engine = engines.start(household, film)
        assert engine.until("set aside", "recognising") and engine.has_said("set aside")
        engine.until("gone")
        assert engine.end is not None and engine.end["state"] == "done"
        household.check(film, expected)


def test_a_job_that_is_paused_and_resumed_has_all_its_attempts_again(
    household: Household, film: Path
) -> None:
    with ledger.trial("engine dies twice at a job"), household.engine() as engine:
        queue, database = JobQueue(engine.store.database), engine.store.database
        job = queue.add(household.request(film))
        for ask in (lambda: engine.queue.resume(job), lambda: queue.add(household.request(film))):
            with database.write() as db:
                db.execute("UPDATE job SET state = 'paused', deaths = 1")
            ask()
            assert database.read("SELECT deaths FROM job") == [(0,)]
        engine.queue.cancel(job)


def test_a_job_that_runs_is_cancelled_by_a_program_that_cannot_reach_its_engine(
    household: Household, film: Path
) -> None:
    with ledger.trial("cancel"), household.engine() as engine:
        job = engine.queue.add(household.request(film))
        wait_for_windows(engine, job, 2)
        other = Database(household.store)
        JobQueue(other).cancel(job)
        other.close()
        wait_for_end(engine, job)
        assert engine.queue.status(job).state == "cancelled"
        assert len(household.windows()) < 20


def wait_for_end(engine: Engine, job: int) -> None:
    """Wait for the event of its end: the store says so earlier here."""
    seen = 0
    while True:
        for news in engine.feed.wait(job, seen, 10):
            seen = news["id"]
            if news["event"] == "state" and news["state"] in FINAL_STATES:
                return
