"""Reading and writing SRT with the standard library, as editors' Python has no package for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from editor_plugin.core.cues import Cue
from editor_plugin.core.errors import SubtitlesUnreadable

_TIME = r"(\d{1,4}):(\d{1,2}):(\d{1,2})[,.](\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?")
_TAG = re.compile(r"</?(?:b|i|u|s|font|c)\b[^<>]*>|\{\\[^{}]*\}", re.IGNORECASE)


def srt_text(cues: Iterable[Cue]) -> str:
    """The cues as an SRT text, times rounded to the millisecond; cues without text are left out."""
    blocks: list[str] = []
    for cue in cues:
        lines = [line.strip() for line in cue.text.split("\n") if line.strip()]
        if lines:
            times = f"{_clock(cue.start)} --> {_clock(cue.end)}"
            blocks.append("\n".join([str(len(blocks) + 1), times, *lines]) + "\n")
    return "\n".join(blocks)


def read_srt(content: bytes, name: str) -> list[Cue]:
    """The cues of an SRT file, without its tags for italics and colours.

    UTF-8 or UTF-16, else taken for Windows' Western European. Raises SubtitlesUnreadable where
    there is no cue in it; `name` is for its sentence.
    """
    lines = _text(content).splitlines()
    found = [(at, m) for at, line in enumerate(lines) if (m := _TIMES.fullmatch(line))]
    cues = []
    for position, (at, match) in enumerate(found):
        after = found[position + 1][0] if position + 1 < len(found) else len(lines)
        body = lines[at + 1 : after]
        if position + 1 < len(found) and body and body[-1].strip().isdecimal():
            del body[-1]
        shown = [line for line in (_TAG.sub("", each).strip() for each in body) if line]
        start, end = _seconds(match.groups()[:4]), _seconds(match.groups()[4:])
        if shown and end > start:
            cues.append(Cue(start, end, tuple(shown)))
    if not cues:
        raise SubtitlesUnreadable(name, "there is no subtitle in it")
    return cues


def _text(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _seconds(parts: tuple[str, ...]) -> Fraction:
    hours, minutes, seconds, decimals = parts
    whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    return whole + Fraction(int(decimals), 10 ** len(decimals))


def _clock(seconds: Fraction) -> str:
    left, milliseconds = divmod(round(max(seconds, Fraction(0)) * 1000), 1000)
    minutes, left = divmod(left, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{left:02},{milliseconds:03}"
