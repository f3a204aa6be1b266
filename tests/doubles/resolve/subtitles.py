"""A strict reader of SRT, on its own so that it cannot share a mistake with the project's.

It takes what every program takes and nothing else: UTF-8 with or without BOM, numbers from 1 up,
HH:MM:SS,mmm with two and three digits, an arrow with one blank on each side, text, a blank line.
"""

from __future__ import annotations

import re
from fractions import Fraction

from tests.doubles.resolve.clock import nearest
from tests.doubles.resolve.world import Cue

_TIME = r"(\d\d):([0-5]\d):([0-5]\d),(\d\d\d)"
_HEAD = re.compile(f"{_TIME} --> {_TIME}")


class NotStrict(ValueError):
    """The file has something that not every program reads."""


def read(content: bytes) -> list[Cue]:
    """Read a file. Raises NotStrict, naming the line."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotStrict("not UTF-8") from None
    if "\0" in text or "\r" in text.replace("\r\n", ""):
        raise NotStrict("a NUL or a lone carriage return")
    lines = text.replace("\r\n", "\n").split("\n")
    cues: list[Cue] = []
    at = 0
    while at < len(lines):
        if lines[at] == "" and all(line == "" for line in lines[at:]):
            break
        cue, at = _cue(lines, at, len(cues) + 1)
        if cues and cue.start < cues[-1].end:
            raise NotStrict(f"cue {len(cues) + 1} starts before the one before it ends")
        cues.append(cue)
    if not cues:
        raise NotStrict("no cue")
    return cues


def _cue(lines: list[str], at: int, number: int) -> tuple[Cue, int]:
    if lines[at] != str(number):
        raise NotStrict(f"line {at + 1}: not the number {number}")
    head = _HEAD.fullmatch(lines[at + 1]) if at + 1 < len(lines) else None
    if head is None:
        raise NotStrict(f"line {at + 2}: no times")
    start, end = _seconds(head.groups()[:4]), _seconds(head.groups()[4:])
    if end <= start:
        raise NotStrict(f"line {at + 2}: ends before it starts")
    stop = at + 2
    while stop < len(lines) and lines[stop] != "":
        stop += 1
    text = "\n".join(lines[at + 2 : stop])
    if not text.strip():
        raise NotStrict(f"line {at + 3}: no text")
    return Cue(start, end, text), stop + 1


def _seconds(parts: tuple[str, ...]) -> Fraction:
    hours, minutes, seconds, thousandths = map(int, parts)
    return Fraction(((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths, 1000)


def frames(cue: Cue, rate: Fraction) -> tuple[int, int]:
    """First frame of a cue and the frame after its last, each the nearest; one frame at least."""
    start, end = nearest(cue.start * rate), nearest(cue.end * rate)
    return start, max(end, start + 1)


def flattened(text: str) -> str:
    """A cue's text as a name: line breaks become blanks, and "<" with its tag is eaten."""
    return re.sub(r"<[^>]*>?", "", text).replace("\n", " ")
