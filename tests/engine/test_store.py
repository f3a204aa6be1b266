"""The store keeps what was heard, in a real SQLite file."""

from __future__ import annotations

import sqlite3
import threading
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import OutputUnwritable
from editor_plugin.core.transcript import HeardWindow, Window, Word
from editor_plugin.engine.store import HearingKey, Store

KEY = HearingKey("film", None, None, "model", None)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.at(tmp_path / "Ünïcode folder" / "transcripts.sqlite")


def heard(start: int, end: int, *texts: str) -> HeardWindow:
    words = tuple(Word(text, Fraction(start, 16000), Fraction(end, 16000), 0.5) for text in texts)
    return HeardWindow(Window(start, end, max(0, start - 10), end + 10), words)


def test_a_window_is_there_after_the_store_was_opened_again(store: Store) -> None:
    hearing = store.hearing(KEY)
    window = heard(0, 16000, "Grüße,", "“world”")
    store.commit(hearing, window)
    store.close()
    again = Store.at(store.path)
    assert again.heard(again.hearing(KEY)) == (window,)


def test_a_window_is_on_disk_before_the_store_is_closed(store: Store) -> None:
    store.commit(store.hearing(KEY), heard(0, 16000, "one"))
    other = sqlite3.connect(store.path)
    assert other.execute("SELECT count(*) FROM window").fetchone() == (1,)


@pytest.mark.parametrize(
    "other",
    [
        HearingKey("other film", None, None, "model", None),
        HearingKey("film", 0, None, "model", None),
        HearingKey("film", None, 1, "model", None),
        HearingKey("film", None, None, "other model", None),
        HearingKey("film", None, None, "model", "de"),
    ],
)
def test_each_part_of_the_key_counts(store: Store, other: HearingKey) -> None:
    store.commit(store.hearing(KEY), heard(0, 16000, "one"))
    assert store.heard(store.hearing(other)) == ()
    assert len(store.heard(store.hearing(KEY))) == 1


def test_windows_come_back_by_start(store: Store) -> None:
    hearing = store.hearing(KEY)
    for start in (32000, 0, 16000):
        store.commit(hearing, heard(start, start + 16000))
    assert store.covered(hearing) == [(0, 16000), (16000, 32000), (32000, 48000)]


def test_a_window_heard_again_replaces_the_earlier_one(store: Store) -> None:
    hearing = store.hearing(KEY)
    store.commit(hearing, heard(0, 16000, "first"))
    store.commit(hearing, heard(0, 16000, "second"))
    assert [word.text for each in store.heard(hearing) for word in each.words] == ["second"]


def test_the_extent_is_kept(store: Store) -> None:
    hearing = store.hearing(KEY)
    assert store.extent(hearing) is None
    store.set_extent(hearing, 123)
    assert store.extent(hearing) == 123


def test_what_fitted_is_remembered_for_each_model(store: Store) -> None:
    assert store.recall("model") == {}
    store.remember("model", {"batch_seconds": 60.0, "device": "cpu"})
    assert store.recall("model") == {"batch_seconds": 60.0, "device": "cpu"}
    assert store.recall("other") == {}


def test_threads_may_write_at_the_same_time(store: Store) -> None:
    hearing = store.hearing(KEY)

    def write(first: int) -> None:
        for number in range(20):
            store.commit(hearing, heard(first + 2 * number, first + 2 * number + 1, "x"))

    threads = [threading.Thread(target=write, args=(base,)) for base in (0, 1000, 2000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.heard(hearing)) == 60


def test_a_file_that_is_no_store_is_a_clear_error_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "transcripts.sqlite"
    path.write_bytes(b"this is not a database, but somebody's notes" * 50)
    before = path.read_bytes()
    with pytest.raises(OutputUnwritable, match=r"transcripts\.sqlite"):
        Store.at(path)
    assert path.read_bytes() == before


@given(
    st.lists(
        st.tuples(
            st.text(), st.integers(0, 10**9), st.integers(0, 10**6), st.none() | st.floats(0, 1)
        )
    )
)
def test_any_words_come_back_as_they_were(
    rows: list[tuple[str, int, int, float | None]],
) -> None:
    words = tuple(
        Word(text, Fraction(start, 16000), Fraction(start + length, 16000), confidence)
        for text, start, length, confidence in rows
    )
    store = Store.at(Path(":memory:"))
    hearing = store.hearing(KEY)
    store.commit(hearing, HeardWindow(Window(0, 5, 0, 5), words))
    assert store.heard(hearing)[0].words == words
    store.close()
