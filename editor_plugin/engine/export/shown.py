"""The visible text of cues, and their times as text, for every format."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from editor_plugin.core.cues import Cue
from editor_plugin.core.timebase import timecode
from editor_plugin.engine.export.result import Result

WORD_JOINER = "\u2060"
"""A character without width that breaks up what a player would take for markup, in formats that
cannot escape a character (SRT; the backslash of ASS)."""

_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Nothing is drawn for these, and XML or a parser would stumble over them: controls, halves of
# surrogate pairs, the byte order mark, and the two code points that are never characters.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


def shown_lines(cue: Cue) -> tuple[str, ...]:
    """Return the visible lines of a cue, split at line breaks inside them and without empty ones: a
    blank line ends a cue in SRT and WebVTT."""
    return _lines(cue.text)


@lru_cache(maxsize=4096)
def _lines(text: str) -> tuple[str, ...]:
    lines = (shown(line) for line in _BREAKS.split(text))
    return tuple(line for line in lines if line.strip())


def shown(text: str) -> str:
    """Return a line without invisible characters, and with spaces for tabs."""
    return _UNSEEN.sub("", _BREAKS.sub(" ", text).replace("\t", " ")).strip(" ")


def milliseconds(seconds: Fraction) -> int:
    """Round seconds to milliseconds, halves to the even one."""
    over, under = seconds.as_integer_ratio()
    whole, rest = divmod(over * 1000, under)
    return whole + (2 * rest > under or (2 * rest == under and whole % 2))


def clock(milliseconds: int, mark: str = ".") -> str:
    """Milliseconds as HH:MM:SS.mmm, with `mark` for the point; hours may have more digits."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{mark}{rest:03}"


def label(result: Result, seconds: Fraction) -> str:
    """A time as an editor shows it: timecode on a timeline, clock time in a media file."""
    if result.rate is None:
        return clock(milliseconds(seconds))
    frame = result.start_frame + round(seconds * result.rate)
    return timecode(frame, result.rate, result.drop_frame)
