"""The store keeps what was heard, in a real SQLite file."""

from __future__ import annotations

import sqlite3
import threading
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.transcript import HeardWindow, Window, Word
from editor_plugin.engine.store import RecognitionKey, Store

KEY = RecognitionKey(1, None, None, "model", None)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return with_media(Store.at(tmp_path / "Ünïcode folder" / "transcripts.sqlite"))


def with_media(store: Store) -> Store:
    """A store that knows two media files, 1 and 2."""
    with store.database.write() as db:
        for media in (1, 2):
            db.execute("INSERT INTO media VALUES (?, ?, 0, '')", (media, f"digest {media}"))
    return store


def heard(start: int, end: int, *texts: str) -> HeardWindow:
    words = tuple(Word(text, Fraction(start, 16000), Fraction(end, 16000), 0.5) for text in texts)
    return HeardWindow(Window(start, end, max(0, start - 10), end + 10), words)


def test_a_window_is_there_after_the_store_was_opened_again(store: Store) -> None:
    hearing = store.recognition(KEY)
    window = heard(0, 16000, "Grüße,", "“world”")
    store.commit(hearing, window)
    store.close()
    again = Store.at(store.database.path)
    assert again.heard(again.recognition(KEY)) == (window,)


def test_a_window_is_on_disk_before_the_store_is_closed(store: Store) -> None:
    store.commit(store.recognition(KEY), heard(0, 16000, "one"))
    other = sqlite3.connect(store.database.path)
    assert other.execute("SELECT count(*) FROM window").fetchone() == (1,)


@pytest.mark.parametrize(
    "other",
    [
        RecognitionKey(2, None, None, "model", None),
        RecognitionKey(1, 0, None, "model", None),
        RecognitionKey(1, None, 1, "model", None),
        RecognitionKey(1, None, None, "other model", None),
        RecognitionKey(1, None, None, "model", "de"),
    ],
)
def test_each_part_of_the_key_counts(store: Store, other: RecognitionKey) -> None:
    store.commit(store.recognition(KEY), heard(0, 16000, "one"))
    assert store.heard(store.recognition(other)) == ()
    assert len(store.heard(store.recognition(KEY))) == 1


def test_windows_come_back_by_start(store: Store) -> None:
    hearing = store.recognition(KEY)
    for start in (32000, 0, 16000):
        store.commit(hearing, heard(start, start + 16000))
    assert store.covered(hearing) == [(0, 16000), (16000, 32000), (32000, 48000)]


def test_a_window_heard_again_replaces_the_earlier_one(store: Store) -> None:
    hearing = store.recognition(KEY)
    store.commit(hearing, heard(0, 16000, "first"))
    store.commit(hearing, heard(0, 16000, "second"))
    assert [word.text for each in store.heard(hearing) for word in each.words] == ["second"]


def test_the_extent_is_kept(store: Store) -> None:
    hearing = store.recognition(KEY)
    assert store.extent(hearing) is None
    store.set_extent(hearing, 123)
    assert store.extent(hearing) == 123


def test_what_fitted_is_remembered_for_each_model(store: Store) -> None:
    assert store.recall("model") == {}
    store.remember("model", {"batch_seconds": 60.0, "device": "cpu"})
    assert store.recall("model") == {"batch_seconds": 60.0, "device": "cpu"}
    assert store.recall("other") == {}


def test_threads_may_write_at_the_same_time(store: Store) -> None:
    hearing = store.recognition(KEY)

    def write(first: int) -> None:
        for number in range(20):
            store.commit(hearing, heard(first + 2 * number, first + 2 * number + 1, "x"))

    threads = [threading.Thread(target=write, args=(base,)) for base in (0, 1000, 2000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.heard(hearing)) == 60


def test_what_another_window_answers_for_is_left_to_that_one(store: Store) -> None:
    hearing = store.recognition(KEY)
    store.commit(hearing, heard(32000, 48000, "middle"))
    store.commit(hearing, heard(0, 80000, "all"))
    assert store.covered(hearing) == [(0, 32000), (32000, 48000), (48000, 80000)]


def test_asking_gives_words_and_exactly_what_is_missing(store: Store) -> None:
    hearing = store.recognition(KEY)
    store.commit(hearing, heard(16000, 32000, "one"))
    assert [word.text for word in store.words(hearing)] == ["one"]
    assert store.missing(hearing, [(0, 40000)]) == [(0, 16000), (32000, 40000)]
    store.set_extent(hearing, 35000)
    assert store.missing(hearing, [(20000, 90000), (95000, 99000)]) == [(32000, 35000)]


def test_words_kept_in_memory_follow_what_another_program_writes(store: Store) -> None:
    hearing = store.recognition(KEY)
    store.commit(hearing, heard(0, 16000, "one"))
    assert [word.text for word in store.words(hearing)] == ["one"]
    Store.at(store.database.path).commit(hearing, heard(0, 16000, "two"))
    assert [word.text for word in store.words(hearing)] == ["two"]


stretches = st.lists(
    st.tuples(st.integers(0, 39), st.integers(1, 40)).map(lambda of: (of[0], min(40, sum(of)))),
    min_size=1,
    max_size=8,
)


@given(stretches, stretches)
def test_no_word_is_lost_or_doubled_whatever_was_heard_in_which_order(
    asked: list[tuple[int, int]], later: list[tuple[int, int]]
) -> None:
    """A word each half second. Ranges are heard one after the other, with a margin of a second,
    each as the store asks for it; adjacent, nested and overlapping ones."""
    half = 8000
    store = with_media(Store.at(Path(":memory:")))
    hearing = store.recognition(KEY)
    for start, end in [*asked, *later]:
        for first, last in store.missing(hearing, [(start * half, end * half)]):
            context = max(0, first - 2 * half), last + 2 * half
            words = tuple(
                Word(f"w{n}", Fraction(n * half + 1000, 16000), Fraction(n * half + 7000, 16000))
                for n in range(50)
                if context[0] <= n * half + 1000 and n * half + 7000 <= context[1]
            )
            store.commit(hearing, HeardWindow(Window(first, last, *context), words))
    wanted = {n for start, end in [*asked, *later] for n in range(start, end)}
    found = [word.text for word in store.words(hearing)]
    assert found == [f"w{n}" for n in sorted(wanted)]
    covered = store.covered(hearing)
    assert all(left[1] <= right[0] for left, right in pairwise(covered))
    assert store.missing(hearing, [(n * half, (n + 1) * half) for n in wanted]) == []
    store.close()


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
    store = with_media(Store.at(Path(":memory:")))
    hearing = store.recognition(KEY)
    store.commit(hearing, HeardWindow(Window(0, 5, 0, 5), words))
    assert store.heard(hearing)[0].words == words
    store.close()
