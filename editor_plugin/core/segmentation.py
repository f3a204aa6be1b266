"""Segmentation of timed words into cues and lines.

Dynamic programming finds the best of all ways to cut the words into cues that fit, on two levels:
cues are chosen along the words, and each cue's lines within it. The rating of a place to end a cue
or a line comes from `core.boundaries`, the costs of shapes and of too little or too much time from
`core.boundary_weights`. No rule but the size of a cue is absolute, so there is always a result.
Timing (`core.timing`) comes afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Optional

from editor_plugin.core.boundaries import Ratings, ends_sentence, rate
from editor_plugin.core.boundary_weights import (
    HASTE,
    SECOND_SENTENCE,
    WITH_LEXICON,
    WITHOUT,
    Weights,
)
from editor_plugin.core.cues import Cue
from editor_plugin.core.languages import guess, lexicon
from editor_plugin.core.pieces import is_one_piece, joint, pieces
from editor_plugin.core.styles import Style
from editor_plugin.core.transcript import Word
from editor_plugin.core.utterances import Utterance
from editor_plugin.core.widths import width

LEAST_WIDTH = 0.25
"""The width counted for a word without any, so that the words in a line are limited."""

Layout = tuple[int, float, tuple[int, ...]]
"""A cue's last word, the rating of its lines, and the words that end them but for the last line."""

Piece = tuple[int, int, tuple[str, ...]]
"""A cue of an utterance: its words [first, stop), and its lines."""

Cutter = Callable[[Utterance, Style, Optional[str]], tuple[Piece, ...]]

_Laid = tuple[int, float, float, tuple[int, ...]]
"""Lines on top of each other: their last word, their rating, the width of the lowest, their ends
but for its own."""


def segment(
    words: Sequence[Word],
    style: Style,
    language: str | None = None,
    cut: Cutter | None = None,
) -> tuple[Cue, ...]:
    """Cut `words`, in time order, into cues; every word is kept, in order.

    `language` is a tag such as "en" or "pt-BR"; None detects it from the words. Where Recue has no
    lexicon for it, punctuation, pauses and shape decide. A word longer than a line is cut into
    pieces that fit. Cues start and end with their words. Takes time in proportion to the number of
    words. `cut` may cache the results of `cut_utterance`, or try other weights.
    """
    cut = cut or cut_utterance
    fits = {text: is_one_piece(text, style) for text in {word.text for word in words}}
    fitting: list[Word] = []
    for word in words:
        if fits[word.text]:
            fitting.append(word)
        else:
            fitting += pieces(word, style)
    language = language or guess([word.text for word in fitting])
    return tuple(
        _cue(utterance, piece)
        for utterance in _utterances(fitting, style)
        for piece in cut(Utterance.of(utterance), style, language)
    )


def cut_utterance(
    utterance: Utterance, style: Style, language: str | None, weights: Weights | None = None
) -> tuple[Piece, ...]:
    """Return the best cues for an utterance whose words fit a line; of equals, the shorter first.

    `weights` is for trying other weights than Recue's own.
    """
    return _cut(_Text(utterance, style, language, weights))


def _cue(words: Sequence[Word], piece: Piece) -> Cue:
    first, stop, lines = piece
    return Cue(words[first].start, words[stop - 1].end, lines, tuple(words[first:stop]))


def break_lines(
    texts: Sequence[str], style: Style, language: str | None = None
) -> tuple[str, ...] | None:
    """Break words into as few lines as hold them, at the best places; None if no lines do."""
    zeros = (0.0,) * len(texts)
    if not texts or any(width(text, style.char_weights) > style.max_chars for text in texts):
        return None
    text = _Text(Utterance(tuple(texts), zeros, zeros, zeros[1:]), style, language)
    for last, _, ends in text.layouts(0):
        if last == len(texts) - 1:
            return text.lines(0, last, ends)
    return None


def _utterances(words: Iterable[Word], style: Style) -> Iterator[list[Word]]:
    """Yield the utterances, which no cue crosses: words of one speaker without a long pause."""
    utterance: list[Word] = []
    for word in words:
        if utterance and (
            _is_apart(utterance[-1].end, word.start, style.pause)
            or word.speaker != utterance[-1].speaker
        ):
            yield utterance
            utterance = []
        utterance.append(word)
    if utterance:
        yield utterance


def _is_apart(end: Fraction, start: Fraction, pause: Fraction) -> bool:
    """Whether `start - end >= pause`, exactly, without making a Fraction of it."""
    over, under = end.as_integer_ratio()
    above, below = start.as_integer_ratio()
    apart = above * under - over * below
    return apart * pause.denominator >= pause.numerator * under * below


def _cut(text: _Text) -> tuple[Piece, ...]:
    count = len(text.texts)
    best = [0.0] + [-math.inf] * count
    came: list[tuple[int, tuple[int, ...]]] = [(0, ())] * (count + 1)
    for first in range(count):
        so_far = best[first]
        for last, rating, ends in text.layouts(first):
            total = so_far + rating + text.ends[last] - text.haste(first, last)
            if total > best[last + 1]:
                best[last + 1] = total
                came[last + 1] = (first, ends)
    found: list[Piece] = []
    end = count
    while end:
        first, ends = came[end]
        found.append((first, end, text.lines(first, end - 1, ends)))
        end = first
    return tuple(found[::-1])


