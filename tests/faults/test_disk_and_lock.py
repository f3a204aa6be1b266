"""A full disk, a locked store, a second engine, and an output that cannot be written in the end."""

from __future__ import annotations

import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from editor_plugin.core.errors import EngineRunning, RecueError, StoreBusy
from tests.faults import ledger
from tests.faults.household import Expected, Household, code_of, finish
from tests.faults.test_store_damage import wait_for_windows
from tests.small_disk import mounted

STORE_KILOBYTES = 360
"""Room for a store with some of the film's words, and not for all."""


def enlarge(folder: Path) -> None:
    """The user has freed some space."""
    subprocess.run(["mount", "-o", "remount,size=50m", str(folder)], check=True)


def test_a_disk_that_fills_up_at_a_commit(
    household: Household, film: Path, expected: Expected
) -> None:
    """The same engine goes on once there is room, and nothing that was kept is heard again."""
    with mounted(household.data, f"size={STORE_KILOBYTES}k"), ledger.trial("disk full at a commit"):
        with household.engine() as engine:
            request = household.request(film)
            job = engine.queue.add(request)
            status = finish(engine, job)
            assert (status.state, code_of(status)) == ("failed", "disk-full")
            kept, begun = household.windows(), len(household.heard())
            assert 0 < len(kept) < len(expected.windows)
            with pytest.raises(RecueError, match="is full"):
                engine.queue.add(request)  # still no room
            enlarge(household.data)
            again = engine.queue.add(request)
            assert again != job and finish(engine, again).state == "done"
        household.check(film, expected)
        assert len(household.heard()) - begun == len(expected.windows) - len(kept)


def test_a_disk_that_fills_up_while_extracting(
    household: Household, film: Path, expected: Expected
) -> None:
    with mounted(household.work, "size=500k"), ledger.trial("disk full while extracting"):
        with household.engine() as engine:
            job = engine.queue.add(household.request(film))
            status = finish(engine, job)
            assert (status.state, code_of(status)) == ("failed", "disk-full")
            assert list(household.work.iterdir()) == []
            enlarge(household.work)
            again = engine.queue.add(household.request(film))
            assert finish(engine, again).state == "done"
        household.check(film, expected)


def test_a_disk_that_is_full_where_the_subtitles_go(
    household: Household, film: Path, expected: Expected
) -> None:
    with mounted(household.out, "size=4k"), ledger.trial("disk full where the subtitles go"):
        with household.engine() as engine:
            job = engine.queue.add(household.request(film))
            status = finish(engine, job)
            assert status.state == "failed"
            begun = len(household.heard())
            enlarge(household.out)
            again = engine.queue.add(household.request(film))
            assert finish(engine, again).state == "done"
        household.check(film, expected)
        assert len(household.heard()) == begun == len(expected.windows)


def test_an_output_that_cannot_be_written_any_more_at_the_end(
    household: Household, film: Path, expected: Expected
) -> None:
    with ledger.trial("output folder gone at the end"), household.engine() as engine:
        job = engine.queue.add(household.request(film))
        wait_for_windows(engine, job, 3)
        household.out.rmdir()
        status = finish(engine, job)
        assert status.state == "failed"
        assert code_of(status.inputs[0]) == "output-unwritable"
        begun = len(household.heard())
        household.out.mkdir()
        again = engine.queue.add(household.request(film))
        assert finish(engine, again).state == "done"
        household.check(film, expected)
        assert len(household.heard()) == begun == len(expected.windows)


@contextmanager
def locked(store: Path) -> Iterator[None]:
    """Another program holds the store."""
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_store_that_is_locked_for_longer_than_the_engine_waits(
    household: Household, film: Path, expected: Expected
) -> None:
    with ledger.trial("store locked in mid-job"), household.engine(busy_seconds=0.3) as engine:
        job = engine.queue.add(household.request(film))
        wait_for_windows(engine, job, 4)
        with locked(household.store):
            status = finish(engine, job)
            kept = household.windows()
        assert (status.state, code_of(status)) == ("failed", "store-busy")
        again = engine.queue.add(household.request(film))
        assert finish(engine, again).state == "done"
        household.check(film, expected)
        assert kept <= household.windows()


def test_a_store_that_is_locked_for_a_while_only(
    household: Household, film: Path, expected: Expected
) -> None:
    with ledger.trial("store locked for a while"), household.engine() as engine:
        job = engine.queue.add(household.request(film))
        wait_for_windows(engine, job, 4)
        with locked(household.store):
            threading.Event().wait(0.5)
        assert finish(engine, job).state == "done"
        household.check(film, expected)
        assert len(household.heard()) == len(expected.windows)


def test_a_store_that_is_locked_at_opening(
    household: Household, film: Path, expected: Expected
) -> None:
    with household.engine():
        pass
    with ledger.trial("store locked at opening"):
        with locked(household.store), pytest.raises(StoreBusy):
            household.engine(busy_seconds=0.2)
        with household.engine() as engine:  # it let go of everything
            job = engine.queue.add(household.request(film))
            assert finish(engine, job).state == "done"
        household.check(film, expected)


def test_two_engines_cannot_own_one_store(
    household: Household, film: Path, expected: Expected
) -> None:
    with ledger.trial("a second engine"), household.engine() as engine:
        job = engine.queue.add(household.request(film))
        wait_for_windows(engine, job, 3)
        (sound,) = household.work.iterdir()
        with pytest.raises(EngineRunning):
            household.engine()
        assert sound.exists()  # the other one's
        assert finish(engine, job).state == "done"
        household.check(film, expected)
        assert len(household.heard()) == len(expected.windows)
