"""Utterances: the texts of words, and their times relative to the first of them.

With relative times the same words are cut in the same way wherever they are on a timeline, and the
result for an utterance can be reused after an edit somewhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from editor_plugin.core.transcript import Word


@dataclass(frozen=True)
class Utterance:
    """Words of one speaker without a long pause.

    `starts` and `ends` are seconds after the first word's start, `gaps` the seconds between each
    word and the next. They are the floats nearest to the exact values: good enough for ratings,
    and much faster than Fractions.
    """

    texts: tuple[str, ...]
    starts: tuple[float, ...]
    ends: tuple[float, ...]
    gaps: tuple[float, ...]

    @classmethod
    def of(cls, words: Sequence[Word]) -> Utterance:
        """Return the utterance that these words are."""
        starts = [word.start.as_integer_ratio() for word in words]
        ends = [word.end.as_integer_ratio() for word in words]
        origin = starts[0] if words else (0, 1)
        return cls(
            tuple([word.text for word in words]),
            tuple([_seconds_between(origin, start) for start in starts]),
            tuple([_seconds_between(origin, end) for end in ends]),
            tuple([_seconds_between(end, start) for end, start in zip(ends, starts[1:])]),
        )


def _seconds_between(start: tuple[int, int], end: tuple[int, int]) -> float:
    """Return the float nearest to `end - start`, both numerator and denominator, without making a
    Fraction of that."""
    over, under = start
    above, below = end
    return (above * under - over * below) / (under * below)
