"""Exact rational time: frame rates, frames and timecode.

Seconds and rates are Fractions. A timecode is a label of a frame; drop-frame is a way to label,
never a rate: it skips labels at the start of a minute, so that the label of a 29.97 timeline stays
near the clock on the wall.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from editor_plugin.core.errors import SettingsInvalid

HIGHEST_RATE = 1000
"""Frames per second above which a number is a sample rate or a typing error."""

_RATE = re.compile(
    r"(?P<number>[0-9]{1,9}(?:[.,][0-9]{1,15})?|[0-9]{1,9}/[0-9]{1,9})"
    r"\s*(?:fps|p)?\s*(?:n?df|drop|non-drop)?",
    re.IGNORECASE,
)
# ";" before the frames means drop-frame; some programs write it between all fields, and some
# write "," or "." there.
_TIMECODE = re.compile(
    r"(?P<sign>-?)(?P<hours>[0-9]{1,6})[:;](?P<minutes>[0-9]{1,2})[:;](?P<seconds>[0-9]{1,2})"
    r"(?P<mark>[:;.,])(?P<frames>[0-9]{1,3})"
)
_CLOCK = re.compile(r"(?:(?:([0-9]{1,6}):)?([0-9]{1,6}):)?([0-9]{1,9})(?:[.,]([0-9]{1,12}))?")

# Editors round 24000/1001 to 23.98 (1.7e-4 off); 24 itself is 1e-3 away, so nothing is ambiguous.
_ROUNDED_BY = Fraction(2, 10_000)
_NTSC = Fraction(1000, 1001)


@lru_cache(maxsize=256, typed=True)
def exact_rate(value: str | int | float | Fraction) -> Fraction:
    """Return frames per second, exact: "23.976", 23.98 and "24000/1001" are all 24000/1001.

    A mark of drop-frame ("29.97 DF") is allowed and changes nothing. Raises SettingsInvalid for
    anything that is no rate from 1 to 1000.
    """
    given = _written_rate(value)
    if given is None or not 1 <= given <= HIGHEST_RATE:
        raise SettingsInvalid(
            "a frame rate", str(value), "frames per second, such as 23.976, 25, 29.97 or 30000/1001"
        )
    whole = _nearest(given)
    for nominal in (whole, _nearest(given / _NTSC) * _NTSC):
        if abs(given - nominal) <= nominal * _ROUNDED_BY:
            return Fraction(nominal)
    return given


def _written_rate(value: str | int | float | Fraction) -> Fraction | None:
    # A float is taken as it is written: 12.1 means 121/10.
    match = None if isinstance(value, Fraction) else _RATE.fullmatch(str(value).strip())
    if match:
        try:
            return Fraction(match["number"].replace(",", "."))
        except ZeroDivisionError:
            return None
    return value if isinstance(value, Fraction) else None


def quick(time: Fraction) -> tuple[float, Fraction]:
    """Return an exact sort key of a time; its nearest float decides nearly always, many times
    faster."""
    over, under = time.as_integer_ratio()
    return over / under, time


def frame_at(seconds: Fraction, rate: Fraction) -> int:
    """Return the number of the frame that is shown at this time."""
    over, under = seconds.as_integer_ratio()
    return over * rate.numerator // (under * rate.denominator)


def frames_until(seconds: Fraction, rate: Fraction) -> int:
    """Return the number of the first frame that does not start before this time."""
    over, under = seconds.as_integer_ratio()
    return -(-over * rate.numerator // (under * rate.denominator))


def nearest_frame(seconds: Fraction, rate: Fraction) -> int:
    """Return the number of the frame whose start is nearest; the later one of two equally near."""
    return _nearest(seconds * rate)


def frame_time(frame: int, rate: Fraction) -> Fraction:
    """Return the time in seconds at which the frame starts."""
    return frame / rate


def snap(seconds: Fraction, rate: Fraction) -> Fraction:
    """Return the time of the nearest frame boundary."""
    return frame_time(nearest_frame(seconds, rate), rate)


def nominal_rate(rate: Fraction) -> int:
    """Return how many frame labels a second of timecode has: 24 for 23.976."""
    return -(-rate.numerator // rate.denominator)


def has_drop_frame(rate: Fraction) -> bool:
    """Tell whether drop-frame labels exist at this rate: 29.97 and its multiples."""
    return _dropped_each_minute(rate) > 0


def timecode(frame: int, rate: Fraction, drop_frame: bool = False) -> str:
    """Return the label of a frame counted from 00:00:00:00: HH:MM:SS:FF, or HH:MM:SS;FF.

    Frames have three digits above 100 frames per second. Hours go on after 23; a negative frame
    has a minus sign. Raises SettingsInvalid for drop-frame at a rate that has none.
    """
    nominal = nominal_rate(rate)
    number = abs(frame)
    if drop_frame:
        number += _labels_dropped_before(number, rate)
    seconds, frames = divmod(number, nominal)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    sign, mark = "-" if frame < 0 else "", ";" if drop_frame else ":"
    digits = 2 if nominal <= 100 else 3
    return f"{sign}{hours:02}:{minutes:02}:{seconds:02}{mark}{frames:0{digits}}"


def frame_of(timecode: str, rate: Fraction, drop_frame: bool = False) -> int:
    """Return the number of the frame that carries this label, counted from 00:00:00:00.

    A semicolon means drop-frame whatever `drop_frame` says. Raises SettingsInvalid for what is no
    timecode at this rate, labels that drop-frame skips included.
    """
    nominal = nominal_rate(rate)
    match = _TIMECODE.fullmatch(timecode.strip())
    if match is None:
        raise _no_timecode(timecode, rate)
    hours, minutes, seconds, frames = (
        int(match[name]) for name in ("hours", "minutes", "seconds", "frames")
    )
    if minutes > 59 or seconds > 59 or frames >= nominal:
        raise _no_timecode(timecode, rate)
    number = ((hours * 60 + minutes) * 60 + seconds) * nominal + frames
    if drop_frame or ";" in timecode:
        dropped = _drop_frame_labels(rate)
        if minutes % 10 and seconds == 0 and frames < dropped:
            raise SettingsInvalid(
                "a timecode",
                timecode,
                f"labels that exist: in drop-frame the first {dropped} frame numbers of a minute "
                "are skipped, except in each tenth minute",
            )
        whole_minutes = hours * 60 + minutes
        number -= dropped * (whole_minutes - whole_minutes // 10)
    return -number if match["sign"] else number


def parse_position(text: str, rate: Fraction | None = None) -> Fraction:
    """Return seconds for a position as people type it.

    "12.5", "MM:SS", "HH:MM:SS", both with ".mmm" or ",mmm", and, where the rate is known,
    "HH:MM:SS:FF" or "HH:MM:SS;FF". Raises SettingsInvalid for anything else.
    """
    written = text.strip()
    match = _CLOCK.fullmatch(written)
    if match:
        hours, minutes, seconds, decimals = match.groups()
        in_range = int(seconds) < 60 or minutes is None
        if in_range and (hours is None or int(minutes) < 60):
            whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds)
            return Fraction(f"{whole}.{decimals or 0}")
    elif _TIMECODE.fullmatch(written) and not written.startswith("-"):
        if rate is not None:
            return frame_time(frame_of(written, rate), rate)
        raise SettingsInvalid(
            "a position", text, "HH:MM:SS.mmm here; frames (HH:MM:SS:FF) need a known frame rate"
        )
    raise SettingsInvalid(
        "a position", text, "seconds (12.5), MM:SS, HH:MM:SS.mmm, or HH:MM:SS:FF on a timeline"
    )


def _nearest(value: Fraction) -> int:
    doubled = value * 2 + 1
    return doubled.numerator // (doubled.denominator * 2)


def _dropped_each_minute(rate: Fraction) -> int:
    """2 at 29.97, 4 at 59.94, 8 at 119.88 (SMPTE ST 12 and its use at higher rates); else 0."""
    nominal = nominal_rate(rate)
    return nominal // 15 if nominal % 30 == 0 and rate == nominal * _NTSC else 0


def _drop_frame_labels(rate: Fraction) -> int:
    dropped = _dropped_each_minute(rate)
    if not dropped:
        raise SettingsInvalid(
            "drop-frame timecode", _shown(rate), "a rate of 29.97, 59.94 or 119.88"
        )
    return dropped


def _labels_dropped_before(frame: int, rate: Fraction) -> int:
    dropped = _drop_frame_labels(rate)
    minute = nominal_rate(rate) * 60 - dropped
    tens, rest = divmod(frame, minute * 10 + dropped)
    # The first minute of each ten is longer: it drops nothing.
    return dropped * (9 * tens + max(0, rest - dropped) // minute)


def _no_timecode(text: str, rate: Fraction) -> SettingsInvalid:
    last = nominal_rate(rate) - 1
    return SettingsInvalid(
        "a timecode", text, f"HH:MM:SS:FF with frames 00 to {last:02} at {_shown(rate)} fps"
    )


def _shown(rate: Fraction) -> str:
    thousandths = _nearest(rate * 1000)
    return f"{thousandths // 1000}.{thousandths % 1000:03}".rstrip("0").rstrip(".")
