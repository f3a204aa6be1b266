"""Corrections applied to the words of a source, whatever was recognised there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction as F
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.correction_reports import sentence
from editor_plugin.core.corrections import Correction, apply
from editor_plugin.core.timeline import Span
from editor_plugin.core.transcript import Word
from tests.core.words import spoken

SAID = spoken("Zoey went to the harbour", pace=F(1))  # a word each second, 3/4 of it long


def texts(words: Iterable[Word]) -> str:
    return " ".join(word.text for word in words)


def over(first: int, last: int, after: str, words: Sequence[Word] = SAID) -> Correction:
    """A correction of the words from `first` to `last`."""
    run = words[first : last + 1]
    return Correction(run[0].start, run[-1].end, tuple(w.text for w in run), after)


def test_a_word_is_replaced_silently_and_keeps_its_times() -> None:
    got = apply(SAID, [over(0, 0, "Zoë")])
    assert got.words[0] == Word("Zoë", F(0), F(3, 4), 1.0)
    assert got.words[1:] == tuple(SAID[1:])
    assert (got.reports, got.by_hand) == ((), frozenset({0}))


def test_more_words_than_before_share_the_time_by_length() -> None:
    got = apply(SAID, [over(1, 2, "has gone off to")])
    assert texts(got.words) == "Zoey has gone off to the harbour"
    assert [w.start for w in got.words[1:5]] == [F(1) + F(7, 4) * n / 12 for n in (0, 3, 7, 10)]
    assert got.words[4].end == SAID[2].end


def test_a_deleted_word_is_gone() -> None:
    got = apply(SAID, [over(3, 3, "")])
    assert texts(got.words) == "Zoey went to harbour" and got.reports == ()
    assert apply(got.words, [over(3, 3, "")]).words == got.words


def test_later_corrections_act_on_the_result_of_earlier_ones() -> None:
    first = over(1, 1, "went out")
    (_, went, out, *_) = apply(SAID, [first]).words
    second = Correction(out.start, out.end, ("out",), "off")
    got = apply(SAID, [first, second])
    assert texts(got.words) == "Zoey went off to the harbour" and got.reports == ()
    assert went.end == out.start


def test_other_words_in_its_place_are_corrected_and_reported() -> None:
    other = [Word("So", F(0), F(1, 4)), Word("he", F(1, 4), F(3, 4)), *SAID[1:]]
    got = apply(other, [over(0, 0, "Zoë")])
    assert texts(got.words) == "Zoë went to the harbour"
    (report,) = got.reports
    assert report.found == ("So", "he")
    assert sentence(report) == (
        "“So he” is recognised at 00:00:00, where “Zoey” was corrected; “Zoë” stands there."
    )


def test_a_model_that_hears_it_right_needs_nothing() -> None:
    other = [Word("Zoë", F(1, 10), F(4, 5), 0.4), *SAID[1:]]
    got = apply(other, [over(0, 0, "Zoë")])
    assert texts(got.words) == "Zoë went to the harbour" and got.reports == ()
    assert got.words[0].start == F(1, 10) and got.by_hand == {0}


def test_a_word_that_is_gone_is_inserted_at_its_span_and_reported() -> None:
    got = apply([SAID[0], *SAID[2:]], [over(1, 1, "has gone")])
    assert texts(got.words) == "Zoey has gone to the harbour"
    assert (got.words[1].start, got.words[2].end) == (SAID[1].start, SAID[1].end)
    assert sentence(got.reports[0]) == (
        "No word is recognised any more at 00:00:01, where “went” was corrected; "
        "“has gone” stands there."
    )


def test_text_that_was_never_recognised_is_inserted_without_a_report() -> None:
    missed = Correction(F("1.75"), F("1.95"), (), "out")
    got = apply(SAID, [missed])
    assert texts(got.words) == "Zoey went out to the harbour" and got.reports == ()
    assert apply(got.words, [missed]).words == got.words


def test_a_model_that_places_the_word_later_is_still_corrected() -> None:
    late = [Word("And", F(-1, 5), F("0.4")), Word("Zoey", F("0.4"), F("1.1")), *SAID[2:]]
    got = apply(late, [over(0, 0, "Zoë")])
    assert texts(got.words) == "And Zoë to the harbour" and got.reports == ()


def test_the_middle_decides_with_a_small_tolerance() -> None:
    one = [Word("word", F(1), F(1, 1) + F(1, 10))]
    after = Correction(F("1.06"), F("1.5"), ("wort",), "Wort")
    assert texts(apply(one, [after]).words) == "Wort"
    far = Correction(F("1.08"), F("1.5"), ("wort",), "Wort")
    assert texts(apply(one, [far]).words) == "word Wort"


def test_corrections_where_nothing_was_heard_rest() -> None:
    heard = [Span(F(0), F(2))]
    got = apply(SAID[:2], [over(0, 0, "Zoë"), over(4, 4, "harbor")], heard)
    assert texts(got.words) == "Zoë went" and got.reports == ()


def test_the_speaker_is_kept() -> None:
    named = [Word("Zoey", F(0), F(1), 0.5, "Ann"), Word("went", F(1), F(2), 0.5, "Bob")]
    got = apply(named, [over(0, 0, "Zoë Smith", named), over(1, 1, "left", named)])
    assert [word.speaker for word in got.words] == ["Ann", "Ann", "Bob"]


def test_a_model_that_hears_it_right_and_a_little_later_needs_nothing() -> None:
    right = [Word("Zoey", F(1, 2), F(1)), Word("B.", F(1), F("1.4"))]
    longer = Correction(F(0), F(3, 4), ("Zoey",), "Zoey B.")
    assert texts(apply(right, [longer]).words) == "Zoey B."


def test_the_right_text_somewhere_near_is_not_the_correction() -> None:
    said = [Word("Zoo", F(0), F(3, 4)), Word("the", F("0.8"), F(1))]
    got = apply(said, [over(0, 0, "the")])
    assert texts(got.words) == "the the" and len(got.reports) == 1


def test_more_words_than_before_stay_in_front_of_a_word_that_overlaps() -> None:
    both = [Word("a", F(0), F(1)), Word("b", F(1, 4), F(3, 2))]
    got = apply(both, [over(0, 0, "x y z", both)]).words
    assert texts(got) == "x y z b"
    assert [word.start for word in got] == sorted(word.start for word in got)


@pytest.mark.parametrize("after", ["Zoey", "Zoey Zoey", "went Zoey", ""])
def test_a_correction_that_repeats_its_word_is_applied_once(after: str) -> None:
    once = apply(SAID, [over(0, 0, after)])
    assert apply(once.words, [over(0, 0, after)]).words == once.words


# -- properties ---------------------------------------------------------------------------------

plain = st.sampled_from(["a", "the", "the", "Zoey", "went,", "out.", "Yes!"])
Log = tuple[list[Word], list[Correction]]


@st.composite
def sources(draw: st.DrawFn) -> list[Word]:
    """Words one after the other, each at least a twentieth of a second long."""
    at, words = F(0), []
    for text in draw(st.lists(plain, min_size=1, max_size=12)):
        at += F(draw(st.integers(0, 40)), 40)
        length = F(draw(st.integers(2, 40)), 40)
        words.append(Word(text, at, at + length, 0.5))
        at += length
    return words


@st.composite
def logs(draw: st.DrawFn) -> Log:
    """Words, and independent corrections of them in any order."""
    words, found, at = draw(sources()), [], 0
    while at < len(words):
        count = draw(st.integers(1, 3))
        after = " ".join(draw(st.lists(plain, max_size=4)))
        if draw(st.booleans()):
            found.append(over(at, min(at + count, len(words)) - 1, after, words))
        at += count
    return words, draw(st.permutations(found))


@given(logs())
def test_the_order_of_independent_corrections_does_not_matter(log: Log) -> None:
    words, corrections = log
    backwards = apply(words, corrections[::-1])
    assert apply(words, corrections).words == backwards.words


@given(logs())
def test_applying_twice_is_applying_once_and_nothing_is_reported(log: Log) -> None:
    words, corrections = log
    once = apply(words, corrections)
    assert once.reports == ()
    again = apply(once.words, corrections)
    assert (again.words, again.reports) == (once.words, ())


@given(sources(), logs())
def test_words_outside_every_span_never_change(words: list[Word], log: Log) -> None:
    _, corrections = log
    got = apply(words, corrections)
    tolerance = F(1, 50)
    for word in words:
        if not any(
            c.start - tolerance <= (word.start + word.end) / 2 <= c.end + tolerance
            or (word.start < c.end and word.end > c.start)
            for c in corrections
        ):
            assert [w.text for w in got.words if (w.start, w.end) == (word.start, word.end)] == [
                word.text
            ]


@given(sources(), logs())
def test_words_come_out_ascending_and_overlap_no_more_than_before(
    words: list[Word], log: Log
) -> None:
    _, corrections = log
    result = apply(words, corrections)
    got = result.words
    assert all(word.start <= word.end for word in got)
    assert all(one.start <= other.start for one, other in pairwise(got))
    # Text put where no word is any more may lie within a long word whose middle is elsewhere.
    if all(report.found for report in result.reports):
        assert all(one.end <= other.start for one, other in pairwise(got))


@given(sources(), logs())
def test_no_correction_is_ever_dropped(words: list[Word], log: Log) -> None:
    _, corrections = log
    for correction in corrections:
        got = apply(words, [correction])
        said = f" {texts(got.words)} "
        assert f" {correction.after} " in said or not correction.after
