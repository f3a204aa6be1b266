"""Cues on frames: in time, apart, long enough, and well placed about shot changes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor_plugin.core.cues import Cue
from editor_plugin.core.segmentation import segment
from editor_plugin.core.styles import PLAIN, SnapZones, Style, style_named
from editor_plugin.core.timing import MILLISECONDS, PRECEDENCE, retime
from editor_plugin.core.timing_optimizer import Moves
from editor_plugin.core.transcript import Word
from tests.core.timing_oracle import ORDER, Oracle
from tests.core.words import word_lists

FILM = Fraction(24)
RATES = [
    Fraction(24000, 1001),
    Fraction(24),
    Fraction(25),
    Fraction(30000, 1001),  # drop-frame or not: the frames are the same
    Fraction(50),
    Fraction(60000, 1001),
    Fraction(60),
    MILLISECONDS,  # a file whose rate varies
]
STYLES = [
    style_named(name) for name in ("netflix-en", "bbc-16x9", "netflix-ja", "shorts", "karaoke")
]
rates = st.sampled_from(RATES)
styles = st.sampled_from(STYLES)
cut_lists = st.lists(
    st.integers(0, 60 * 24).map(lambda frame: Fraction(frame, 24)), max_size=25
).map(sorted)


def cue(start: str, end: str, *lines: str) -> Cue:
    """A cue as it is read from a file."""
    return Cue(Fraction(start), Fraction(end), lines or ("Yes.",))


def said(first: int, last: int, text: str = "Yes.", speaker: str | None = None) -> Cue:
    """A cue of one word, said from frame `first` to frame `last` at 24 per second."""
    start, end = first / FILM, last / FILM
    return Cue(start, end, (text,), (Word(text, start, end, speaker=speaker),))


def spaced(first: int, text: str, pace: int = 8) -> Cue:
    """A cue of many words, one every `pace` frames at 24 per second, each 2 frames shorter."""
    words = tuple(
        Word(each, (first + pace * at) / FILM, (first + pace * (at + 1) - 2) / FILM)
        for at, each in enumerate(text.split())
    )
    return Cue(words[0].start, words[-1].end, (text,), words)


def frames(cues: Sequence[Cue], rate: Fraction = FILM) -> list[tuple[int, int]]:
    return [(int(each.start * rate), int(each.end * rate)) for each in cues]


def timed(cues: Sequence[Cue], *shot_changes: int, style: Style = PLAIN) -> list[tuple[int, int]]:
    """Points in frames at 24 per second."""
    return frames(retime(cues, FILM, style, [cut / FILM for cut in shot_changes]))


@st.composite
def cue_lists(draw: st.DrawFn, style: Style, size: int = 40) -> list[Cue]:
    """The cues of two voices, or somebody's own cues."""
    if draw(st.booleans()):
        one, other = draw(word_lists(size)), draw(word_lists(size // 2))
        return [*segment(one, style), *segment(other, style)]
    at, cues = 0, []
    for _ in range(draw(st.integers(0, size // 4))):
        at = max(0, at + draw(st.integers(-20, 60) | st.integers(0, 300)))
        length = draw(st.integers(1, 40) | st.integers(1, 250))
        text = draw(st.sampled_from(["No.", "What is it?", "It was the best of times, my dear."]))
        cues.append(Cue(at / FILM, (at + length) / FILM, (text,)))
        at += length
    return cues


@st.composite
def jobs(
    draw: st.DrawFn, size: int = 40, rates: st.SearchStrategy[Fraction] = rates
) -> tuple[list[Cue], Fraction, Style, list[Fraction]]:
    style = draw(styles)
    return draw(cue_lists(style, size)), draw(rates), style, draw(cut_lists)


Job = tuple[list[Cue], Fraction, Style, list[Fraction]]


@given(jobs())
def test_cues_lie_on_frames_and_do_not_overlap(job: Job) -> None:
    cues, rate, style, shot_changes = job
    result = retime(cues, rate, style, shot_changes)
    for each in result:
        assert (each.start * rate).denominator == (each.end * rate).denominator == 1
        assert 0 <= each.start < each.end
    assert all(a.end <= b.start for a, b in itertools.pairwise(result))


@given(jobs())
def test_no_word_is_lost(job: Job) -> None:
    cues, rate, style, shot_changes = job
    result = retime(cues, rate, style, shot_changes)
    before = sorted(word.text for each in cues for word in each.words)
    assert before == sorted(word.text for each in result for word in each.words)

    def letters(these: Sequence[Cue]) -> list[str]:
        text = "".join(each.text for each in these).replace("-", "")
        return sorted("".join(text.split()))

    assert letters(cues) == letters(result)


@given(jobs())
def test_what_was_timed_stays_as_it_is(job: Job) -> None:
    cues, rate, style, shot_changes = job
    once = retime(cues, rate, style, shot_changes)
    assert retime(once, rate, style, shot_changes) == once


KNOWN: dict[tuple[str, Fraction], Moves] = {}
"""What was found for all examples so far, as in an engine that runs for days."""


@given(st.data(), styles, rates, cut_lists, st.integers(0, 2000))
def test_moves_that_are_known_change_nothing(
    data: st.DataObject, style: Style, rate: Fraction, shot_changes: list[Fraction], later: int
) -> None:
    """Here, so many frames later, and about other cuts."""
    cues = data.draw(cue_lists(style))
    by = later / rate
    moved = [
        replace(
            each,
            start=each.start + by,
            end=each.end + by,
            words=tuple(replace(w, start=w.start + by, end=w.end + by) for w in each.words),
        )
        for each in cues
    ]
    known = KNOWN.setdefault((style.name, rate), {})
    for some, theirs in (
        (cues, shot_changes),
        (moved, [cut + by for cut in shot_changes]),
        (cues, shot_changes[::2]),
        (cues, [cut + 5 / rate for cut in shot_changes]),
    ):
        assert retime(some, rate, style, theirs, known) == retime(some, rate, style, theirs)


@settings(max_examples=40, deadline=None)
@given(jobs(10, st.sampled_from([rate for rate in RATES if rate < 30])))
def test_no_point_can_be_moved_for_the_better(job: Job) -> None:
    cues, rate, style, shot_changes = job
    result = retime(cues, rate, style, shot_changes)
    # A cue without words is measured by the times that it came with.
    speech = (
        result
        if any(each.words for each in result)
        else sorted(cues, key=lambda c: (c.start, c.end))
    )
    oracle = Oracle.of(speech, rate, style, shot_changes)
    assert list(oracle.improvements(frames(result, rate), 200)) == []


@given(word_lists(), rates)
def test_a_cue_of_one_voice_starts_on_the_first_frame_of_its_first_word(
    words: list[Word], rate: Fraction
) -> None:
    cues = segment(words, PLAIN)
    if all(b.start - a.start >= 1 for a, b in itertools.pairwise(cues)):
        for each in retime(cues, rate, PLAIN):
            assert 0 <= each.words[0].start - each.start < 1 / rate


# The guide's table at 24 frames per second, one cut on frame 240; H is 12 and T is 9.


@pytest.mark.parametrize(
    ("first", "start"),
    [
        *((252, 252), (251, 240), (241, 240), (240, 240), (239, 240)),
        *((232, 240), (231, 228), (229, 228), (228, 228), (227, 227)),
    ],
)
@pytest.mark.parametrize("of_words", [True, False])
def test_in_points_about_a_cut(first: int, start: int, of_words: bool) -> None:
    one = said(first, first + 60)
    (points,) = timed([one if of_words else replace(one, words=())], 240)
    assert points[0] == start


@pytest.mark.parametrize(
    ("last", "end"),
    [
        *((228, 228), (229, 238), (237, 238), (238, 238), (239, 238)),
        *((240, 238), (241, 238), (251, 238), (252, 252)),
    ],
)
@pytest.mark.parametrize("of_words", [True, False])
def test_out_points_about_a_cut(last: int, end: int, of_words: bool) -> None:
    one = said(150, last)
    (points,) = timed([one if of_words else replace(one, words=())], 240)
    assert points[1] == end


def test_the_older_guide_counts_eight_frames_as_near_enough_for_half_a_second_before() -> None:
    older = replace(PLAIN, snap=SnapZones(red=Fraction(2, 3)))
    assert timed([said(232, 300)], 240, style=older) == [(228, 300)]
    assert timed([said(233, 300)], 240, style=older) == [(240, 300)]


def test_a_style_may_pay_no_heed_to_cuts() -> None:
    assert timed([said(239, 300)], 240, style=replace(PLAIN, snap=None)) == [(239, 300)]


# Without a conflict.


def test_a_cue_ends_with_its_last_word_if_that_is_enough_to_read_it() -> None:
    assert timed([said(24, 72)]) == [(24, 72)]


def test_a_cue_lingers_for_a_comfortable_speed_half_a_second_at_most() -> None:
    text = "x" * 34  # 48 frames at 17 per second
    assert timed([said(24, 66, text)]) == [(24, 72)]
    assert timed([said(24, 58, text)]) == [(24, 70)]


def test_a_cue_stays_as_long_as_the_limit_demands_even_beyond_half_a_second() -> None:
    assert timed([said(24, 40, "x" * 40)]) == [(24, 72)]


def test_a_short_cue_stays_for_the_least_time() -> None:
    assert timed([said(24, 26)]) == [(24, 44)]


@pytest.mark.parametrize("rate", RATES[:-1], ids=str)
def test_two_frames_lie_between_cues_that_follow_each_other(rate: Fraction) -> None:
    first, second = retime([cue("1", "3"), cue("3", "5")], rate, PLAIN)
    assert (second.start - first.end) * rate == 2


def test_milliseconds_take_the_gap_of_24_frames_per_second() -> None:
    first, second = retime([cue("1", "3"), cue("3", "5")], MILLISECONDS, PLAIN)
    assert second.start - first.end == Fraction(83, 1000)


@pytest.mark.parametrize(("gap", "left"), [(2, 2), (3, 2), (11, 2), (12, 12)])
def test_a_gap_under_half_a_second_is_closed(gap: int, left: int) -> None:
    first, second = timed([said(24, 72), said(72 + gap, 120)])
    assert second[0] - first[1] == left


def test_a_gap_stays_where_the_style_closes_none() -> None:
    japanese = style_named("netflix-ja")
    first, second = timed([said(24, 72), said(77, 120)], style=japanese)
    assert second[0] - first[1] == 5


def test_words_across_a_cut_are_parted_at_it() -> None:
    first, second = timed([spaced(176, "one two three four five six seven eight nine ten")], 217)
    assert (first[1], second[0]) == (215, 217)


def test_words_across_a_cut_stay_together_where_a_part_would_be_too_short() -> None:
    assert len(timed([spaced(176, "one two three four five")], 189)) == 1


def test_words_that_are_too_long_for_one_cue_are_parted_at_the_longest_pause() -> None:
    words = [*spaced(0, "one two three", 30).words, *spaced(130, "four five six", 30).words]
    long = Cue(Fraction(0), words[-1].end, ("one two three four five six",), tuple(words))
    first, second = retime([long], FILM, PLAIN)
    assert (first.text, second.text) == ("one two three", "four five six")


@given(st.integers(3, 12), st.integers(1, 11), st.integers(1, 8))
def test_to_part_a_cue_that_is_too_fast_leaves_a_part_that_is_too_fast(
    words: int, parted: int, pace: int
) -> None:
    whole = spaced(0, " ".join(["wonderful"] * words), pace)
    ((start, end),) = timed([whole, said(words * pace + 2, 999)])[:1]
    if parted < words and (end - start) * 20 < len(whole.text) * 24:
        texts = (whole.text[: parted * 10 - 1], whole.text[parted * 10 :])
        middle = parted * pace  # the second part begins with its first word
        shown = (middle - PLAIN.min_gap_frames - start, end - middle)
        assert any(time * 20 < len(text) * 24 for text, time in zip(texts, shown, strict=True))


# Two voices.


def test_two_voices_at_once_share_a_cue_with_a_dash_each() -> None:
    (both,) = retime([said(24, 72, "Come in!"), said(36, 72, "No!")], FILM, PLAIN)
    assert both.lines == ("-Come in!", "-No!")


def test_no_dash_where_it_does_not_fit() -> None:
    (both,) = retime([said(24, 72, "x" * 42), said(36, 72, "No!")], FILM, PLAIN)
    assert both.lines == ("x" * 42, "No!")


def test_a_language_that_marks_only_the_second_speaker() -> None:
    finnish = style_named("netflix-fi")
    (both,) = retime([said(24, 72, "Come in!"), said(36, 72, "No!")], FILM, finnish)
    assert both.lines == ("Come in!", "-No!")


def test_two_voices_that_do_not_fit_come_one_after_the_other() -> None:
    long = replace(spaced(24, "Here comes another line"), lines=("Here comes", "another line"))
    assert timed([long, said(38, 96, "Who goes there?")]) == [(24, 36), (38, 96)]


def test_cues_of_somebody_else_that_start_at_once_move_apart_together() -> None:
    assert timed([cue("100/24", "150/24", "No."), cue("100/24", "150/24", "Yes.")]) == [
        (100, 110),
        (112, 150),
    ]


def test_three_voices_at_once_are_each_long_enough_to_be_noticed() -> None:
    full = [replace(spaced(100, "one two"), lines=("one", "two")) for _ in range(3)]
    assert timed(full) == [(100, 110), (112, 122), (124, 144)]


def test_many_cues_in_one_frame_all_find_a_place() -> None:
    points = timed([cue("100/24", "101/24", "No.")] * 8, style=style_named("karaoke"))
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(points))
    assert all(start < end for start, end in points)


def test_cues_of_somebody_else_are_never_joined() -> None:
    assert timed([cue("1", "3", "Come in!"), cue("1.5", "3", "No!")]) == [(24, 34), (36, 72)]


# Rule against rule: where two neighbours in the precedence conflict, the first one is kept.


def test_precedence_has_a_conflict_for_each_pair_of_neighbours() -> None:
    assert len(PRECEDENCE) == len(ORDER) == 9


def test_the_gap_comes_before_the_cuts() -> None:
    # The second voice starts 3 frames after the cut; the first is too short to end before it.
    first, second = timed([said(239, 241, "a"), said(243, 300, "b")], 240)
    assert second[0] - first[1] >= 2 and second[0] != 240


def test_the_cuts_come_before_a_flicker() -> None:
    # A shot of 8 frames, and no room for its cue in the cues before and after it.
    shown = [(72, 82), (84, 94), (100, 105), (108, 118), (120, 160)]
    points = timed([replace(said(*each), words=()) for each in shown], 100, 108, 120)
    assert points == [(72, 82), (84, 98), (100, 106), (108, 118), (120, 160)]


def test_no_flicker_comes_before_in_time() -> None:
    # Both voices start at once and do not fit together.
    full = spaced(100, "one two")
    first, second = timed([replace(full, lines=("one", "two")), said(100, 150, "No!")])
    assert (first, second[0]) == ((100, 110), 112)


def test_in_time_comes_before_the_least_duration() -> None:
    assert timed([said(100, 110), said(114, 160)]) == [(100, 112), (114, 160)]


def test_the_longest_duration_comes_before_the_last_words_end() -> None:
    assert timed([said(100, 300)]) == [(100, 268)]


def test_the_least_duration_comes_before_a_straddled_cut() -> None:
    assert timed([said(240, 245)], 240, 255) == [(240, 267)]


def test_the_last_words_end_comes_before_a_straddled_cut() -> None:
    assert timed([said(100, 160)], 130) == [(100, 160)]


def test_a_straddled_cut_comes_before_the_reading_speed() -> None:
    assert timed([said(100, 135, "x" * 50)], 138) == [(100, 136)]


def test_the_reading_speed_comes_before_a_closed_gap() -> None:
    # Read in 168 frames, as long as a cue may be; 7 frames before the next one.
    slow = replace(PLAIN, max_cps=Fraction(5), target_cps=None)
    first, second = timed([said(100, 250, "x" * 35), said(275, 300)], style=slow)
    assert first == (100, 268) and second[0] == 275


def test_a_closed_gap_comes_before_what_may_linger() -> None:
    style = replace(PLAIN, close_gap_below=Fraction(1))
    assert timed([said(100, 150), said(170, 200)], style=style)[0] == (100, 168)
