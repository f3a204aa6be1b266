from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.core.timebase import (
    exact_rate,
    frame_at,
    frame_of,
    frame_time,
    frames_until,
    has_drop_frame,
    nearest_frame,
    parse_position,
    quick,
    snap,
    timecode,
)

NTSC = {name: Fraction(n * 1000, 1001) for name, n in [("23.976", 24), ("29.97", 30)]}
NTSC |= {"59.94": Fraction(60000, 1001), "119.88": Fraction(120000, 1001)}
RATES = [*NTSC.values(), *(Fraction(n) for n in (24, 25, 30, 50, 60))]
LABELLED = [(rate, False) for rate in RATES] + [
    (rate, True) for rate in RATES if has_drop_frame(rate)
]


@pytest.mark.parametrize(
    ("given_rate", "exact"),
    [
        ("23.976", Fraction(24000, 1001)),
        (23.98, Fraction(24000, 1001)),
        (23.976023976023978, Fraction(24000, 1001)),
        (Fraction(2997, 125), Fraction(24000, 1001)),
        ("24000/1001", Fraction(24000, 1001)),
        ("29.97 DF", Fraction(30000, 1001)),
        ("29,97", Fraction(30000, 1001)),
        ("47.95", Fraction(48000, 1001)),
        (59.94, Fraction(60000, 1001)),
        ("119.88", Fraction(120000, 1001)),
        ("25 fps", Fraction(25)),
        (24.0, Fraction(24)),
        (25, Fraction(25)),
        ("30000/1000", Fraction(30)),
        ("12.5", Fraction(25, 2)),
        (Fraction(1000), Fraction(1000)),
    ],
)
def test_rates_are_exact_however_they_are_written(
    given_rate: str | float | Fraction, exact: Fraction
) -> None:
    assert exact_rate(given_rate) == exact


@pytest.mark.parametrize(
    "nonsense",
    ["", "abc", "-25", "0", 0, -1, "1/0", float("nan"), float("inf"), 48000, "25 25", "1e3", "²"],
)
def test_a_rate_that_is_none_is_refused(nonsense: str | float) -> None:
    with pytest.raises(SettingsInvalid, match="frame rate"):
        exact_rate(nonsense)


@given(st.sampled_from(RATES))
def test_an_exact_rate_stays_as_it_is(rate: Fraction) -> None:
    assert exact_rate(rate) == exact_rate(float(rate)) == exact_rate(f"{float(rate):.3f}") == rate


@pytest.mark.parametrize(
    ("frame", "rate", "drop_frame", "label"),
    [
        (0, "29.97", True, "00:00:00;00"),
        (1799, "29.97", True, "00:00:59;29"),
        (1800, "29.97", True, "00:01:00;02"),
        (3597, "29.97", True, "00:01:59;29"),
        (3598, "29.97", True, "00:02:00;02"),
        (17981, "29.97", True, "00:09:59;29"),
        (17982, "29.97", True, "00:10:00;00"),
        (107892, "29.97", True, "01:00:00;00"),
        (2589408, "29.97", True, "24:00:00;00"),
        (108000, "29.97", False, "01:00:00:00"),
        (3600, "59.94", True, "00:01:00;04"),
        (215784, "59.94", True, "01:00:00;00"),
        (7200, "119.88", True, "00:01:00;008"),
        (431568, "119.88", True, "01:00:00;000"),
        (86400, "23.976", False, "01:00:00:00"),
        (90000, "25", False, "01:00:00:00"),
        (90000 * 30 + 1, "25", False, "30:00:00:01"),
        (-26, "25", False, "-00:00:01:01"),
        (-1800, "29.97", True, "-00:01:00;02"),
        (119, "119.88", False, "00:00:00:119"),
    ],
)
def test_known_labels(frame: int, rate: str, drop_frame: bool, label: str) -> None:
    assert timecode(frame, exact_rate(rate), drop_frame) == label
    assert frame_of(label, exact_rate(rate), drop_frame) == frame


def test_ten_minutes_of_drop_frame_count_every_frame_once() -> None:
    labels = [timecode(frame, NTSC["29.97"], True) for frame in range(17983)]
    assert labels == sorted(set(labels))
    skipped = [f"00:0{minute}:00;0{frame}" for minute in range(1, 10) for frame in (0, 1)]
    assert not set(skipped) & set(labels)
    assert len(labels) == 10 * 60 * 30 - len(skipped) + 1


@given(st.sampled_from(LABELLED), st.integers(-(10**8), 10**8))
def test_label_and_frame_round_trip(labelled: tuple[Fraction, bool], frame: int) -> None:
    rate, drop_frame = labelled
    label = timecode(frame, rate, drop_frame)
    assert frame_of(label, rate, drop_frame) == frame
    assert (";" in label) == drop_frame


@given(st.sampled_from(LABELLED), st.integers(0, 10**7))
def test_labels_ascend_with_frames(labelled: tuple[Fraction, bool], frame: int) -> None:
    rate, drop_frame = labelled
    here, there = (timecode(n, rate, drop_frame) for n in (frame, frame + 1))
    assert [int(part) for part in here.replace(";", ":").split(":")] < [
        int(part) for part in there.replace(";", ":").split(":")
    ]


