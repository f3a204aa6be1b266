"""Join the words of windows into one sequence.

Two windows that meet in a silence heard different audio: their words follow one another. Where no
silence was found both heard the audio around the cut. Their words there are aligned by text and
time, and the sequence changes from one window to the other at a word that both have; without such
a word the cut itself decides, by the middle of each word.

Recognisers place a word with a jitter of one or two frames of 80 ms, and a word that is cut by the
edge of what a window hears may be missing or garbled there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from editor_plugin.core.alignment import best_pairs, spoken
from editor_plugin.core.transcript import SAMPLE_RATE, HeardWindow, Word

REACH = Fraction(6, 10)
"""Seconds by which two windows' times of one word may differ: twice two frames of jitter, and a
frame on either side."""


def join(heard: Sequence[HeardWindow]) -> tuple[Word, ...]:
    """Return the words in the order they were spoken, each once, times ascending.

    The windows' samples count from the time 0 of the words, and no sample is in two windows'
    [start, end). They may come in any order, and windows that are not finished may be missing:
    context is then used up to the cut only.
    """
    joined: list[Word] = []
    last: HeardWindow | None = None
    for each in sorted(heard, key=lambda each: each.window.start):
        words = list(each.words)
        if last is not None and last.window.end == each.window.start:
            keep, begin = _seam(joined, words, last, each)
        else:
            keep = len(joined) if last is None else _own_end(joined, last)
            begin = _own_start(words, each)
        joined = joined[:keep] + words[begin:]
        last = each
    if last is not None:
        joined = joined[: _own_end(joined, last)]
    return tuple(_ascending(joined))


def _own_end(words: Sequence[Word], heard: HeardWindow) -> int:
    """Return how many of `words`, which end with those of `heard`, precede its own part's end."""
    if heard.window.context_end == heard.window.end:
        return len(words)
    cut = Fraction(heard.window.end, SAMPLE_RATE)
    return next((i for i in range(len(words), 0, -1) if _middle(words[i - 1]) < cut), 0)


def _own_start(words: Sequence[Word], heard: HeardWindow) -> int:
    """Return the index of the first word in the own part of `heard`."""
    if heard.window.context_start == heard.window.start:
        return 0
    cut = Fraction(heard.window.start, SAMPLE_RATE)
    return next((i for i, word in enumerate(words) if _middle(word) >= cut), len(words))


def _seam(
    left: Sequence[Word], right: Sequence[Word], before: HeardWindow, after: HeardWindow
) -> tuple[int, int]:
    """Return how many words to keep of `left`, and the first to keep of `right`."""
    cut = Fraction(after.window.start, SAMPLE_RATE)
    overlap_start = Fraction(after.window.context_start, SAMPLE_RATE)
    overlap_end = Fraction(before.window.context_end, SAMPLE_RATE)
    if overlap_start == overlap_end:
        return len(left), 0
    first = next((i for i in range(len(left), 0, -1) if left[i - 1].end < overlap_start - REACH), 0)
    stop = next((i for i, word in enumerate(right) if word.start > overlap_end + REACH), len(right))
    shared = _aligned(left[first:], right[:stop])
    if not shared:
        return _own_end(left, before), _own_start(right, after)
    i, j = min(shared, key=lambda pair: abs(_middle(left[first + pair[0]]) - cut))
    if _middle(left[first + i]) < cut:
        return first + i + 1, j + 1
    return first + i, j


def _aligned(left: Sequence[Word], right: Sequence[Word]) -> list[tuple[int, int]]:
    """Return pairs of indices of the same words, ascending on both sides.

    The longest common subsequence, in which a pair counts the more the nearer its times are.
    Where no text is the same, words of other text that lie at the same time pair up.
    """
    texts = [spoken(word.text) for word in left], [spoken(word.text) for word in right]
    exact = {
        (i, j): _nearness(a, b)
        for i, a in enumerate(left)
        for j, b in enumerate(right)
        if texts[0][i] == texts[1][j]
    }
    return _best(exact) or _best(
        {(i, j): _shared_time(a, b) for i, a in enumerate(left) for j, b in enumerate(right)}
    )


def _best(weights: Mapping[tuple[int, int], Fraction]) -> list[tuple[int, int]]:
    return best_pairs({pair: weight for pair, weight in weights.items() if weight})


def _nearness(a: Word, b: Word) -> Fraction:
    """Return 1 for the same time, falling to 0 at REACH; squared, so that a far pair costs more."""
    distance = min(abs(_middle(a) - _middle(b)), REACH)
    return 1 - (distance / REACH) ** 2


def _shared_time(a: Word, b: Word) -> Fraction:
    """Return the time two words share over the length of the shorter one; 0 where under a half."""
    shorter = min(a.end - a.start, b.end - b.start)
    shared = min(a.end, b.end) - max(a.start, b.start)
    return shared / shorter if shorter > 0 and 2 * shared > shorter else Fraction(0)


def _middle(word: Word) -> Fraction:
    return (word.start + word.end) / 2


def _ascending(words: Sequence[Word]) -> list[Word]:
    """Move times apart where the jitter of two windows made them cross."""
    moved: list[Word] = []
    for word in words:
        if moved and word.start < moved[-1].end:
            last = moved[-1]
            start, end = max(word.start, last.start), max(word.end, last.end)
            border = (start + last.end) / 2
            moved[-1] = replace(last, end=border)
            word = replace(word, start=border, end=end)
        moved.append(word)
    return moved
