"""Words to cues: nothing lost, nothing too long, and breaks where a reader would make them."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given

from editor_plugin.core.segmentation import break_lines, segment
from editor_plugin.core.styles import PLAIN, Style
from editor_plugin.core.transcript import Word
from tests.core.words import spoken, word_lists


@given(word_lists())
def test_every_word_is_kept_in_order(words: list[Word]) -> None:
    cues = segment(words, PLAIN)
    kept = "".join(line.replace(" ", "") for cue in cues for line in cue.lines)
    assert kept == "".join(word.text for word in words)


@given(word_lists())
def test_no_cue_is_larger_than_two_lines_of_42(words: list[Word]) -> None:
    for cue in segment(words, PLAIN):
        assert 1 <= len(cue.lines) <= PLAIN.max_lines
        assert all(1 <= len(line) <= PLAIN.max_chars for line in cue.lines)


@given(word_lists())
def test_a_cue_lasts_from_its_first_word_to_its_last(words: list[Word]) -> None:
    for cue in segment(words, PLAIN):
        assert (cue.start, cue.end) == (cue.words[0].start, cue.words[-1].end)


@given(word_lists())
def test_no_cue_holds_a_long_pause(words: list[Word]) -> None:
    for cue in segment(words, PLAIN):
        pauses = [b.start - a.end for a, b in zip(cue.words, cue.words[1:], strict=False)]
        assert all(pause < PLAIN.pause for pause in pauses)


def test_a_short_sentence_is_one_line() -> None:
    (cue,) = segment(spoken("We open on the harbour at dawn."), PLAIN)
    assert cue.lines == ("We open on the harbour at dawn.",)


def test_two_sentences_that_do_not_fit_together_part_at_the_full_stop() -> None:
    text = (
        "The first scene shows the old harbour and the boats. "
        "Then the camera moves slowly to the window above it."
    )
    first, second = segment(spoken(text), PLAIN)
    assert first.text.endswith("boats.") and second.text.startswith("Then")


def test_lines_break_after_a_comma_rather_than_in_a_phrase() -> None:
    lines = break_lines(
        [
            "When",
            "the",
            "light",
            "goes",
            "down,",
            "we",
            "turn",
            "the",
            "camera",
            "to",
            "the",
            "door",
        ],
        PLAIN,
    )
    assert lines == ("When the light goes down,", "we turn the camera to the door")


def test_a_pause_ends_a_cue_even_in_mid_sentence() -> None:
    words = spoken("And then") + spoken("he fell.", start=Fraction(4))
    assert [cue.text for cue in segment(words, PLAIN)] == ["And then", "he fell."]


def test_a_word_longer_than_a_line_is_cut_into_pieces_in_time() -> None:
    (word,) = spoken("a" * 100, pace=Fraction(4))
    pieces = [piece for cue in segment([word], PLAIN) for piece in cue.words]
    assert [len(piece.text) for piece in pieces] == [42, 42, 16]
    assert pieces[0].start == word.start and pieces[-1].end == word.end
    assert all(a.end == b.start for a, b in itertools.pairwise(pieces))


def test_nothing_said_gives_no_cue() -> None:
    assert segment([], PLAIN) == ()


@pytest.mark.parametrize("lines", [1, 2, 3])
def test_a_style_sets_how_many_lines_there_are(lines: int) -> None:
    style = Style(max_chars=12, max_lines=lines)
    text = "one two three four five six seven eight nine ten"
    assert max(len(cue.lines) for cue in segment(spoken(text), style)) == lines


def test_words_that_no_layout_holds_have_none() -> None:
    assert break_lines(["x" * 43], PLAIN) is None
    assert break_lines(["x" * 40, "y" * 40, "z" * 5], PLAIN) is None
