"""The EDL of markers, as Resolve writes them and OpenTimelineIO's adapter reads them."""

from __future__ import annotations

import re
from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.projection import ProjectedWord
from editor_plugin.core.timebase import frame_at, frame_of
from editor_plugin.core.transcript import Word
from editor_plugin.engine.export import Result
from editor_plugin.engine.export.edl import DOUBTFUL
from tests.engine.export.results import MEDIA, RATES, texts, written

EVENT = re.compile(
    r"(\d{3,})  001      V     C        (\S+) (\S+) (\S+) (\S+)  \n"
    r"(.*) \|C:ResolveColorYellow \|M:(.*) \|D:(\d+)\n"
)


def heard(*words: Word, rate: Fraction | None = None, start: int = 0, drop: bool = False) -> Result:
    placed = tuple(ProjectedWord(word, word, MEDIA, 0, 0) for word in words)
    return Result("film", rate, (), placed, start, drop)


def test_a_marker_looks_as_resolve_writes_it() -> None:
    sure = Word("Good", Fraction(0), Fraction(1), 0.98)
    doubtful = Word("mourning|", Fraction(1), Fraction("1.52"), 0.341)
    unknown = Word("all", Fraction(2), Fraction(3), None)
    result = heard(sure, doubtful, unknown, rate=Fraction(25), start=90000)
    assert written("markers", result) == (
        "TITLE: film\nFCM: NON-DROP FRAME\n\n"
        "001  001      V     C        01:00:01:00 01:00:01:01 01:00:01:00 01:00:01:01  \n"
        "Check this word: confidence 34 % |C:ResolveColorYellow |M:mourning¦ |D:13\n"
    )


def test_drop_frame_labels() -> None:
    ntsc = Fraction(30000, 1001)
    word = Word("hm", 1800 / ntsc, 1810 / ntsc, 0.1)
    text = written("markers", heard(word, rate=ntsc, start=107892, drop=True))
    assert "FCM: DROP FRAME\n" in text and " 01:01:00;02 01:01:00;03 " in text


def test_words_on_one_frame_share_a_marker() -> None:
    words = [Word(text, Fraction(1), Fraction(1), 0.2) for text in ("a", "b")]
    assert " |M:a b |D:1\n" in written("markers", heard(*words, rate=Fraction(25)))


@st.composite
def doubted(draw: st.DrawFn) -> Result:
    rate = draw(st.sampled_from(RATES[:-1]))
    words = []
    for text in draw(st.lists(texts, max_size=8)):
        start = Fraction(draw(st.integers(0, 10**6)), 16000)
        end = start + Fraction(draw(st.integers(0, 16000)), 16000)
        confidence = draw(st.none() | st.floats(0, 1))
        words.append(Word(text, start, end, confidence))
    return heard(*words, rate=rate, start=draw(st.sampled_from([0, 86400])))


@given(doubted())
def test_every_doubtful_word_has_a_marker_on_its_frame(result: Result) -> None:
    text = written("markers", result)
    assert result.rate is not None
    head = re.match(r"TITLE: .*\nFCM: NON-DROP FRAME\n", text)
    assert head
    events = EVENT.findall(text)
    assert "\n".join(["", *(match[0] for match in EVENT.finditer(text))]) == text[head.end() :]
    frames = [frame_of(each[1], result.rate) - result.start_frame for each in events]
    words = [projected.word for projected in result.words]
    expected = {
        frame_at(word.start, result.rate)
        for word in words
        if word.confidence is not None and word.confidence < DOUBTFUL
    }
    assert frames == sorted(expected)
    assert all(int(each[7]) >= 1 and "|" not in each[6] + each[5] for each in events)


@pytest.mark.parametrize("rate", [24, 25, 30, 60])
def test_opentimelineio_reads_it(rate: int) -> None:
    words = [Word(f"w{at}", Fraction(at), at + Fraction(1, 2), 0.1) for at in range(1, 5)]
    text = written("markers", heard(*words, rate=Fraction(rate), start=3600 * rate))
    timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=rate)
    (track,) = timeline.video_tracks()
    starts = [clip.source_range.start_time.to_seconds() for clip in track.find_clips()]
    assert starts == [3600 + at for at in range(1, 5)]
