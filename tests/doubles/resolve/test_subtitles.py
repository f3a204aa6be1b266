"""The double's own reading of SRT."""

from __future__ import annotations

from fractions import Fraction

import pytest
import srt
from hypothesis import given
from hypothesis import strategies as st

from tests.doubles.resolve import subtitles
from tests.doubles.resolve.world import Cue

GOOD = "1\n00:00:01,000 --> 00:00:02,500\nOne\nline\n\n2\n00:00:02,500 --> 01:00:00,001\nTwo\n"
READ = [
    Cue(Fraction(1), Fraction(5, 2), "One\nline"),
    Cue(Fraction(5, 2), Fraction(3600001, 1000), "Two"),
]


@pytest.mark.parametrize("text", [GOOD, GOOD + "\n", "\ufeff" + GOOD, GOOD.replace("\n", "\r\n")])
def test_what_every_program_reads_is_read(text: str) -> None:
    assert subtitles.read(text.encode()) == READ


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n" + GOOD,
        GOOD.replace("1\n00", "0\n00", 1),
        GOOD.replace("\n2\n", "\n3\n"),
        GOOD.replace(",", "."),
        GOOD.replace(" --> ", "-->"),
        GOOD.replace("01,000", "1,000", 1),
        GOOD.replace("Two", ""),
        GOOD.replace("Two", " "),
        GOOD.replace("\n\n2", "\n\n\n2"),
        GOOD.replace("00:00:02,500\n", "00:00:01,000\n"),
        GOOD.replace("02,500\nOne", "02,600\nOne"),
        GOOD.replace("One", "O\0ne"),
        GOOD.replace("One\n", "One\r"),
        GOOD.replace("00:00:01", "00:60:01"),
    ],
)
def test_what_some_program_stumbles_over_is_refused(text: str) -> None:
    with pytest.raises(subtitles.NotStrict):
        subtitles.read(text.encode())


def test_other_encodings_are_refused() -> None:
    with pytest.raises(subtitles.NotStrict):
        subtitles.read(GOOD.replace("One", "Öne").encode("latin-1"))


@given(st.lists(st.integers(1, 10**7), min_size=2, max_size=20, unique=True))
def test_times_are_those_that_a_general_reader_finds(edges: list[int]) -> None:
    edges = sorted(edges)[: len(edges) // 2 * 2]
    pairs = list(zip(edges[::2], edges[1::2], strict=True))
    text = srt.compose(
        [
            srt.Subtitle(number, *map(milliseconds, pair), content=f"Cue {number}")
            for number, pair in enumerate(pairs, 1)
        ]
    )
    read = subtitles.read(text.encode())
    assert [(int(cue.start * 1000), int(cue.end * 1000)) for cue in read] == pairs


def milliseconds(number: int) -> object:
    return srt.srt_timestamp_to_timedelta(
        f"{number // 3600000:02}:{number // 60000 % 60:02}:{number // 1000 % 60:02},"
        f"{number % 1000:03}"
    )


@pytest.mark.parametrize(
    ("seconds", "rate", "frame"),
    [
        ("1.001", Fraction(24000, 1001), 24),
        ("3603.6", Fraction(30000, 1001), 108000),
        ("0.02", Fraction(25), 1),
        ("0.0199", Fraction(25), 0),
    ],
)
def test_frames_are_exact_and_half_a_frame_goes_up(
    seconds: str, rate: Fraction, frame: int
) -> None:
    cue = Cue(Fraction(seconds), Fraction(seconds) + 1, "x")
    assert subtitles.frames(cue, rate)[0] == frame


def test_a_cue_has_a_frame_at_least() -> None:
    assert subtitles.frames(Cue(Fraction(1), Fraction("1.001"), "x"), Fraction(25)) == (25, 26)


def test_a_name_has_no_line_breaks_and_no_tags() -> None:
    assert subtitles.flattened("<i>One</i>\ntwo < three") == "One two "
