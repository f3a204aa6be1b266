"""Opening the store: made, brought up to date, refused, and repaired."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import pytest

from editor_plugin.core.errors import StoreBusy, StoreDamaged, StoreNewer
from editor_plugin.core.transcript import HeardWindow, Window, Word
from editor_plugin.engine.store import Database, RecognitionKey, Store, opened
from editor_plugin.engine.store.identity import first_fingerprint
from editor_plugin.engine.store.outputs import last_written
from editor_plugin.engine.store.repair import repaired
from editor_plugin.engine.store.schema import STEPS, VERSION


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "transcripts.sqlite"


def of_first_schema(path: Path, film: Path, model: Path) -> None:
    """A store as the first version wrote it: a window of a film, heard by a model."""
    old = sqlite3.connect(path)
    old.executescript(STEPS[0])
    media, heard_by = first_fingerprint(film), first_fingerprint(model)
    old.execute("INSERT INTO hearing VALUES (7, ?, -1, -1, ?, '', 99000)", (media, heard_by))
    old.execute("""INSERT INTO window VALUES (7, 0, 16000, 0, 16000, '[["hi", 0, 800, null]]')""")
    old.execute("INSERT INTO remembered VALUES (?, '{}')", (heard_by,))
    old.execute("INSERT INTO written VALUES ('/a.srt', 'abc')")
    old.execute("PRAGMA user_version = 1")
    old.commit()
    old.close()


def test_words_of_the_first_schema_are_found_again(path: Path, tmp_path: Path) -> None:
    film, model = tmp_path / "film.wav", tmp_path / "model.nemo"
    film.write_bytes(b"sound"), model.write_bytes(b"weights")
    of_first_schema(path, film, model)
    store = Store.at(path)
    known = store.known(film)
    hearing = store.recognition(RecognitionKey(known.media, None, None, store.model(model), None))
    assert hearing == 7 and store.extent(7) == 99000
    assert [word.text for word in store.words(7)] == ["hi"]
    assert last_written(store.database, Path("/a.srt")) == "abc"
    moved = film.rename(tmp_path / "moved.wav")  # from now on by its content
    assert store.known(moved).media == known.media


def test_a_step_that_fails_leaves_the_store_as_it_was(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = tmp_path / "film.wav"
    film.write_bytes(b"sound")
    of_first_schema(path, film, film)
    broken = (STEPS[0], STEPS[1] + "\nINSERT INTO nowhere VALUES (1);\n")
    monkeypatch.setattr("editor_plugin.engine.store.database.STEPS", broken)
    with pytest.raises(Exception, match="nowhere"):
        Database(path)
    monkeypatch.undo()
    assert last_written(Database(path), Path("/a.srt")) == "abc"


def test_a_store_of_a_newer_recue_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as newer:
        newer.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(StoreNewer):
        opened(path)
    assert path.read_bytes() == before


def test_a_store_that_another_opens_at_the_same_moment_is_waited_for(path: Path) -> None:
    """SQLite answers “busy” at once to a switch of the journal, whatever its timeout."""
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")

    def end() -> None:
        other.execute("COMMIT")
        other.close()

    timer = threading.Timer(0.3, end)
    timer.start()
    database = Database(path)
    timer.join()
    assert database.read("PRAGMA journal_mode") == [("wal",)]
    database.close()


def test_a_store_that_another_never_lets_go_of_is_not_waited_for_for_ever(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy):
            Database(path, busy_seconds=0.2)


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("turn", range(20))
def test_four_that_open_a_store_at_once_bring_it_up_to_date_once(
    path: Path, version: int, turn: int
) -> None:
    if version:
        old = sqlite3.connect(path)
        old.executescript(STEPS[0])
        old.execute("PRAGMA user_version = 1")
        old.close()
    errors: list[Exception] = []
    together = threading.Barrier(4)

    def open_it() -> None:
        together.wait()
        try:
            Database(path).close()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    database = Database(path)
    assert database.read("PRAGMA user_version") == [(VERSION,)]
    database.close()


def test_a_store_that_another_program_holds_is_said(path: Path) -> None:
    database = Database(path, busy_seconds=0.1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy, match=r"transcripts\.sqlite"), database.write():
        pass
    other.execute("ROLLBACK")
    with database.write() as db:
        db.execute("INSERT INTO term VALUES ('', 'a', 'b')")


def test_a_write_that_fails_leaves_nothing(path: Path) -> None:
    database = Database(path)
    with pytest.raises(ZeroDivisionError), database.write() as db:
        db.execute("INSERT INTO term VALUES ('', 'a', 'b')")
        raise ZeroDivisionError
    assert database.read("SELECT * FROM term") == []


def filled(path: Path, windows: int = 300) -> int:
    """A store with so many windows; the row of the recognition."""
    store = Store.at(path)
    with store.database.write() as db:
        db.execute("INSERT INTO media VALUES (1, 'digest', 0, 'film.wav')")
        db.execute("INSERT INTO term VALUES ('', 'wrong', 'right')")
    hearing = store.recognition(RecognitionKey(1, None, None, "model", None))
    for number in range(windows):
        start = number * 16000
        word = Word(f"word{number}" * 80, Fraction(number), Fraction(number) + Fraction(1, 2))
        window = Window(start, start + 16000, start, start + 16000)
        store.commit(hearing, HeardWindow(window, (word,)))
    store.database.shrink()
    store.close()
    return hearing


def flipped(path: Path) -> None:
    """A page in the middle is overwritten."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xa5" * 4096
    path.write_bytes(content)


