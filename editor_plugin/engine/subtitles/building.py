"""Building subtitles from words: segmentation of each track, then timing of all cues together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from editor_plugin.core.segmentation import Cutter, Piece, cut_utterance, segment
from editor_plugin.core.styles import Style
from editor_plugin.core.timing import MILLISECONDS, retime
from editor_plugin.core.timing_optimizer import Moves
from editor_plugin.core.transcript import Word
from editor_plugin.core.utterances import Utterance
from editor_plugin.engine.export import Result

MOST_UTTERANCES = 4096
"""Utterances whose cues are cached, as most are the same after an edit. Four thousand are eight
hours; an utterance and its cues take about two kilobytes."""

MOST_MOVES = 20_000
"""Moves that are cached; an hour has some hundred, and each takes about a kilobyte."""


@lru_cache(maxsize=4)
def _cutter(style: Style) -> Cutter:
    """A function that cuts utterances into pieces, with a cache. There is one for each style, as
    comparing a style takes longer than comparing an utterance."""

    @lru_cache(maxsize=MOST_UTTERANCES)
    def cut(utterance: Utterance, language: str | None) -> tuple[Piece, ...]:
        return cut_utterance(utterance, style, language)

    return lambda utterance, _, language: cut(utterance, language)


@lru_cache(maxsize=4)
def _known_moves(style: Style, rate: Fraction) -> Moves:
    return {}


def _moves(style: Style, rate: Fraction) -> Moves:
    """The cached moves of in and out points with these limits."""
    if len(_known_moves(style, rate)) > MOST_MOVES:
        _known_moves.cache_clear()  # and not known.clear(): another thread may be reading it
    return _known_moves(style, rate)


@dataclass(frozen=True)
class SubtitleOptions:
    """The options of subtitles. `language` is a code such as "en"; None detects it from the words.
    `shot_changes` are seconds from the first frame of the input."""

    style: Style
    language: str | None = None
    shot_changes: tuple[Fraction, ...] = ()


def subtitled(result: Result, options: SubtitleOptions) -> Result:
    """Return the result with cues made from its words, on the frames of its rate."""
    voices: dict[int, list[Word]] = {}
    for each in result.words:
        voices.setdefault(each.track, []).append(each.word)
    cut = _cutter(options.style)
    cues = [
        cue
        for _, words in sorted(voices.items())
        for cue in segment(words, options.style, options.language, cut)
    ]
    rate = result.rate or MILLISECONDS
    timed = retime(cues, rate, options.style, options.shot_changes, _moves(options.style, rate))
    language = options.language or result.language
    return replace(result, cues=timed, language=language, joiner=options.style.joiner)
