"""What we write we read, with the same text and times, whatever the text."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from editor_plugin.core.cues import Cue
from editor_plugin.engine.export import Result
from editor_plugin.engine.reading import read_text
from editor_plugin.engine.reading.encoding import decode
from tests.engine.export.results import results, visible, written


def in_milliseconds(cues: list[Cue]) -> list[Cue]:
    return [
        Cue(Fraction(round(c.start * 1000), 1000), Fraction(round(c.end * 1000), 1000), c.lines)
        for c in cues
    ]


@pytest.mark.parametrize("name", ["srt", "vtt", "ttml"])
@given(result=results())
def test_cues_come_back(name: str, result: Result) -> None:
    read = read_text(decode(written(name, result).encode("utf-8")))
    exact = name == "ttml" and result.rate is not None
    expected = visible(result) if exact else in_milliseconds(visible(result))
    assert read.cues == tuple(sorted(expected, key=lambda cue: cue.start))
    assert read.encoding == "utf-8"
    if expected:
        assert read.format == name
        assert {each.kind for each in read.findings} <= {"length"}


@given(results())
def test_ass_comes_back_with_its_text(result: Result) -> None:
    read = read_text(decode(written("ass", result).encode("utf-8")))
    expected = visible(result)
    assert [each.lines for each in read.cues] == [each.lines for each in expected]
    for found, shown in zip(read.cues, expected, strict=True):
        assert found.start <= shown.start < found.start + Fraction(1, 100)
    assert read.format == "ass" and not [f for f in read.findings if f.kind == "markup"]
