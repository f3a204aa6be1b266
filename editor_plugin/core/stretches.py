"""Words as segmentation sees them: their texts, and times counted from the first of them.

So the same words are cut in the same way wherever they stand on a timeline, and what was found for
a stretch of speech can be used again after an edit somewhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from editor_plugin.core.transcript import Word


@dataclass(frozen=True)
class Stretch:
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
    def of(cls, words: Sequence[Word]) -> Stretch:
        """The stretch that these words are."""
        origin = words[0].start if words else Fraction(0)
        return cls(
            tuple([word.text for word in words]),
            tuple([seconds_between(origin, word.start) for word in words]),
            tuple([seconds_between(origin, word.end) for word in words]),
            tuple([seconds_between(a.end, b.start) for a, b in zip(words, words[1:])]),
        )


def seconds_between(start: Fraction, end: Fraction) -> float:
    """The float nearest to `end - start`, without making a Fraction of that."""
    over, under = start.numerator, start.denominator
    return (end.numerator * under - over * end.denominator) / (under * end.denominator)
