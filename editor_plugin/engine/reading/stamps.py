"""Parsing of the times in subtitle files, in every way that people and programs write them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

LONGEST_LINE = 300
"""Characters; a line of times is about 30, and 60 with a position."""

GUESSED_RATE = 25
"""Frames per second of times that count frames (00:00:01:12) in a file without a rate."""

_STAMP = r"(-?) ?(?:(\d{1,9}) ?: ?)?(\d{1,9}) ?: ?(\d{1,9})(?: ?([.,:;]) ?(\d{1,9}))?"
_ARROW = r" ?([-–—−]{1,4} ?[-–—−]{0,3}>|→|=>|[-–—−~]{1,3}|,|(?<= )) ?"
_TIMES = re.compile(_STAMP + _ARROW + _STAMP + r"(.*)")
_ONE = re.compile(_STAMP)


@dataclass(frozen=True)
class Stamp:
    """One time in seconds; `oddities` are (kind, how it was understood)."""

    seconds: Fraction
    oddities: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Times:
    """A line of times. `arrow` is the text between them, `rest` the text after them."""

    start: Stamp
    end: Stamp
    arrow: str
    rest: str


def read_times(line: str, hours_optional: bool = False) -> Times | None:
    """Read a line of times (“00:00:01,000 --> 00:00:02,000”), or return None if it is none.
    `hours_optional` is WebVTT's rule, where MM:SS.mmm is regular."""
    if len(line) > LONGEST_LINE or line.count(":") + line.count("：") < 2:
        return None
    match = _TIMES.fullmatch(_spaced(line))
    if match is None and not line.isascii():
        # Full-width figures and colons are common in translated files.
        match = _TIMES.fullmatch(_spaced(unicodedata.normalize("NFKC", line)))
    if match is None:
        return None
    fields = match.groups()
    if _is_cut_off(fields[:6], fields[7:13]):
        return None
    start, end = (_stamp(each, hours_optional) for each in (fields[:6], fields[7:13]))
    return Times(start, end, fields[6], fields[13].strip())


def read_stamp(text: str) -> Stamp | None:
    """Read one time, or return None if it is none."""
    match = _ONE.fullmatch(text.strip()) if len(text) <= LONGEST_LINE else None
    return None if match is None else _stamp(match.groups(), hours_optional=False)


def _spaced(line: str) -> str:
    """The line with single spaces, also for hard spaces."""
    return " ".join(line.replace("\ufeff", "").split())


def _stamp(fields: tuple[str | None, ...], hours_optional: bool) -> Stamp:
    sign, hours, minutes, seconds, mark, decimals = fields
    oddities: list[tuple[str, str]] = []
    if hours is None and not hours_optional:
        oddities.append(("ambiguous", "taken as minutes and seconds, without hours"))
    if int(seconds or 0) > 59 or (hours is not None and int(minutes or 0) > 59):
        oddities.append(("times", "more than 59 minutes or seconds, added up as they stand"))
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    time = whole + _decimals(mark, decimals, oddities)
    if sign and time:
        oddities.append(("negative", "before the start: taken as 0"))
        time = Fraction(0)
    return Stamp(time, tuple(oddities))


def _is_cut_off(start: tuple[str | None, ...], end: tuple[str | None, ...]) -> bool:
    """Whether the second time is cut off, as in “00:00:01,000 --> 00:0” at a damaged file's end."""
    return start[1] is not None and end[1] is None and end[5] is None


def _decimals(mark: str | None, decimals: str | None, oddities: list[tuple[str, str]]) -> Fraction:
    """The part after the whole seconds."""
    if decimals is None:
        oddities.append(("times", "no milliseconds: taken as whole seconds"))
        return Fraction(0)
    part = Fraction(int(decimals), 10 ** len(decimals))
    if mark in (":", ";") and len(decimals) < 3:
        oddities.append(("ambiguous", f"taken as frames, at {GUESSED_RATE} frames per second"))
        return Fraction(int(decimals), GUESSED_RATE)
    if mark in (":", ";"):
        oddities.append(("times", "taken as milliseconds"))
    elif len(decimals) < 3:
        read = f"“{mark}{decimals}” taken as {_milliseconds(part)} ms"
        oddities.append(("ambiguous", f"{read}; some programs mean {int(decimals)} ms by it"))
    return part


def _milliseconds(part: Fraction) -> int:
    return round(part * 1000)
