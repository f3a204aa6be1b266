r"""Advanced SubStation Alpha (.ass), plain and as karaoke, each word highlighted in turn ({\k}).

Times are cut to centiseconds, not rounded: a frame that starts at 41.7 ms is shown with a cue
that starts at 40 ms, and would be shown without one that starts at 50 ms. So each cue is on screen
in exactly its frames, as long as a frame is longer than a centisecond.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

from editor_plugin.core.cues import Cue
from editor_plugin.engine.export.result import ExportFormat, Result
from editor_plugin.engine.export.shown import WORD_JOINER, shown, shown_lines

# A script's own pixels; players scale them to the picture. White with a black outline, centred at
# the bottom, 5 % of the height: what subtitles look like by default.
_HEAD = """\
[Script Info]
Title: {title}
ScriptType: v4.00+
WrapStyle: 2
ScaledBorderAndShadow: yes
PlayResX: 1920
PlayResY: 1080

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, \
Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, \
Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,54,&H00FFFFFF,&H00A0A0A0,&H00000000,&H80000000,\
0,0,0,0,100,100,0,0,1,3,0,2,96,96,54,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
# ffmpeg takes a brace before a backslash for an override even where the brace is escaped.
_SPECIAL = re.compile(r"[{}\\]")
_ESCAPES = {"{": "\\{", "}": "\\}", "\\": "\\" + WORD_JOINER}


def to_ass(result: Result) -> str:
    """Return the ASS text."""
    return _script(result, karaoke=False)


def to_ass_karaoke(result: Result) -> str:
    r"""Return the ASS text with each word's time as {\k}.

    A cue whose words are not known, or do not make up its lines any more, is written plain.
    """
    return _script(result, karaoke=True)


def _script(result: Result, karaoke: bool) -> str:
    dialogue = []
    for cue in result.cues:
        lines = shown_lines(cue)
        if not lines:
            continue
        text = (_lit(cue, lines) if karaoke else None) or "\\N".join(map(_literal, lines))
        start, end = _cut(cue.start), max(_cut(cue.end), _cut(cue.start) + 1)
        dialogue.append(f"Dialogue: 0,{_clock(start)},{_clock(end)},Default,,0,0,0,,{text}\n")
    return _HEAD.format(title=shown(result.name)) + "".join(dialogue)


def _lit(cue: Cue, lines: tuple[str, ...]) -> str | None:
    r"""Put {\k} and the time until the next word before each word, or return None where a word is
    not found in its place."""
    text = "\n".join(lines)
    words = [word for word in cue.words if shown(word.text)]
    if not words:
        return None
    start, end = _cut(cue.start), _cut(cue.end)
    begins = [min(max(start, _cut(word.start)), end) for word in words]
    pieces = [_mark(begins[0] - start)] if begins[0] > start else []
    at, lit = 0, begins[0]
    for word, until in zip(words, [*begins[1:], end], strict=True):
        found = shown(word.text)
        begin = at + len(text[at:]) - len(text[at:].lstrip())
        if not text.startswith(found, begin):
            return None
        space = text[at:begin].replace("\n", "\\N")
        pieces.append(f"{space}{_mark(max(0, until - lit))}{_literal(found)}")
        at, lit = begin + len(found), max(lit, until)
    return "".join(pieces) if at == len(text) else None


def _mark(centiseconds: int) -> str:
    return f"{{\\k{centiseconds}}}"


def _literal(line: str) -> str:
    def escaped(match: re.Match[str]) -> str:
        apart = line[match.end() : match.end() + 1] in ("\\", WORD_JOINER)
        return _ESCAPES[match[0]] + (WORD_JOINER if match[0] == "{" and apart else "")

    return _SPECIAL.sub(escaped, line)


def _cut(seconds: Fraction) -> int:
    return math.floor(seconds * 100)


def _clock(centiseconds: int) -> str:
    seconds, rest = divmod(centiseconds, 100)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}.{rest:02}"


FORMATS = (
    ExportFormat("ass", ".ass", to_ass, "ASS subtitles"),
    ExportFormat("ass-karaoke", ".karaoke.ass", to_ass_karaoke, "ASS karaoke, word by word"),
)
