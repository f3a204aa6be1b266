"""Words come back exactly, and nonsense is refused with a reason."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editor_plugin.core.errors import MediaMissing, WordsUnreadable
from editor_plugin.core.projection import ProjectedWord
from editor_plugin.core.timeline import Media
from editor_plugin.core.transcript import Word
from editor_plugin.engine.export import Result
from editor_plugin.engine.export.words import to_words
from editor_plugin.engine.reading import read_words
from tests.engine.export.results import RATES, texts

times = st.fractions(min_value=0, max_value=100_000, max_denominator=48_000 * 1001)
confidences = st.none() | st.floats(0, 1)
media = st.builds(
    Media, st.text(min_size=1), st.none() | st.integers(0, 9), st.none() | st.integers(0, 9)
)


@st.composite
def projected_words(draw: st.DrawFn) -> ProjectedWord:
    text, confidence, speaker = draw(texts), draw(confidences), draw(st.none() | texts)
    words = []
    for _ in range(2):
        start = draw(times)
        words.append(Word(text, start, start + draw(times), confidence, speaker))
    return ProjectedWord(
        words[0], words[1], draw(media), draw(st.integers(0, 9)), draw(st.integers(0, 999))
    )


results = st.builds(
    Result,
    name=texts,
    rate=st.sampled_from([None, *RATES]),
    cues=st.just(()),
    words=st.lists(projected_words(), max_size=5).map(tuple),
    start_frame=st.integers(0, 10**7),
    drop_frame=st.booleans(),
    language=st.sampled_from([None, "en", "pt-BR"]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(results)
def test_a_result_comes_back_exactly(tmp_path: Path, result: Result) -> None:
    path = tmp_path / "film.words.json"
    path.write_bytes(to_words(result).encode("utf-8"))
    assert read_words(path) == result


WORD = Word("Helo", Fraction(1, 3), Fraction(2, 3), 0.25)
RESULT = Result("film", Fraction(25), (), (ProjectedWord(WORD, WORD, Media("/a.mov"), 0, 0),))


def changed(path: Path, change: Any) -> Path:
    data = json.loads(to_words(RESULT))
    change(data)
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_what_was_corrected_by_hand_counts(tmp_path: Path) -> None:
    def correct(data: Any) -> None:
        data["words"][0] |= {"text": "Hello", "start": 0.3}

    (read,) = read_words(changed(tmp_path / "w.json", correct)).words
    assert read.word == replace(WORD, text="Hello", start=Fraction(3, 10))
    assert read.source == replace(WORD, text="Hello")


def test_a_field_of_words_is_not_forgotten_here() -> None:
    known = {"text", "start", "end", "confidence", "speaker"}
    assert {each.name for each in fields(Word)} == known


def test_without_exact_times_the_readable_ones_count(tmp_path: Path) -> None:
    path = changed(tmp_path / "w.json", lambda data: data["words"][0].pop("exact"))
    (read,) = read_words(path).words
    assert (read.word.start, read.word.end) == (Fraction("0.333333"), Fraction("0.666667"))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda data: data.pop("format"), "does not say “format”: “recue-words”"),
        (lambda data: data.update(version=2), "version is 2"),
        (lambda data: data.pop("words"), "“words” is missing"),
        (lambda data: data.update(rate="fast"), "“fast” is no value for a frame rate"),
        (lambda data: data.update(start_frame=True), "“start_frame” is of the wrong kind"),
        (lambda data: data["words"].append(7), "word 2: “source” is missing"),
        (lambda data: data["words"][0].update(text=None), "word 1: “text” is of the wrong kind"),
        (lambda data: data["words"][0].update(start=1), "word 1: it ends before it starts"),
        (lambda data: data["words"][0].update(end=float("inf")), "word 1: “end” is no time"),
        (lambda data: data["words"][0].update(end=float("nan")), "word 1: “end” is no time"),
        (lambda data: data["words"][0].update(end=10**400), "word 1: “end” is no time"),
        (lambda data: data["words"][0].update(confidence=float("nan")), "“confidence” is no"),
        (lambda data: data["words"][0].update(speaker=3), "“speaker” is of the wrong kind"),
        (lambda data: data["words"][0]["source"].pop("path"), "word 1: “path” is missing"),
    ],
)
def test_a_damaged_file_is_refused_with_the_reason(
    tmp_path: Path, change: Any, reason: str
) -> None:
    with pytest.raises(WordsUnreadable, match=reason):
        read_words(changed(tmp_path / "w.json", change))


@pytest.mark.parametrize(
    "exact",
    [
        ["1/0", "2/3"],
        ["1e999999999", "1"],
        ["9" * 100, "1"],
        ["9" * 5000, "1"],
        ["x", "/"],
        [1, 2],
        "1/3",
        [],
    ],
)
def test_exact_times_that_are_none_are_not_used(tmp_path: Path, exact: Any) -> None:
    path = changed(tmp_path / "w.json", lambda data: data["words"][0].update(exact=exact))
    assert read_words(path).words[0].word.start == Fraction("0.333333")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"1" * 10_000, "no JSON"),
        (b"[]", "does not say"),
        (b"\xff\xfe{", "not UTF-8"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nHi\n", "no JSON"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "w.json"
    path.write_bytes(data)
    with pytest.raises(WordsUnreadable, match=reason):
        read_words(path)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(MediaMissing):
        read_words(tmp_path / "none.json")
