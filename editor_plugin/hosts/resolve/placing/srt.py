"""The little that placing needs of an SRT text that the engine wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from editor_plugin.core.cues import Cue

_STAMP = r"(\d+):(\d\d):(\d\d)[,.](\d\d\d)"
_HEAD = re.compile(rf"\d+\n{_STAMP} --> {_STAMP}")


def cues_of(srt: str) -> tuple[Cue, ...]:
    """The cues of a well-formed SRT text; blocks that are none are left out."""
    found = []
    for block in re.split(r"\n{2,}", srt.replace("\r\n", "\n").strip("\ufeff\n")):
        match = _HEAD.match(block)
        if match:
            fields = [int(each) for each in match.groups()]
            lines = tuple(block[match.end() :].strip("\n").split("\n"))
            found.append(Cue(_seconds(fields[:4]), _seconds(fields[4:]), lines))
    return tuple(found)


def srt_of(cues: Iterable[Cue]) -> str:
    """The SRT text of cues."""
    blocks = [
        f"{number}\n{_stamp(cue.start)} --> {_stamp(cue.end)}\n{cue.text}\n"
        for number, cue in enumerate(cues, 1)
    ]
    return "\n".join(blocks)


def _seconds(fields: list[int]) -> Fraction:
    hours, minutes, seconds, thousandths = fields
    return Fraction(((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths, 1000)


def _stamp(seconds: Fraction) -> str:
    rest, thousandths = divmod(round(seconds * 1000), 1000)
    minutes, rest = divmod(rest, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest:02},{thousandths:03}"