@dataclass(frozen=True)
class _Limits:
    """A style's limits as floats, which are faster than Fractions and exact enough for ratings."""

    chars: float
    lines: int
    words: int
    shortest: float
    longest: float
    cps: float
    words_per_second: float

    @classmethod
    def of(cls, style: Style) -> _Limits:
        return cls(
            chars=style.max_chars,
            lines=style.max_lines,
            words=style.words_per_cue or 10**9,
            shortest=float(style.min_duration),
            longest=float(style.max_duration),
            cps=float(style.max_cps) if style.max_cps else math.inf,
            words_per_second=float(style.max_wpm) / 60 if style.max_wpm else math.inf,
        )


class _Text:
    """An utterance, with everything that is needed of it repeatedly computed once."""

    def __init__(
        self,
        utterance: Utterance,
        style: Style,
        language: str | None,
        weights: Weights | None = None,
    ) -> None:
        self.texts = texts = utterance.texts
        known = lexicon(language)
        weights = weights or (WITH_LEXICON if known else WITHOUT)
        self.ratings: Ratings = rate(utterance, style, known, weights)
        self.ends = [*self.ratings.cue, 0.0]
        self._limits = _Limits.of(style)
        self._shape = weights.shape.scaled(style)
        self._joints = [joint(a, b, style) for a, b in zip(texts, texts[1:])] + [""]
        self._left, self._right = self._measure(style)
        self._starts, self._stops = utterance.starts, utterance.ends
        linger = float(style.linger)
        self._until = [
            min(stop + linger, following) if following > stop else stop
            for stop, following in zip(self._stops, [*self._starts[1:], math.inf])
        ]
        self._sentences = self._count_sentences() if style.one_sentence_per_cue else None

    def layouts(self, first: int) -> Iterator[Layout]:
        """Yield the best layout of every cue that begins with word `first`, the shortest cue first.

        A cue has as few lines as hold it, so a word more never makes it fewer lines: what fits on
        one line comes first, then what fits on two, whose upper line is one of the first kind.
        """
        right, limits, shape = self._right, self._limits, self._shape
        stop = min(len(self.texts), first + limits.words)
        begin, last = self._left[first], first
        laid: list[_Laid] = []
        while last < stop and right[last] - begin <= limits.chars:
            length = right[last] - begin
            laid.append((last, 0.0, length, ()))
            yield last, shape.one_line(length), ()
            last += 1
        for _ in range(1, limits.lines):
            above, laid = laid[::-1], []
            while last < stop:
                found = self._best_below(above, last)
                if found is None:
                    break
                laid.append(found)
                yield last, found[1] + shape.full(right[last] - begin), found[3]
                last += 1

    def _best_below(self, above: list[_Laid], last: int) -> _Laid | None:
        """Return the best way to put the rest, to word `last`, on one line below one of `above`.

        `above` goes from the longest, which leaves the least for the line below, to the shortest.
        """
        left, line, shape = self._left, self.ratings.line, self._shape
        right, most = self._right[last], self._limits.chars
        best: _Laid | None = None
        most_rated = -math.inf
        for upper, rating, top, ends in above:
            bottom = right - left[upper + 1]
            if bottom > most:
                break
            uneven = bottom - top
            cost = shape.uneven * uneven if uneven >= 0 else shape.top_heavy * -uneven
            total = rating + line[upper] - cost
            if total > most_rated:
                most_rated = total
                best = (last, total, bottom, (*ends, upper))
        return best

    def haste(self, first: int, last: int) -> float:
        """Return the cost of these words as a cue being too fast, too short, too long, too full."""
        limits = self._limits
        start = self._starts[first]
        shown = self._until[last] - start
        cost = 0.0
        if shown < limits.shortest:
            cost += HASTE.short * (limits.shortest - shown)
        chars = self._right[last] - self._left[first]
        if chars > limits.cps * shown:
            cost += HASTE.char * (chars - limits.cps * shown)
        if last + 1 - first > limits.words_per_second * shown:
            cost += HASTE.word * (last + 1 - first - limits.words_per_second * shown)
        if self._stops[last] - start > limits.longest:
            cost += HASTE.long * (self._stops[last] - start - limits.longest)
        if self._sentences is not None:
            cost += SECOND_SENTENCE * (self._sentences[last] - self._sentences[first])
        return cost

    def lines(self, first: int, last: int, ends: Iterable[int]) -> tuple[str, ...]:
        """Return the text of a cue's lines."""
        lines = []
        for end in (*ends, last):
            words = range(first, end + 1)
            parts = [self.texts[at] + (self._joints[at] if at < end else "") for at in words]
            lines.append("".join(parts).strip())
            first = end + 1
        return tuple(lines)

    def _measure(self, style: Style) -> tuple[list[float], list[float]]:
        """Return where each word would begin and end, in characters, if all were on one line."""
        left, right = [], []
        at = 0.0
        for text, between in zip(self.texts, self._joints):
            left.append(at)
            at += max(LEAST_WIDTH, width(text, style.char_weights))
            right.append(at)
            at += width(between, style.char_weights)
        return left, right

    def _count_sentences(self) -> list[int]:
        """Count the sentences that end before each word."""
        counts, ended = [], 0
        for text in self.texts:
            counts.append(ended)
            ended += ends_sentence(text)
        return counts
