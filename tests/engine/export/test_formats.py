"""What is written can be read by others: the srt package and ffmpeg's own demuxer."""

from __future__ import annotations

import json
import subprocess
from fractions import Fraction
from pathlib import Path

import srt
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.projection import ProjectedWord
from editor_plugin.core.segmentation import segment
from editor_plugin.core.styles import PLAIN
from editor_plugin.core.timeline import Media
from editor_plugin.core.timing import MILLISECONDS, retime
from editor_plugin.core.transcript import Word
from editor_plugin.engine.audio import find_ffmpeg
from editor_plugin.engine.export import WRITERS, Result
from tests.core.words import spoken, word_lists

MEDIA = Media("/films/Ünïcode clip.mov")
rates = st.sampled_from([None, Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001)])


def result_of(words: list[Word], rate: Fraction | None = None) -> Result:
    cues = retime(segment(words, PLAIN), rate or MILLISECONDS, PLAIN)
    placed = tuple(ProjectedWord(word, word, MEDIA, 0, 0) for word in words)
    return Result("film", rate, cues, placed)


def written(name: str, result: Result) -> str:
    return WRITERS[name][1](result)


@given(word_lists(), rates)
def test_srt_is_read_back_with_the_same_text_and_times(
    words: list[Word], rate: Fraction | None
) -> None:
    result = result_of(words, rate)
    subtitles = list(srt.parse(written("srt", result)))
    assert [each.content for each in subtitles] == [cue.text for cue in result.cues]
    for each, cue in zip(subtitles, result.cues, strict=True):
        for time, exact in ((each.start, cue.start), (each.end, cue.end)):
            assert abs(Fraction(time.total_seconds()) - exact) <= Fraction(1, 1999)


@given(word_lists(), st.sampled_from([Fraction(24000, 1001), Fraction(25), Fraction(60)]))
def test_the_frame_of_each_cue_survives_the_milliseconds(words: list[Word], rate: Fraction) -> None:
    result = result_of(words, rate)
    for each, cue in zip(srt.parse(written("srt", result)), result.cues, strict=True):
        milliseconds = Fraction(round(each.start.total_seconds() * 1000), 1000)
        assert Fraction(round(milliseconds * rate)) / rate == cue.start


def test_srt_looks_as_a_subtitle_file_should() -> None:
    text = written("srt", result_of(spoken("Good morning, everyone."), Fraction(25)))
    assert text == "1\n00:00:00,000 --> 00:00:01,440\nGood morning, everyone.\n\n"


def test_ffmpeg_reads_our_srt(tmp_path: Path) -> None:
    words = spoken("Wait! Who is there?") + spoken("It is only the wind.", start=Fraction(3700))
    path = tmp_path / "film.srt"
    path.write_text(written("srt", result_of(words)), encoding="utf-8")
    command = [find_ffmpeg(), "-v", "error", "-i", str(path), "-f", "webvtt", "-"]
    read = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    assert "00:00.000 --> 00:01.750\nWait! Who is there?" in read
    assert "01:01:40.000 --> " in read and "It is only the wind." in read


def test_text_has_a_paragraph_for_each_stretch_of_speech() -> None:
    words = (
        spoken("One two.")
        + spoken("Three four.", start=Fraction(1))
        + spoken("Five.", start=Fraction(10))
    )
    assert written("txt", result_of(words)) == "One two. Three four.\nFive.\n"


def test_words_tell_where_they_come_from() -> None:
    (word,) = spoken("Yes.", start=Fraction(2))
    found = json.loads(written("words", result_of([word])))["words"]
    source = {"path": MEDIA.path, "start": 2.0, "end": 2.25}
    assert found == [
        {"text": "Yes.", "start": 2.0, "end": 2.25, "confidence": None, "source": source}
    ]


@given(word_lists(), rates)
def test_json_holds_every_cue_and_word(words: list[Word], rate: Fraction | None) -> None:
    result = result_of(words, rate)
    cues = json.loads(written("json", result))["cues"]
    assert [cue["lines"] for cue in cues] == [list(cue.lines) for cue in result.cues]
    texts = [word["text"] for word in json.loads(written("words", result))["words"]]
    assert texts == [word.text for word in words]


def test_an_empty_result_is_a_valid_file_in_every_format() -> None:
    empty = Result("film", None, (), ())
    assert {name: written(name, empty) for name in ("srt", "txt")} == {"srt": "", "txt": ""}
    assert json.loads(written("json", empty))["cues"] == []
