"""Plain text, JSON of the cues."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

from hypothesis import given

from editor_plugin.core.transcript import Word
from editor_plugin.engine.export import WRITERS, Result
from tests.core.words import spoken, word_lists
from tests.engine.export.results import cue, result_of, results, visible, written
from tests.engine.export.test_words import placed


def test_text_has_a_paragraph_for_each_stretch_of_speech() -> None:
    words = (
        spoken("One two.")
        + spoken("Three four.", start=Fraction(1))
        + spoken("Five.", start=Fraction(10))
    )
    assert written("txt", placed(words)) == "One two. Three four.\nFive.\n"


def test_text_without_spaces_keeps_one_between_latin_words() -> None:
    result = replace(placed(spoken("日本 語。 Hello world です。")), joiner="")
    assert written("txt", result) == "日本語。Hello worldです。\n"


@given(word_lists())
def test_text_has_every_word(words: list[Word]) -> None:
    assert written("txt", placed(words)).split() == [word.text for word in words]


def test_times_are_timecode_on_a_timeline() -> None:
    ntsc = Fraction(30000, 1001)
    cues = (cue(0, 30 / ntsc, "Good morning,", "everyone."), cue(1800 / ntsc, 1830 / ntsc, "Yes."))
    result = Result("film", ntsc, cues, (), start_frame=107892, drop_frame=True)
    assert written("txt-times", result) == (
        "[01:00:00;00 - 01:00:01;00]\nGood morning,\neveryone.\n\n"
        "[01:01:00;02 - 01:01:01;02]\nYes.\n"
    )


@given(results())
def test_timed_text_has_every_line(result: Result) -> None:
    blocks = written("txt-times", result).split("\n\n")
    read = [tuple(block.rstrip("\n").split("\n")[1:]) for block in blocks if block]
    assert read == [shown.lines for shown in visible(result)]


@given(results())
def test_json_holds_every_cue_as_it_is(result: Result) -> None:
    text = written("json", result)
    text.encode("utf-8")
    found = json.loads(text)
    assert [tuple(each["lines"]) for each in found["cues"]] == [each.lines for each in result.cues]
    for each, exact in zip(found["cues"], result.cues, strict=True):
        assert abs(Fraction(each["start"]) - exact.start) < Fraction(1, 10**6)
        assert abs(Fraction(each["end"]) - exact.end) < Fraction(1, 10**6)
    assert found["rate"] == (None if result.rate is None else str(result.rate))


def test_every_format_has_a_suffix_of_its_own_and_plain_ones_write_nothing_from_nothing() -> None:
    suffixes = [each.suffix for each in WRITERS.values()]
    assert len(set(suffixes)) == len(suffixes)
    for name in ("srt", "txt", "txt-times"):
        assert written(name, result_of()) == ""


@given(results())
def test_every_format_can_be_put_into_a_file(result: Result) -> None:
    for name in WRITERS:
        assert isinstance(written(name, result).encode("utf-8"), bytes)
