"""Cues on frames: no overlap, no gap that flickers, long enough to read."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.cues import Cue
from editor_plugin.core.segmentation import segment
from editor_plugin.core.styles import PLAIN
from editor_plugin.core.timing import MILLISECONDS, retime
from editor_plugin.core.transcript import Word
from tests.core.words import word_lists

RATES = [
    Fraction(24000, 1001),
    Fraction(24),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(50),
    Fraction(60000, 1001),
    MILLISECONDS,
]
rates = st.sampled_from(RATES)


def cue(start: str, end: str, *lines: str) -> Cue:
    return Cue(Fraction(start), Fraction(end), lines or ("Yes.",))


@given(word_lists(), word_lists(), rates)
def test_cues_lie_on_frames_and_do_not_overlap(
    one: list[Word], other: list[Word], rate: Fraction
) -> None:
    timed = retime([*segment(one, PLAIN), *segment(other, PLAIN)], rate, PLAIN)
    for each in timed:
        assert (each.start * rate).denominator == (each.end * rate).denominator == 1
        assert each.start < each.end
    assert all(a.end <= b.start for a, b in itertools.pairwise(timed))


@given(word_lists(), word_lists(), rates)
def test_no_line_is_lost(one: list[Word], other: list[Word], rate: Fraction) -> None:
    cues = [*segment(one, PLAIN), *segment(other, PLAIN)]
    timed = retime(cues, rate, PLAIN)
    assert sorted(line for each in cues for line in each.lines) == sorted(
        line for each in timed for line in each.lines
    )


@given(word_lists(), rates)
def test_a_cue_of_one_voice_starts_within_a_frame_of_its_first_word(
    words: list[Word], rate: Fraction
) -> None:
    cues = segment(words, PLAIN)
    starts = [each.start for each in cues]
    if all(b - a >= 2 / rate for a, b in itertools.pairwise(starts)):
        for before, after in zip(cues, retime(cues, rate, PLAIN), strict=True):
            assert 0 <= before.start - after.start < 1 / rate


def test_a_cue_lingers_half_a_second() -> None:
    (timed,) = retime([cue("1", "3")], Fraction(25), PLAIN)
    assert timed.end == Fraction(88, 25)  # 3.5 s, up to the next frame


def test_a_short_cue_stays_for_the_least_time() -> None:
    (timed,) = retime([cue("1", "1.1")], Fraction(24), PLAIN)
    assert timed.end - timed.start == Fraction(20, 24)


@pytest.mark.parametrize("rate", RATES[:-1], ids=str)
def test_two_frames_lie_between_cues_that_follow_each_other(rate: Fraction) -> None:
    first, second = retime([cue("1", "3"), cue("3", "5")], rate, PLAIN)
    assert (second.start - first.end) * rate == 2


def test_two_voices_at_once_share_a_cue_if_their_lines_fit() -> None:
    (both,) = retime([cue("1", "3", "Come in!"), cue("1.5", "3", "No!")], Fraction(25), PLAIN)
    assert both.lines == ("Come in!", "No!")


def test_two_voices_that_do_not_fit_come_one_after_the_other() -> None:
    long = ("One line here", "and another one")
    first, second = retime([cue("1", "4", *long), cue("2", "4", *long)], Fraction(25), PLAIN)
    assert first.end <= second.start == Fraction(2)
