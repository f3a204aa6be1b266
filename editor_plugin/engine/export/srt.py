"""SubRip."""

from __future__ import annotations

import re
from datetime import timedelta

import srt

from editor_plugin.engine.export.result import Result
from editor_plugin.engine.export.shown import WORD_JOINER, milliseconds, shown_lines

# SRT knows no escapes. What players take for a tag (<i>), an override ({\an8}) or an entity
# (&amp;), and an arrow that a reader could take for the next cue's times, is broken up unseen.
# Before a joiner of the text's own comes one more, as `engine.reading` takes one away.
_MARKUP = re.compile(
    r"<(?=/?[A-Za-z][^<>]*>)|\{(?=\\)|&(?=#?[A-Za-z0-9]+;)"
    f"|[<{{&](?={WORD_JOINER})|--(?={WORD_JOINER}*>)"
)


def to_srt(result: Result) -> str:
    """Return the SRT text. Times are rounded to the millisecond, SRT's own resolution."""
    texts = [(cue, "\n".join(map(_literal, shown_lines(cue)))) for cue in result.cues]
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


def _literal(line: str) -> str:
    return _MARKUP.sub(lambda match: match[0] + WORD_JOINER, line)
