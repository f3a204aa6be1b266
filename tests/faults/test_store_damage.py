"""The store is damaged, at opening and in mid-job: what can be read is saved, and it is said."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import pytest

from editor_plugin.core.errors import JobUnknown, StoreDamaged
from editor_plugin.core.glossary import Term
from editor_plugin.core.jobs.request import JobRequest
from editor_plugin.core.transcript import HeardWindow, Window, Word
from editor_plugin.engine.corrections import (
    add_term,
    export_corrections,
    export_terms,
    listed,
    terms,
)
from editor_plugin.engine.corrections.provenance_file import read_made
from editor_plugin.engine.engine import STORE, Engine
from editor_plugin.engine.search import refresh, search
from editor_plugin.engine.store import Store
from editor_plugin.engine.store.outputs import provenance_by_name
from editor_plugin.engine.store.repair import repaired
from editor_plugin.engine.store.store import RecognitionKey
from tests.engine.jobs.open_engine import open_engine
from tests.engine.workspace import Workspace
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


STORED = Path(__file__).parents[1] / "golden" / "landed" / "transcripts.sqlite"
SHORT, ALL = 60, 300
"""Random damages in every run, and where RECUE_TEST_ALL_DAMAGES is set."""
COMPLETE = (1201, 61, 61)
"""Words, corrections and terms of the store."""
SEEDS = range(ALL if os.environ.get("RECUE_TEST_ALL_DAMAGES") else SHORT)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store as a killed engine leaves it: half of it still in the log."""
    folder, other = tmp_path_factory.mktemp("stored"), tmp_path_factory.mktemp("written")
    shutil.copyfile(STORED, other / STORE)
    store = Store.at(other / STORE)
    hearing = store.recognition(RecognitionKey(1, 3, None, "model", None))
    for number in range(60):
        if number == 30:
            store.database.shrink()
        start = number * 16_000
        words = tuple(word_at(start + n) for n in range(20))
        store.commit(
            hearing, HeardWindow(Window(start, start + 16_000, start, start + 16_000), words)
        )
        add_term(store.database, Term(f"wrong {number}", "right"), "")
        with store.database.write() as db:
            db.execute(
                'INSERT INTO correction (batch, media, stream, channel, start, "end",'
                " before, after) SELECT batch, media, stream, channel, ?, ?, before, after"
                " FROM correction LIMIT 1",
                (f"{number}/3", f"{number + 1}/3"),
            )
        while number % 20 == 0 and refresh(store.database):
            pass  # the index is in the file and in the log, and a part of it is still to be made
    for path in other.iterdir():
        shutil.copyfile(path, folder / path.name)
    store.close()
    return folder


def word_at(sample: int) -> Word:
    return Word(f"word{sample}", Fraction(sample, 16_000), Fraction(sample + 1, 16_000))


def random_damage(folder: Path, seed: int) -> str:
    """Damage a store in one of many ways; what was done."""
    chance = random.Random(seed)
    path = folder / (STORE if chance.random() < 0.7 else STORE + "-wal")
    size = path.stat().st_size
    at = chance.choice((chance.randrange(100), chance.randrange(size), chance.randrange(size)))
    kind = chance.choice(("bits", "bits", "bytes", "block", "zeroes", "cut", "version", "gone"))
    if kind == "bits":
        for _ in range(chance.choice((1, 1, 8, 64, 512))):
            flip(path, chance.randrange(size))
    elif kind == "bytes":
        overwrite(path, at, chance.randbytes(chance.choice((1, 4, 64))))
    elif kind == "block":
        overwrite(path, at // PAGE * PAGE, chance.randbytes(PAGE))
    elif kind == "zeroes":
        overwrite(path, at // 512 * 512, bytes(chance.choice((512, PAGE, 4 * PAGE))))
    elif kind == "cut":
        os.truncate(path, at)
    elif kind == "gone":
        path.unlink()
    else:
        (folder / (STORE + "-wal")).unlink()
        versions = (0, 1, 2, 4, 7, 255, 2**31 - 1, chance.randrange(2**31))
        overwrite(folder / STORE, 60, chance.choice(versions).to_bytes(4, "big"))
    return f"{kind} of {path.name}"


def everything(engine: Engine) -> tuple[int, int, int]:
    """Read all that is kept; how many words, corrections and terms there are."""
    database = engine.store.database
    for status in engine.queue.all():
        for number in range(len(status.inputs)):
            with contextlib.suppress(JobUnknown):
                engine.queue.result(status.job, number)
    words = 0
    for (hearing,) in database.read("SELECT id FROM hearing"):
        engine.store.covered(hearing)
        words += len(engine.store.words(hearing))
    export_corrections(database)
    export_terms(database)
    provenance_by_name(database, "film.srt")
    for (made,) in database.read("SELECT made FROM output WHERE made IS NOT NULL"):
        read_made(made)
    search(database, "wor", 500)
    corrections = sum(len(batch.corrections) for batch in listed(database))
    return words, corrections, len(terms(database))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_damage_is_mended_and_what_was_saved_is_counted(
    tmp_path: Path, stored: Path, seed: int
) -> None:
    workspace = Workspace(tmp_path)
    shutil.copytree(stored, tmp_path / "data")
    what = random_damage(tmp_path / "data", seed)
    with ledger.trial(f"store damaged at random: {what.partition(' ')[0]}"):
        for _ in range(4):
            with open_engine(workspace) as engine, contextlib.suppress(StoreDamaged):
                found = everything(engine)
                break
        else:
            raise AssertionError(what)
        for note in engine.notes:
            saved = re.findall(r"(\d+) (?:word|correction|term)", note)
            assert tuple(map(int, saved)) in (found, ()), (what, note, found)
        whole = list((tmp_path / "data").glob("*.damaged-*")) == []
        assert found == COMPLETE or not whole or "wal" in what or "gone" in what, (what, found)
