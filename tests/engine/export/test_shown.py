"""What can be seen stays; what cannot is gone, in every format alike."""

from __future__ import annotations

import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given

from editor_plugin.core.cues import Cue
from editor_plugin.engine.export import Result
from editor_plugin.engine.export.shown import clock, label, shown, shown_lines
from tests.engine.export.results import cue, lines, texts


def test_blank_lines_and_breaks_within_lines() -> None:
    assert shown_lines(cue(0, 1, "one\r\n\r\ntwo ", "", " \t", "three\u2028four")) == (
        "one",
        "two",
        "three",
        "four",
    )


@given(lines)
def test_every_character_that_can_be_seen_stays(given_lines: tuple[str, ...]) -> None:
    def ink(text: str) -> list[str]:
        unseen = ("Cc", "Cs", "Zl", "Zp", "Zs")
        return [
            char
            for char in text
            if unicodedata.category(char) not in unseen and char not in "\ufeff\ufffe\uffff"
        ]

    seen = shown_lines(Cue(Fraction(0), Fraction(1), given_lines))
    assert ink("".join(seen)) == ink("".join(given_lines))
    assert all(line.strip() and "\n" not in line for line in seen)


@given(texts)
def test_shown_text_is_shown_as_it_is(text: str) -> None:
    assert shown(shown(text)) == shown(text)
    shown(text).encode("utf-8")


def test_marks_of_direction_and_joined_emoji_stay() -> None:
    for text in ("\u202bمرحبا\u202c", "שלום\u200f!", "👩‍👩‍👧", "e\u0301", "\u3000字"):
        assert shown(text) == text


@pytest.mark.parametrize(
    ("milliseconds", "read"),
    [(0, "00:00:00.000"), (3_661_001, "01:01:01.001"), (360_000_000, "100:00:00.000")],
)
def test_clock(milliseconds: int, read: str) -> None:
    assert clock(milliseconds) == read


def test_labels_are_timecode_on_a_timeline_and_clock_time_elsewhere() -> None:
    ntsc = Fraction(30000, 1001)
    on_timeline = Result("x", ntsc, (), (), start_frame=107892, drop_frame=True)
    assert label(on_timeline, 1800 / ntsc) == "01:01:00;02"
    assert label(Result("x", Fraction(25), (), (), start_frame=90000), Fraction(1)) == "01:00:01:00"
    assert label(Result("x", None, (), ()), Fraction("1.44")) == "00:00:01.440"
