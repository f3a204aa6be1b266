"""A result that is kept can be written in any format, as if it had been at once."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.jobs.result import result_from_wire, result_to_wire
from editor_plugin.core.projection import ProjectedWord
from editor_plugin.core.styles import STYLES
from editor_plugin.core.timeline import Media
from editor_plugin.core.transcript import Word
from editor_plugin.engine.corrections.provenance_file import made_of, read_made
from editor_plugin.engine.export import WRITERS, Result
from editor_plugin.engine.jobs.kept_result import rest_of, whole_result
from editor_plugin.engine.jobs.writing import FinishedInput
from editor_plugin.engine.subtitles.building import SubtitleOptions, subtitled

MEDIA = [Media("/a.wav"), Media("/b – ü.mov", 1, 0), Media("/a.wav", 0)]
TEXTS = ["Hello,", "world.", "日本語", "Donau" * 30, "<i>", "-->", "3", "\u2060", "é", "a b"]


@st.composite
def built(draw: st.DrawFn) -> Result:
    """A result as a job builds it: words of several sources, moved, on several tracks."""
    words: list[ProjectedWord] = []
    at = Fraction(0)
    for text in draw(st.lists(st.sampled_from(TEXTS), max_size=25)):
        at += Fraction(draw(st.integers(0, 60_000)), 16_000)
        length = Fraction(draw(st.integers(1, 16_000)), 16_000)
        confidence = draw(st.none() | st.floats(0, 1))
        heard = Word(text, at, at + length, confidence, draw(st.sampled_from([None, "Sam"])))
        speed = draw(st.sampled_from([Fraction(1), Fraction(2), Fraction(1001, 1000)]))
        word = replace(heard, start=heard.start / speed, end=heard.end / speed)
        if draw(st.integers(0, 9)) == 0:
            word = replace(word, text=word.text + "!", confidence=None)
        media = draw(st.sampled_from(MEDIA))
        words.append(ProjectedWord(word, heard, media, draw(st.integers(0, 2)), len(words)))
        at += length
    words.sort(key=lambda each: each.word.start)
    rate = draw(st.sampled_from([None, Fraction(25), Fraction(30000, 1001)]))
    result = Result("a", rate, (), tuple(words), draw(st.sampled_from([0, 86400])), False)
    options = SubtitleOptions(draw(st.sampled_from(STYLES)), draw(st.sampled_from([None, "en"])))
    return subtitled(result, options)


@given(built())
def test_what_is_kept_is_the_same_in_every_format(result: Result) -> None:
    ids = {media: number for number, media in enumerate(MEDIA)}
    shown = FinishedInput(result, ids).job_result()
    wire = json.loads(json.dumps({**result_to_wire(shown), "rest": rest_of(result)}))
    kept = whole_result(result_from_wire(wire), read_made(made_of(result, ids)), wire["rest"])
    assert kept == result
    for name, each in WRITERS.items():
        assert each.write(kept) == each.write(result), name


def test_what_does_not_belong_together_is_no_result() -> None:
    said = Word("a", Fraction(0), Fraction(1))
    word = ProjectedWord(said, said, MEDIA[0], 0, 0)
    one, none = Result("a", None, (), (word,)), Result("a", None, (), ())
    shown = FinishedInput(one, {}).job_result()
    with pytest.raises(ValueError):
        whole_result(shown, read_made(made_of(none, {})), rest_of(one))
