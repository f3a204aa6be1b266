"""Where subtitles come to lie among other strips, and reading and writing SRT."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
import srt
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.cues import Cue
from editor_plugin.core.errors import SubtitlesUnreadable
from editor_plugin.hosts.blender.api import CHANNELS
from editor_plugin.hosts.blender.placing import OccupiedRange, TextStrip, laid_out, titles_of
from editor_plugin.hosts.blender.strips import SceneClock
from editor_plugin.hosts.srt import read_srt, srt_text

TAKEN = st.builds(
    lambda channel, first, length: OccupiedRange(channel, first, first + length),
    st.integers(1, CHANNELS),
    st.integers(0, 400),
    st.integers(1, 200),
)
CUES = st.lists(
    st.builds(
        lambda start, length, text: Cue(start, start + length, (text,)),
        st.fractions(0, 20, max_denominator=1000),
        st.fractions(0, 5, max_denominator=1000),
        st.text("abc é你", min_size=1),
    ),
    max_size=12,
)
CLOCK = SceneClock(Fraction(24000, 1001), 1)


@given(CUES, st.lists(TAKEN, max_size=30), st.none() | st.integers(1, CHANNELS))
def test_no_subtitle_meets_another_strip(
    cues: list[Cue], taken: list[OccupiedRange], wanted: int | None
) -> None:
    titles = titles_of(cues, CLOCK)
    placed = laid_out(titles, taken, wanted)
    assert placed is not None
    assert [(t.first, t.end, t.text) for t in placed] == [(t.first, t.end, t.text) for t in titles]
    lying = [*taken, *(OccupiedRange(t.channel, t.first, t.end) for t in placed)]
    for at, title in enumerate(placed, start=len(taken)):
        assert 1 <= title.channel <= CHANNELS and title.end > title.first
        for other in (*lying[:at], *lying[at + 1 :]):
            apart = other.end <= title.first or title.end <= other.first
            assert other.channel != title.channel or apart


def test_they_lie_above_everything_in_their_range_and_no_higher() -> None:
    taken = [OccupiedRange(2, 0, 100), OccupiedRange(7, 200, 300)]
    assert laid_out([TextStrip(10, 20, "a"), TextStrip(30, 40, "b")], taken) == [
        TextStrip(10, 20, "a", 3),
        TextStrip(30, 40, "b", 3),
    ]


def test_titles_at_one_time_lie_on_channels_one_above_the_other() -> None:
    placed = laid_out([TextStrip(10, 30, "a"), TextStrip(20, 40, "b"), TextStrip(30, 50, "c")], [])
    assert placed is not None
    assert [title.channel for title in placed] == [1, 2, 1]


def test_they_stay_on_their_channel_while_it_is_free() -> None:
    assert laid_out([TextStrip(10, 20, "a")], [OccupiedRange(1, 0, 50)], 9) == [
        TextStrip(10, 20, "a", 9)
    ]
    assert laid_out([TextStrip(10, 20, "a")], [OccupiedRange(9, 0, 50)], 9) == [
        TextStrip(10, 20, "a", 10)
    ]


def test_a_muted_channel_is_passed_over() -> None:
    taken = [OccupiedRange(1, 0, 50), OccupiedRange(2, -999, 999, is_strip=False)]
    assert laid_out([TextStrip(10, 20, "a")], taken) == [TextStrip(10, 20, "a", 3)]


def test_without_a_free_channel_there_is_no_place() -> None:
    assert (
        laid_out([TextStrip(10, 20, "a")], [OccupiedRange(c, 0, 50) for c in range(1, 129)]) is None
    )


@given(CUES)
def test_srt_comes_back_as_it_was_written(cues: list[Cue]) -> None:
    shown = [cue for cue in cues if cue.text.strip() and round((cue.end - cue.start) * 1000) > 1]
    if shown:
        back = read_srt(srt_text(shown).encode(), "a.srt")
        assert [cue.text for cue in back] == [cue.text.strip() for cue in shown]
        for cue, other in zip(back, shown, strict=True):
            assert abs(cue.start - other.start) <= Fraction(1, 2000)


@given(CUES)
def test_another_reader_reads_the_same(cues: list[Cue]) -> None:
    text = srt_text(cues)
    read = list(srt.parse(text))
    shown = [cue for cue in cues if cue.text.strip()]
    assert [each.content for each in read] == [cue.text.strip() for cue in shown]
    assert [each.start for each in read] == [
        timedelta(milliseconds=round(cue.start * 1000)) for cue in shown
    ]


@given(st.binary(max_size=300))
def test_any_bytes_are_subtitles_or_refused_in_a_sentence(content: bytes) -> None:
    try:
        read_srt(content, "a.srt")
    except SubtitlesUnreadable as error:
        assert "a.srt" in str(error)


def test_files_of_other_programs_are_read() -> None:
    text = "1\r\n00:00:01.5 --> 00:00:02,500 X1:0\r\n<i>Hé!</i>\r\n{\\an8}You\r\n\r\n\r\n2\r\n"
    text += "00:00:03,000 --> 00:00:04,000\r\n7\r\n"
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        assert read_srt(text.encode(encoding), "a.srt") == [
            Cue(Fraction(3, 2), Fraction(5, 2), ("Hé!", "You")),
            Cue(Fraction(3), Fraction(4), ("7",)),
        ]


def test_a_file_without_cues_is_refused() -> None:
    with pytest.raises(SubtitlesUnreadable, match=r"a\.srt"):
        read_srt(b"hello", "a.srt")
