"""SRT, as the srt package and ffmpeg read it."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import srt
from hypothesis import given

from editor_plugin.engine.export import Result
from editor_plugin.engine.export.shown import WORD_JOINER
from tests.engine.export.results import (
    RATES,
    cue,
    ffmpeg_reads,
    result_of,
    results,
    visible,
    written,
)


def test_looks_as_a_subtitle_file_should() -> None:
    result = result_of(cue(0, "1.44", "Good morning,", "everyone."), cue(3600, 3601, "Yes."))
    assert written("srt", result) == (
        "1\n00:00:00,000 --> 00:00:01,440\nGood morning,\neveryone.\n\n"
        "2\n01:00:00,000 --> 01:00:01,000\nYes.\n\n"
    )


@given(results())
def test_the_srt_package_reads_the_same(result: Result) -> None:
    # Its own reader takes any Unicode white space off the ends of a text.
    expected = [("\n".join(each.lines)).strip() for each in visible(result)]
    read = list(srt.parse(written("srt", result)))
    assert [each.content.replace(WORD_JOINER, "").strip() for each in read] == [
        text.replace(WORD_JOINER, "").strip() for text in expected
    ]
    for found, shown in zip(read, visible(result), strict=True):
        for time, exact in ((found.start, shown.start), (found.end, shown.end)):
            in_ms = time / timedelta(milliseconds=1)
            assert abs(Fraction(in_ms) - exact * 1000) <= Fraction(1, 2)


@given(results(rates=list(RATES)))
def test_the_frame_of_each_cue_survives_the_milliseconds(result: Result) -> None:
    assert result.rate is not None
    for found, shown in zip(srt.parse(written("srt", result)), visible(result), strict=True):
        milliseconds = round(found.start / timedelta(milliseconds=1))
        assert Fraction(round(milliseconds * result.rate / 1000)) / result.rate == shown.start


def test_what_a_player_would_take_for_markup_is_broken_up() -> None:
    text = written("srt", result_of(cue(0, 1, "<i>{\\an8}&amp; a --> b < c {d} R&D")))
    joiner = WORD_JOINER
    assert f"<{joiner}i>{{{joiner}\\an8}}&{joiner}amp; a --{joiner}> b < c {{d}} R&D\n" in text


def test_a_text_that_looks_like_the_next_cue_stays_text() -> None:
    result = result_of(cue(0, 1, "a", "2", "00:00:05,000 --> 00:00:06,000", "b"))
    (read,) = srt.parse(written("srt", result))
    assert read.content.replace(WORD_JOINER, "") == "a\n2\n00:00:05,000 --> 00:00:06,000\nb"


def test_ffmpeg_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "film.srt"
    result = result_of(
        cue(0, "1.75", "Wait!", "Who is <i>there</i> {\\b1}?"),
        cue(3700, 3701, "שלום, 日本語 😀"),
        rate=Fraction(25),
    )
    path.write_text(written("srt", result), encoding="utf-8")
    read = ffmpeg_reads(path, "webvtt").replace(WORD_JOINER, "")
    assert "00:00.000 --> 00:01.750\nWait!\nWho is " in read
    assert "there" in read and "01:01:40.000 --> 01:01:41.000\nשלום, 日本語 😀" in read
    for literal in ("<i>there</i>", "{\\b1}?"):
        assert literal in read.replace("&lt;", "<").replace("&gt;", ">")


def test_nothing_makes_an_empty_file() -> None:
    assert written("srt", result_of()) == ""
    assert written("srt", result_of(cue(0, 1, " ", "\x00"))) == ""
