"""Passages: the words of a recognition, minute by minute, as the search needs them.

A passage has the words of a minute of the source and of NEAR before it, so that whatever is said
within NEAR is in one passage as a whole: in that of its last word. A minute where a person has
corrected something has two: as it was put right, and as it was recognised.
"""

from __future__ import annotations

import json
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import add
from typing import NamedTuple

from editor_plugin.core.transcript import SAMPLE_RATE, Word
from editor_plugin.engine.search.tokens import tokens

MINUTE = 60 * SAMPLE_RATE
NEAR = 15 * SAMPLE_RATE
"""The longest time from the middle of a hit's first word to that of its last: some 40 words."""
NEAR_TOKENS = 60
"""The most tokens of a hit. By it SQLite leaves most passages out where words are far apart."""
CONTEXT = 5 * SAMPLE_RATE
"""Around a passage, for the words beside a hit."""
CORRECTED, RECOGNISED = 0, 1
_LATEST = 1 << 30
_MINUTES = 21
"""Bits: four years of a source."""


class SpokenWord(NamedTuple):
    """A word with its times in samples of the source."""

    text: str
    start: int
    end: int

    @property
    def middle(self) -> int:
        """The sample in its middle, which decides where it belongs."""
        return (self.start + self.end) // 2


@dataclass(frozen=True)
class Passage:
    """Words in order; those at [first, stop) are searched, the others are context."""

    words: tuple[SpokenWord, ...]
    first: int
    stop: int

    def tokens(self) -> tuple[list[str], list[int]]:
        """The tokens that are searched, and the position of each one's word."""
        found = [
            (token, at)
            for at in range(self.first, self.stop)
            for token in tokens(self.words[at].text)
        ]
        return [token for token, _ in found], [at for _, at in found]

    @property
    def said(self) -> str:
        """Those tokens with spaces between them."""
        return " ".join(self.tokens()[0])

    def packed(self) -> bytes:
        """The bytes of a passage, as they are kept: its limits, texts, times from start to start,
        and lengths."""
        starts = [word.start for word in self.words]
        gaps = [start - before for before, start in zip([0, *starts], starts, strict=False)]
        lengths = [word.end - word.start for word in self.words]
        wire = [self.first, self.stop, [word.text for word in self.words], gaps, lengths]
        return zlib.compress(json.dumps(wire, separators=(",", ":")).encode("ascii"), 6)


def unpacked(body: bytes) -> Passage:
    """What was packed. Raises zlib.error, ValueError or TypeError where it is damaged."""
    first, stop, texts, gaps, lengths = json.loads(zlib.decompress(body))
    starts = list(accumulate(gaps))
    return Passage(tuple(map(SpokenWord, texts, starts, map(add, starts, lengths))), first, stop)


def spoken(words: Iterable[Word]) -> tuple[SpokenWord, ...]:
    """Words with their times in whole samples."""
    return tuple(
        SpokenWord(word.text, round(word.start * SAMPLE_RATE), round(word.end * SAMPLE_RATE))
        for word in words
    )


def passage(words: Sequence[SpokenWord], middles: Sequence[int], minute: int) -> Passage | None:
    """The passage of a minute; None where no word is said in it. `middles` are the words' own,
    ascending."""
    own, stop = (bisect_left(middles, at * MINUTE) for at in (minute, minute + 1))
    if own == stop:
        return None
    first = bisect_left(middles, minute * MINUTE - NEAR)
    begin = bisect_left(middles, middles[first] - CONTEXT)
    end = bisect_left(middles, middles[stop - 1] + CONTEXT)
    return Passage(tuple(words[begin:end]), first - begin, stop - begin)


def number(recognition: int, minute: int, reading: int) -> int:
    """The row of a passage: of the newest recognition first, and then by time."""
    return (((_LATEST - recognition) << _MINUTES) | minute) << 1 | reading


def recognition_of(row: int) -> int:
    """The recognition that a row is of."""
    return _LATEST - (row >> (_MINUTES + 1))


def minute_of(row: int) -> int:
    """The minute that a row is of."""
    return (row >> 1) & ((1 << _MINUTES) - 1)
