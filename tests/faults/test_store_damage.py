"""The store is damaged, at opening and in mid-job: what can be read is saved, and it is said."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import pytest

from editor_plugin.core.errors import JobUnknown, StoreDamaged
from editor_plugin.core.jobs.request import JobRequest
from editor_plugin.engine.engine import Engine
from editor_plugin.engine.store.repair import repaired
from tests.faults import ledger
from tests.faults.household import Expected, Household, expected_of, film_of, finish, left_over

PAGE = 4096
T = TypeVar("T")
Damage = Callable[[Path], None]


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film_of(tmp_path_factory.mktemp("film") / "Take 7.wav", 40, seed=7)


@pytest.fixture(scope="module")
def half_done(
    short: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Expected, Path, JobRequest]:
    """What is to come out, and the data folder of an engine that ended in mid-job."""
    expected = expected_of(Household(tmp_path_factory.mktemp("undisturbed")), short)
    folder = tmp_path_factory.mktemp("half")
    household = Household(folder)
    household.plan(batch_time=0.15)
    with household.engine() as engine:
        job = engine.queue.add(household.request(short))
        wait_for_windows(engine, job, 4)
    assert 4 <= len(household.windows()) < len(expected.windows)
    assert left_over(folder) == []
    return expected, household.data, household.request(short)


def wait_for_windows(engine: Engine, job: int, count: int) -> None:
    seen = heard = 0
    while heard < count:
        for news in engine.feed.wait(job, seen, 10):
            seen = news["id"]
            heard += news["event"] == "words"


def goes_on(household: Household, short: Path, expected: Expected, cut_anew: bool) -> list[str]:
    """Open the engine and have the job done, as the user does who finds it gone; return what the
    user was told. Where the plan itself was lost, the rest may be cut anew; all of it is there."""
    with household.engine() as engine:
        jobs = asked_again(engine.queue.all)
        job = jobs[0].job if jobs else engine.queue.add(household.request(short))
        try:
            status = asked_again(lambda: finish(engine, job))
        except JobUnknown:  # what it asked for was lost with the damage
            status = finish(engine, engine.queue.add(household.request(short)))
        assert status.state == "done", str(status)
    told = [*status.notes, *(note for each in status.inputs for note in each.notes)]
    if household.files(short) != expected.files:
        assert cut_anew and told
        household.check_recut(short, expected)
    else:
        assert household.lost(short, expected) == 0
    return told


def asked_again(ask: Callable[[], T]) -> T:
    """What the engine answers; asked again where the store turns out damaged by it."""
    with contextlib.suppress(StoreDamaged):
        return ask()
    time.sleep(0.5)
    return ask()


def in_file(path: Path, text: bytes) -> int:
    content = path.read_bytes()
    assert text in content
    return content.index(text)


def flip(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1]))


def overwrite(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def flip_a_word(path: Path) -> None:
    flip(path, in_file(path, b'-3", ') + 1)


def flip_a_plan(path: Path) -> None:
    flip(path, in_file(path, b"[[1, [0, ") + 1)


def flip_a_request(path: Path) -> None:
    flip(path, in_file(path, b'"format": "words"') + 12)


def another_database(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE bookmarks (url)")


DAMAGES: dict[str, Damage] = {
    "a byte flipped in a word": flip_a_word,
    "a byte flipped in a plan": flip_a_plan,
    "a byte flipped in a request": flip_a_request,
    "cut in half": lambda path: os.truncate(path, path.stat().st_size // 2),
    "cut to nothing": lambda path: os.truncate(path, 0),
    "cut within a page": lambda path: os.truncate(path, path.stat().st_size - 1000),
    "zeroed header": lambda path: overwrite(path, 0, bytes(100)),
    "replaced by a text": lambda path: overwrite(path, 0, b"Dear diary. " * 5000),
    "replaced by another database": another_database,
    "zeroes in the middle": lambda path: overwrite(path, 2 * PAGE, bytes(8 * PAGE)),
}


def place(household: Household, data: Path, folded: bool) -> None:
    """Put a copy of the data folder in place, with all of it in the one file where `folded`."""
    shutil.copytree(data, household.data)
    if folded:
        with closing(sqlite3.connect(household.store)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_store_that_was_damaged_between_two_engines(
    household: Household, short: Path, half_done: tuple[Expected, Path, Any], damage: str
) -> None:
    expected, data, _ = half_done
    place(household, data, folded=True)
    own(household, half_done)
    DAMAGES[damage](household.store)
    damaged = household.store.read_bytes()
    with ledger.trial(f"store at opening: {damage}"):
        told = goes_on(household, short, expected, cut_anew="word" not in damage)
        notes = [each for each in told if "were damaged" in each]
        aside = household.data / "transcripts.damaged-1.sqlite"
        if notes:
            assert str(aside) in notes[0] and (aside.stat().st_size > 0 or not damaged)
        else:  # nothing of it was needed
            assert damage == "cut within a page" and household.files(short) == expected.files


def own(household: Household, half_done: tuple[Expected, Path, Any]) -> None:
    """Let the stored job write into this household, with its model."""
    old, new = str(half_done[1].parent), str(household.folder)
    household.out.parent.mkdir(exist_ok=True)
    household.__dict__["model"] = Path(old) / "model.nemo"
    household.__dict__["out"] = Path(old) / "Untertitel"
    assert new
    for left in household.out.iterdir():
        left.unlink()


def test_every_page_of_a_store_is_lost_once(
    household: Household, short: Path, half_done: tuple[Expected, Path, Any]
) -> None:
    expected, data, _ = half_done
    place(household, data, folded=True)
    own(household, half_done)
    whole = household.store.read_bytes()
    for page in range(len(whole) // PAGE):
        shutil.rmtree(household.data)
        household.data.mkdir()
        household.store.write_bytes(whole)
        for left in household.out.iterdir():
            left.unlink()
        overwrite(household.store, page * PAGE, bytes(PAGE))
        with ledger.trial("store at opening: a page of zeroes"):
            goes_on(household, short, expected, cut_anew=True)


@pytest.mark.parametrize("seed", range(6))
def test_a_log_that_was_damaged_gives_what_was_before(
    household: Household, short: Path, half_done: tuple[Expected, Path, Any], seed: int
) -> None:
    """The engine was killed: its last changes are in SQLite's log."""
    expected, data, _ = half_done
    place(household, data, folded=True)
    own(household, half_done)
    log = household.data / (household.store.name + "-wal")
    killed_while_writing(household, 8)
    size = log.stat().st_size
    chance = random.Random(seed)
    if seed == 0:
        overwrite(log, 0, bytes(32))
    elif seed == 1:
        os.truncate(log, size // 2)
    elif seed == 2:
        log.unlink()
    else:
        overwrite(log, chance.randrange(32, size // 2), chance.randbytes(64))
    with ledger.trial("store at opening: log damaged"):
        told = goes_on(household, short, expected, cut_anew=False)
        assert any("were damaged" in each for each in told) == (seed not in (1, 2))


def killed_while_writing(household: Household, count: int) -> None:
    """Leave a log behind, as an engine does that is killed: `count` changes that matter little."""
    store, other = household.store, household.folder / "copy"
    other.mkdir()
    db = sqlite3.connect(store)
    db.execute("PRAGMA wal_autocheckpoint = 0")
    for number in range(count):
        with db:
            db.execute("INSERT OR REPLACE INTO remembered VALUES (?, '{}')", (f"model {number}",))
    for path in household.data.glob(store.name + "*"):
        shutil.copyfile(path, other / path.name)
    db.close()
    for path in other.iterdir():
        shutil.copyfile(path, household.data / path.name)


@pytest.mark.parametrize("damage", ["a byte flipped in a word", "zeroes in the middle"])
def test_a_store_that_is_damaged_in_mid_job(
    household: Household, film: Path, expected: Expected, damage: str
) -> None:
    with ledger.trial(f"store in mid-job: {damage}"), household.engine() as engine:
        job = engine.queue.add(household.request(film))
        wait_for_windows(engine, job, 12)
        database = engine.store.database
        with database.exclusively():
            database.shrink()
            database.close()
            DAMAGES[damage](household.store)
            database.reopen()
        status = finish(engine, job)
        assert status.state == "done", str(status)
        notes = [*status.notes, *(note for each in status.inputs for note in each.notes)]
        assert any("were damaged" in note for note in notes)
        if damage == "a byte flipped in a word":
            household.check(film, expected)
        else:
            household.check_recut(film, expected)


def test_a_mending_that_is_cut_off_is_finished_by_the_next_engine(
    household: Household,
    short: Path,
    half_done: tuple[Expected, Path, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At each of its renames."""
    expected, data, _ = half_done
    for moves in range(4):
        place(household, data, folded=True)
        own(household, half_done)
        flip_a_word(household.store)
        with ledger.trial("killed while mending the store"):
            cut_off_mending(household, moves, monkeypatch)
            goes_on(household, short, expected, cut_anew=False)
            assert list(household.data.glob("*.damaged-*.sqlite")) != []
        shutil.rmtree(household.data)


def cut_off_mending(household: Household, moves: int, monkeypatch: pytest.MonkeyPatch) -> None:
    left = [moves]

    def move(name: str) -> Callable[[Path, Path], Path]:
        real = getattr(Path, name)

        def call(path: Path, target: Path) -> Path:
            if left[0] == 0:
                raise KeyboardInterrupt
            left[0] -= 1
            moved: Path = real(path, target)
            return moved

        return call

    with monkeypatch.context() as patch:
        for name in ("rename", "replace"):
            patch.setattr(Path, name, move(name))
        try:
            repaired(household.store)[0].close()
        except KeyboardInterrupt:
            return
