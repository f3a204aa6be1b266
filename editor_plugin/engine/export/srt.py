"""SubRip."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import srt

from editor_plugin.engine.export.result import Result


def to_srt(result: Result) -> str:
    """Return the SRT text. Times are rounded to the millisecond, SRT's own resolution."""
    subtitles = [
        srt.Subtitle(index, _rounded(cue.start), _rounded(cue.end), cue.text)
        for index, cue in enumerate(result.cues, start=1)
    ]
    return str(srt.compose(subtitles, reindex=False))


def _rounded(seconds: Fraction) -> timedelta:
    return timedelta(milliseconds=round(seconds * 1000))
