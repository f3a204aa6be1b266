"""Words to finished subtitles: segmentation, then timing, for each voice and for all together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from editor_plugin.core.segmentation import cut_stretch, segment
from editor_plugin.core.styles import Style
from editor_plugin.core.timing import MILLISECONDS, retime
from editor_plugin.core.transcript import Word
from editor_plugin.engine.export import Result

_cut = lru_cache(maxsize=8192)(cut_stretch)
"""After an edit most stretches of speech are what they were. Eight thousand are a day's; a stretch
and its cues take about two kilobytes."""


@dataclass(frozen=True)
class Look:
    """How the subtitles are to be. `language` is a code such as "en"; None lets the words tell.

    `cuts` are the picture cuts in seconds from the first frame of the input.
    """

    style: Style
    language: str | None = None
    cuts: tuple[Fraction, ...] = ()


def subtitled(result: Result, look: Look) -> Result:
    """Return the result with cues made from its words, on the frames of its rate."""
    voices: dict[int, list[Word]] = {}
    for each in result.words:
        voices.setdefault(each.track, []).append(each.word)
    cues = [
        cue
        for _, words in sorted(voices.items())
        for cue in segment(words, look.style, look.language, _cut)
    ]
    timed = retime(cues, result.rate or MILLISECONDS, look.style, look.cuts)
    language = look.language or result.language
    return replace(result, cues=timed, language=language, joiner=look.style.joiner)
