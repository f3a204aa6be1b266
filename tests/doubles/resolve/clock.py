"""Rates and timecode as Resolve writes them. Independent of the project's own time code.

A rate is text: "23.976", "24", "29.97", "29.97 DF". Frames are whole numbers counted from
00:00:00:00; seconds and rates are Fractions.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

EXACT = {
    "23.976": Fraction(24000, 1001),
    "29.97": Fraction(30000, 1001),
    "47.952": Fraction(48000, 1001),
    "59.94": Fraction(60000, 1001),
    "119.88": Fraction(120000, 1001),
}
_TIMECODE = re.compile(r"(\d\d):(\d\d):(\d\d)([:;])(\d\d\d?)")


def rate_of(text: str) -> Fraction:
    """Return frames per second: 30000/1001 for "29.97 DF"."""
    number = text.split()[0]
    return EXACT.get(number) or Fraction(number)


def is_drop(text: str) -> bool:
    """Tell whether a rate's text says drop-frame."""
    return text.endswith(" DF")


def labels(rate: Fraction) -> int:
    """How many frame labels a second of timecode has."""
    return round(rate)


def frame_of(timecode: str, rate: Fraction) -> int:
    """Return the frame of a label; ";" means drop-frame. Raises ValueError for what is no label."""
    match = _TIMECODE.fullmatch(timecode)
    if match is None:
        raise ValueError(f"no timecode: {timecode!r}")
    hours, minutes, seconds, frames = (int(match[n]) for n in (1, 2, 3, 5))
    if minutes > 59 or seconds > 59 or frames >= labels(rate):
        raise ValueError(f"no timecode at {rate}: {timecode!r}")
    total = hours * 60 + minutes
    number = (total * 60 + seconds) * labels(rate) + frames
    if match[4] == ";":
        number -= dropped(rate) * (total - total // 10)
    return number


def dropped(rate: Fraction) -> int:
    """Labels that drop-frame leaves out in each minute but each tenth."""
    return labels(rate) // 15


def timecode(frame: int, rate: Fraction, drop: bool = False) -> str:
    """Return the label of a frame."""
    number = frame
    if drop:
        # Walk by minutes: slower than a formula, and so simple that it needs no proof.
        minute, left = 0, frame
        while True:
            length = labels(rate) * 60 - (dropped(rate) if minute % 10 else 0)
            if left < length:
                break
            left -= length
            minute += 1
        number = minute * 60 * labels(rate) + left + (dropped(rate) if minute % 10 else 0)
    seconds, frames = divmod(number, labels(rate))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{';' if drop else ':'}{frames:02}"


def nearest(value: Fraction) -> int:
    """Round half up."""
    return (value + Fraction(1, 2)).__floor__()


def seconds_of(value: Any) -> Fraction:
    """Seconds in any form as a Fraction."""
    return value if isinstance(value, Fraction) else Fraction(str(value))