@given(st.sampled_from([r for r in RATES if has_drop_frame(r)]), st.integers(0, 10**7))
def test_drop_frame_labels_stay_near_the_clock(rate: Fraction, frame: int) -> None:
    hours, minutes, seconds, frames = timecode(frame, rate, True).replace(";", ":").split(":")
    clock = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    # Ten minutes of labels are 600.0 s minus 0.6 ms a minute; the worst moment is a minute's end.
    drift = abs(clock + int(frames) / (rate * Fraction(1001, 1000)) - frame / rate)
    assert drift < Fraction(1, 10) + Fraction(clock, 86400) * Fraction(87, 1000)


def test_separators_and_digits() -> None:
    rate = NTSC["29.97"]
    assert frame_of("01;00;00;02", rate) == 107894
    assert frame_of("01:00:00;02", rate, drop_frame=False) == 107894
    assert frame_of(" 1:00:00:02 ", rate) == 108002
    assert frame_of("00:00:01.12", Fraction(50)) == 62
    assert frame_of("00:00:01:049", Fraction(50)) == 99


@pytest.mark.parametrize(
    ("label", "rate", "drop_frame"),
    [
        ("00:01:00;01", "29.97", False),
        ("00:01:00:00", "29.97", True),
        ("00:11:00;03", "59.94", True),
        ("00:01:00;007", "119.88", True),
        ("00:00:00;00", "25", False),
        ("00:00:00:25", "25", False),
        ("00:60:00:00", "25", False),
        ("00:00:60:00", "25", False),
        ("00:00:00", "25", False),
        ("", "25", False),
        ("٠٠:00:00:00", "25", False),
    ],
)
def test_impossible_labels_are_refused(label: str, rate: str, drop_frame: bool) -> None:
    with pytest.raises(SettingsInvalid, match="timecode"):
        frame_of(label, exact_rate(rate), drop_frame)


def test_drop_frame_needs_a_rate_that_has_it() -> None:
    for rate in ("23.976", "25", "30"):
        with pytest.raises(SettingsInvalid, match=r"29\.97, 59\.94"):
            timecode(0, exact_rate(rate), drop_frame=True)


@given(st.fractions(-(10**5), 10**5), st.sampled_from(RATES))
def test_frames_of_a_time(seconds: Fraction, rate: Fraction) -> None:
    frame = frame_at(seconds, rate)
    assert frame_time(frame, rate) <= seconds < frame_time(frame + 1, rate)
    assert abs(frame_time(nearest_frame(seconds, rate), rate) - seconds) <= 1 / (2 * rate)
    assert snap(snap(seconds, rate), rate) == snap(seconds, rate)


def test_the_later_of_two_equally_near_frames() -> None:
    assert nearest_frame(Fraction(1, 50), Fraction(25)) == 1
    assert nearest_frame(Fraction(-1, 50), Fraction(25)) == 0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("12.5", Fraction(25, 2)),
        ("0", Fraction(0)),
        ("90", Fraction(90)),
        ("01:30", Fraction(90)),
        ("90:00.25", Fraction(21601, 4)),
        ("01:00:00,001", Fraction(3600001, 1000)),
        (" 1:02:03 ", Fraction(3723)),
    ],
)
def test_positions_as_people_type_them(text: str, seconds: Fraction) -> None:
    assert parse_position(text) == seconds


def test_a_position_in_frames_needs_the_rate() -> None:
    assert parse_position("00:00:10:12", Fraction(25)) == Fraction(262, 25)
    assert parse_position("00:01:00;02", NTSC["29.97"]) == 1800 / NTSC["29.97"]
    with pytest.raises(SettingsInvalid, match="known frame rate"):
        parse_position("00:00:10:12")


@pytest.mark.parametrize(
    "text", ["", "x", "-1", "1:60", "1:60:00", "1:2:3:4:5", "1e5", "nan", "-00:00:10:12", "1:", "²"]
)
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(SettingsInvalid, match="position"):
        parse_position(text, Fraction(25))


@given(st.text(max_size=12), st.sampled_from([None, Fraction(25)]))
def test_no_text_brings_another_error(text: str, rate: Fraction | None) -> None:
    for read in (exact_rate, lambda t: parse_position(t, rate), lambda t: frame_of(t, RATES[1])):
        try:
            assert isinstance(read(text), (Fraction, int))
        except SettingsInvalid as error:
            assert error.data["value"] == text


@given(st.fractions(-1000, 1000), st.sampled_from(RATES))
def test_a_time_lies_between_the_frame_that_is_shown_and_the_first_one_not_before_it(
    time: Fraction, rate: Fraction
) -> None:
    shown, until = frame_at(time, rate), frames_until(time, rate)
    assert frame_time(shown, rate) <= time <= frame_time(until, rate)
    assert until - shown == (frame_time(shown, rate) != time)


@given(st.lists(st.fractions(0, 10**7, max_denominator=10**12), max_size=8), st.integers(1, 10**6))
def test_times_are_sorted_exactly_even_where_no_float_tells_them_apart(
    times: list[Fraction], far: int
) -> None:
    near = [time + 10**15 + Fraction(1, n) for time in times for n in (far, far + 1)]
    assert sorted(near, key=quick) == sorted(near)
