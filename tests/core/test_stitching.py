"""Words of windows, joined: none lost, none doubled, in order."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.stitching import join
from editor_plugin.core.transcript import SAMPLE_RATE, HeardWindow, Window, Word

FRAME = 1280
"""Samples in an encoder frame: 80 ms."""
JITTER = 2 * FRAME
CONTEXT = 2 * SAMPLE_RATE

VOCABULARY = ["a", "to", "the", "cat", "sat", "mat", "on", "it"]

Timed = tuple[str, int, int]
"""A word and where it is spoken, in samples."""


def word(text: str, start: int, end: int) -> Word:
    return Word(text, Fraction(start, SAMPLE_RATE), Fraction(end, SAMPLE_RATE))


def texts(words: tuple[Word, ...]) -> list[str]:
    return [each.text for each in words]


@st.composite
def speech(draw: st.DrawFn) -> list[Timed]:
    """Words with pauses of any length; the same word comes again, not at once."""
    count = draw(st.integers(1, 60))
    spoken: list[Timed] = []
    at = draw(st.integers(0, SAMPLE_RATE))
    for _ in range(count):
        recent = [each[0] for each in spoken[-4:]]
        text = draw(st.sampled_from([each for each in VOCABULARY if each not in recent]))
        length = draw(st.integers(FRAME, 10 * FRAME))
        spoken.append((text, at, at + length))
        at += length + draw(st.integers(0, 8 * FRAME) | st.just(0))
    return spoken


@st.composite
def heard(draw: st.DrawFn, spoken: list[Timed]) -> list[HeardWindow]:
    """Windows cut anywhere. In a pause without context, else with; each hears its words with
    jitter, and what its edges cut in two garbled or not at all."""
    total = spoken[-1][2] + draw(st.integers(0, SAMPLE_RATE))
    chance = draw(st.randoms(use_true_random=False))
    cuts, at = [0], 0
    while (
        at := at + draw(st.integers(5, 20)) * SAMPLE_RATE + chance.randrange(SAMPLE_RATE)
    ) < total - CONTEXT:
        cuts.append(at)
    edges = [(cut, 0 if _is_pause(spoken, cut) else CONTEXT) for cut in [*cuts, total]]
    windows = []
    for (start, before), (end, after) in itertools.pairwise(edges):
        window = Window(start, end, max(start - before, 0), min(end + after, total))
        windows.append(HeardWindow(window, _hear(spoken, window, chance)))
    return windows


def _is_pause(spoken: list[Timed], cut: int) -> bool:
    return all(cut <= start - 2 * FRAME or end + 2 * FRAME <= cut for _, start, end in spoken)


def _hear(spoken: list[Timed], window: Window, chance: random.Random) -> tuple[Word, ...]:
    words: list[Word] = []
    for text, start, end in spoken:
        if end <= window.context_start or window.context_end <= start:
            continue
        if start < window.context_start or window.context_end < end:
            text = chance.choice(["", "uh", text[:1] + "x", text])
        shift = chance.randint(-JITTER, JITTER), chance.randint(-JITTER, JITTER)
        begin = max(start + shift[0], 0)
        if text:
            words.append(word(text, begin, max(end + shift[1], begin)))
    return tuple(words)


@given(st.data())
def test_no_word_is_lost_or_doubled_wherever_the_cuts_are(data: st.DataObject) -> None:
    spoken = data.draw(speech())
    windows = data.draw(heard(spoken))
    joined = join(data.draw(st.permutations(windows)))
    assert texts(joined) == [text for text, _, _ in spoken]
    times = [time for each in joined for time in (each.start, each.end)]
    assert times == sorted(times)
    for each, (_, start, end) in zip(joined, spoken, strict=True):
        assert abs(each.start * SAMPLE_RATE - start) <= 4 * JITTER
        assert abs(each.end * SAMPLE_RATE - end) <= 4 * JITTER


def two(left: list[Timed], right: list[Timed], context: int = CONTEXT) -> list[HeardWindow]:
    """Two windows that meet at 10 s, and what each hears."""
    cut, total = 10 * SAMPLE_RATE, 20 * SAMPLE_RATE
    first, second = Window(0, cut, 0, cut + context), Window(cut, total, cut - context, total)
    return [
        HeardWindow(first, tuple(word(*each) for each in left)),
        HeardWindow(second, tuple(word(*each) for each in right)),
    ]


def at(text: str, start: float, end: float) -> Timed:
    return text, round(start * SAMPLE_RATE), round(end * SAMPLE_RATE)


def test_nothing_is_heard() -> None:
    assert join([]) == ()
    assert join(two([], [])) == ()


def test_without_context_each_side_keeps_all_it_heard_whatever_the_times_say() -> None:
    left, right = [at("One.", 9.5, 10.2)], [at("One.", 9.9, 10.6)]
    joined = join(two(left, right, context=0))
    assert texts(joined) == ["One.", "One."]
    assert joined[0].end == joined[1].start


def test_word_that_each_side_puts_beyond_the_cut_is_not_lost() -> None:
    left = [at("we", 9.0, 9.4), at("may", 10.02, 10.3), at("go", 10.6, 10.9)]
    right = [at("we", 9.1, 9.4), at("may", 9.7, 9.98), at("go", 10.5, 10.9)]
    assert texts(join(two(left, right))) == ["we", "may", "go"]


def test_word_that_each_side_claims_is_not_doubled() -> None:
    left = [at("we", 9.0, 9.4), at("may", 9.7, 9.98), at("go", 10.6, 10.9)]
    right = [at("we", 9.1, 9.4), at("may", 10.02, 10.3), at("go", 10.5, 10.9)]
    assert texts(join(two(left, right))) == ["we", "may", "go"]


def test_case_and_punctuation_may_differ() -> None:
    left = [at("Well,", 9.0, 9.4), at("Mr.", 9.6, 9.9), at("Smith", 10.1, 10.5)]
    right = [at("well", 9.1, 9.4), at("mr", 9.7, 9.9), at("Smith?", 10.1, 10.5), at("No.", 12, 13)]
    assert texts(join(two(left, right))) == ["Well,", "Mr.", "Smith?", "No."]


def test_word_that_was_heard_differently_is_there_once() -> None:
    left, right = [at("there", 9.8, 10.1)], [at("their", 9.9, 10.3)]
    assert len(join(two(left, right))) == 1


def test_word_that_is_said_again_stays_twice() -> None:
    spoken = [at("no", 9.0, 9.2), at("no", 9.5, 9.7), at("no", 10.1, 10.3), at("no", 10.6, 10.8)]
    assert texts(join(two(spoken, spoken))) == ["no"] * 4


def test_far_words_of_the_same_text_are_not_the_same_word() -> None:
    left, right = [at("yes", 8.2, 8.5)], [at("yes", 11.2, 11.5)]
    assert texts(join(two(left, right))) == ["yes", "yes"]


def test_unfinished_neighbour_leaves_its_words_out() -> None:
    left, right = two(
        [at("a", 9.5, 9.8), at("b", 10.2, 10.4)], [at("a", 9.5, 9.8), at("b", 10.2, 10.4)]
    )
    assert texts(join([left])) == ["a"]
    assert texts(join([right])) == ["b"]
    later = HeardWindow(
        Window(30 * SAMPLE_RATE, 40 * SAMPLE_RATE, 30 * SAMPLE_RATE, 40 * SAMPLE_RATE),
        (word(*at("c", 31, 32)),),
    )
    assert texts(join([later, left])) == ["a", "c"]


@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=20),
    st.integers(0, 3),
)
def test_times_ascend_whatever_was_heard(times: list[tuple[int, int]], cuts: int) -> None:
    """Even from a model whose times make no sense."""
    words = tuple(word(str(n), min(pair), max(pair)) for n, pair in enumerate(times))
    size = 10**6 // (cuts + 1)
    windows = [
        HeardWindow(
            Window(n * size, (n + 1) * size, max(n * size - 5000, 0), (n + 1) * size + 5000), words
        )
        for n in range(cuts + 1)
    ]
    joined = [time for each in join(windows) for time in (each.start, each.end)]
    assert joined == sorted(joined)
