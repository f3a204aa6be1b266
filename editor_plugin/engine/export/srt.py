"""SubRip (.srt)."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache

import srt

from editor_plugin.engine.export.result import ExportFormat, Result
from editor_plugin.engine.export.shown import WORD_JOINER, milliseconds, shown_lines

# SRT knows no escapes. What players take for a tag (<i>), an override ({\an8}) or an entity
# (&amp;), and an arrow that a reader could take for the next cue's times, is broken up unseen.
# Before a joiner of the text's own comes one more, as `engine.reading` takes one away.
_MARKUP = re.compile(
    r"<(?=/?[A-Za-z][^<>]*>)|\{(?=\\)|&(?=#?[A-Za-z0-9]+;)"
    f"|[<{{&](?={WORD_JOINER})|--(?={WORD_JOINER}*>)"
)
_TIME = re.compile(rf"{WORD_JOINER}*\d+:\d")


def to_srt(result: Result) -> str:
    """Return the SRT text. Times are rounded to the millisecond, SRT's own resolution."""
    texts = [(cue, _text(shown_lines(cue))) for cue in result.cues]
    subtitles = [
        srt.Subtitle(
            index,
            timedelta(milliseconds=milliseconds(cue.start)),
            timedelta(milliseconds=milliseconds(cue.end)),
            text,
        )
        for index, (cue, text) in enumerate(((cue, text) for cue, text in texts if text), start=1)
    ]
    return str(srt.compose(subtitles, reindex=False))


@lru_cache(maxsize=4096)
def _text(lines: tuple[str, ...]) -> str:
    """Join lines; a number and a time below each other would look like the next cue's head."""
    literal = [_literal(line) for line in lines]
    for at in range(1, len(literal)):
        if lines[at - 1].strip().isdecimal() and _TIME.match(literal[at]):
            literal[at] = WORD_JOINER + literal[at]
    return "\n".join(literal)


def _literal(line: str) -> str:
    return _MARKUP.sub(lambda match: match[0] + WORD_JOINER, line)


FORMATS = (ExportFormat("srt", ".srt", to_srt, "SRT subtitles"),)
