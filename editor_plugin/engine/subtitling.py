"""Words to finished subtitles: segmentation, then timing, for each voice and for all together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from editor_plugin.core.segmentation import segment
from editor_plugin.core.styles import Style
from editor_plugin.core.timing import MILLISECONDS, retime
from editor_plugin.engine.export import Result


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
    voices = sorted({each.track for each in result.words})
    cues = [
        cue
        for voice in voices
        for cue in segment(
            [each.word for each in result.words if each.track == voice], look.style, look.language
        )
    ]
    timed = retime(cues, result.rate or MILLISECONDS, look.style, look.cuts)
    language = look.language or result.language
    return replace(result, cues=timed, language=language, joiner=look.style.joiner)
