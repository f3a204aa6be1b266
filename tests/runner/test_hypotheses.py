"""From what NeMo's decoders give to words in samples."""

from __future__ import annotations

import math
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.transcript import SAMPLE_RATE, Window, Word
from editor_plugin.runner.hypotheses import words_of

WINDOW = Window(40000, 80000, 32000, 96000)
FRAME = 1280


def hypothesis(text: str, words: Any, confidence: Any = None) -> Any:
    return SimpleNamespace(text=text, timestamp=words, word_confidence=confidence)


def timed(*words: tuple[str, int, int]) -> dict[str, Any]:
    return {
        "word": [
            {"word": text, "start_offset": np.int64(start), "end_offset": np.int64(end)}
            for text, start, end in words
        ]
    }


def at(sample: int) -> Fraction:
    return Fraction(sample, SAMPLE_RATE)


def test_frames_become_samples_of_the_file() -> None:
    said = hypothesis("Hello, you.", timed(("Hello", 0, 3), ("you.", 5, 6)), [0.5, np.float32(1)])
    assert words_of(said, WINDOW, FRAME) == (
        Word("Hello,", at(32000), at(32000 + 3 * FRAME), 0.5),
        Word("you.", at(32000 + 5 * FRAME), at(32000 + 6 * FRAME), 1.0),
    )


def test_the_best_of_several_counts() -> None:
    best, other = hypothesis("a", timed(("a", 0, 1))), hypothesis("b", timed(("b", 0, 1)))
    assert [word.text for word in words_of([best, other], WINDOW, FRAME)] == ["a"]


def test_what_the_padding_said_ends_with_the_window() -> None:
    said = hypothesis("late", timed(("late", 49, 60)))
    assert words_of(said, WINDOW, FRAME) == (Word("late", at(32000 + 49 * FRAME), at(96000)),)
    beyond = hypothesis("later", timed(("later", 70, 71)))
    assert words_of(beyond, WINDOW, FRAME) == (Word("later", at(96000), at(96000)),)


def test_a_script_without_spaces_keeps_the_words_that_have_times() -> None:
    said = hypothesis("你好吗", timed(("你", 0, 1), ("好吗", 1, 3)))
    assert [word.text for word in words_of(said, WINDOW, FRAME)] == ["你", "好吗"]


def test_confidence_is_none_where_it_makes_no_sense() -> None:
    words = timed(("a", 0, 1), ("b", 1, 2))
    assert [w.confidence for w in words_of(hypothesis("a b", words, [0.5]), WINDOW, FRAME)] == [
        None,
        None,
    ]
    odd = hypothesis("a b", words, [math.nan, 1.0000001])
    assert [w.confidence for w in words_of(odd, WINDOW, FRAME)] == [None, 1.0]


def test_silence_has_no_words() -> None:
    assert words_of(hypothesis("", timed()), WINDOW, FRAME) == ()
    assert words_of(hypothesis("", []), WINDOW, FRAME) == ()


def test_words_without_times_are_spread_by_length() -> None:
    said = hypothesis("a bbb", {"word": [], "segment": [], "char": []})
    quarter = 64000 // 4
    assert words_of(said, WINDOW, FRAME) == (
        Word("a", at(32000), at(32000 + quarter)),
        Word("bbb", at(32000 + quarter), at(96000)),
    )


def test_an_alignment_that_failed_is_no_time() -> None:
    said = hypothesis("a b", timed(("a", 0, 1), ("b", -1, -1)))
    assert words_of(said, WINDOW, FRAME)[1].end == at(96000)


texts = st.lists(st.text(st.characters(categories=["L", "P"]), min_size=1, max_size=9), max_size=20)


@given(texts, st.integers(1, 10**6))
def test_spread_words_keep_text_and_order_inside_the_window(texts: list[str], length: int) -> None:
    window = Window(7, 7 + length, 7, 7 + length)
    words = words_of(hypothesis(" ".join(texts), []), window, FRAME)
    assert [word.text for word in words] == texts
    times = [time for word in words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert not times or (times[0] == at(7) and times[-1] == at(7 + length))


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b,", "Ç."]), st.integers(0, 90), st.integers(0, 9)),
        min_size=1,
    )
)
def test_timed_words_are_whole_frames_inside_the_window(words: list[tuple[str, int, int]]) -> None:
    offsets = timed(*((text, start, start + length) for text, start, length in words))
    said = words_of(hypothesis(" ".join(w[0] for w in words), offsets), WINDOW, FRAME)
    assert [word.text for word in said] == [word[0] for word in words]
    for word in said:
        assert at(32000) <= word.start <= word.end <= at(96000)
        for time in (word.start, word.end):
            frames = (time * SAMPLE_RATE - 32000) / FRAME
            assert frames.denominator == 1 or time == at(96000)