def overwritten(path: Path) -> None:
    """A word's text is no text any more, which SQLite cannot know."""
    content = path.read_bytes()
    assert content.count(b'[["word123') == 1
    path.write_bytes(content.replace(b'[["word123', b"[[,word123"))


def cut(path: Path) -> None:
    """The last third is missing."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3 // 4096 * 4096])


@pytest.mark.parametrize("damage", [flipped, overwritten, cut])
def test_what_can_be_read_of_a_damaged_store_is_saved(
    path: Path, damage: Callable[[Path], None]
) -> None:
    hearing = filled(path)
    damage(path)
    damaged = path.read_bytes()
    with pytest.raises(StoreDamaged), closing(Store.at(path)) as store:
        store.words(hearing)
    database, (sentence,) = repaired(path)
    saved = len(Store(database).heard(hearing))
    assert 30 < saved < 300 and str(saved) in sentence
    assert database.read("SELECT count(*) FROM term") == [(1,)]
    assert (path.parent / "transcripts.damaged-1.sqlite").read_bytes() == damaged
    assert database.read("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("content", [b"somebody's notes" * 500, b"\0" * 8192])
def test_a_file_that_is_no_store_is_set_aside_untouched_and_said(
    path: Path, content: bytes
) -> None:
    path.write_bytes(content)
    database, (sentence,) = opened(path)
    aside = path.parent / "transcripts.damaged-1.sqlite"
    assert aside.read_bytes() == content and str(aside) in sentence
    assert database.read("SELECT count(*) FROM window") == [(0,)]


def test_a_second_damaged_store_does_not_replace_the_first(path: Path) -> None:
    for number in (1, 2):
        path.write_bytes(b"damage %d" % number * 500)
        opened(path)[0].close()
        for part in ("", "-wal", "-shm"):
            path.with_name(path.name + part).unlink(missing_ok=True)
    kept = sorted(each.name for each in path.parent.glob("*damaged*"))
    assert kept == ["transcripts.damaged-1.sqlite", "transcripts.damaged-2.sqlite"]


@pytest.mark.skipif(os.name != "posix", reason="POSIX modes")
def test_the_file_and_its_log_are_for_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        database = Database(tmp_path / "transcripts.sqlite")
        with database.write() as db:
            db.execute("CREATE TABLE anything (at INTEGER)")
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    database.close()
    assert len(modes) == 3 and set(modes.values()) == {0o600}, modes
