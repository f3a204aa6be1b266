"""Sequence alignment of words: the longest common subsequence with weighted pairs.

Used where two windows of one recording overlap (`core.stitching`), and where two microphones
recorded one voice (`core.microphone_bleed`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar

Weight = TypeVar("Weight", int, Fraction)
Pair = tuple[int, int]


@lru_cache(maxsize=65536)
def spoken(text: str) -> str:
    """Return the text without case, punctuation and spaces; unchanged if nothing else is left."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LMNS") or folded


def best_pairs(weights: Mapping[Pair, Weight]) -> list[Pair]:
    """Return the pairs, ascending on both sides, whose weights have the greatest sum.

    This is the longest common subsequence, in which some pairs count more than others. `weights`
    has the (row, column) pairs that may be chosen, each with a weight above 0. Takes time in
    proportion to their number and its logarithm.
    """
    if not weights:
        return []
    totals, rests = _totals(weights)
    by_total: dict[Weight, list[Pair]] = {}
    for pair in sorted(totals):
        by_total.setdefault(totals[pair], []).append(pair)
    chosen: list[Pair] = []
    row = column = 0
    wanted = max(totals.values())
    while wanted:
        pair = _next(by_total[wanted], row, column)
        chosen.append(pair)
        wanted, row, column = rests[pair], pair[0] + 1, pair[1] + 1
    return chosen


def _totals(
    weights: Mapping[Pair, Weight],
) -> tuple[dict[Pair, Weight], dict[Pair, Weight]]:
    """Return for each pair the greatest sum of a sequence that begins with it, and the next."""
    columns = sorted({column for _, column in weights}, reverse=True)
    place = {column: at for at, column in enumerate(columns, 1)}
    best: list[Weight | int] = [0] * (len(columns) + 1)  # a Fenwick tree of greatest sums
    totals: dict[Pair, Weight] = {}
    rests: dict[Pair, Weight] = {}
    for pair in sorted(weights, key=lambda pair: (-pair[0], pair[1])):
        # Within a row the leftmost column comes first, and so sees no other pair of its row.
        at = place[pair[1]] - 1
        rest: Weight | int = 0
        while at:
            rest = max(rest, best[at])
            at &= at - 1
        total = weights[pair] + rest
        totals[pair], rests[pair] = total, rest  # type: ignore[assignment]
        at = place[pair[1]]
        while at < len(best):
            best[at] = max(best[at], total)
            at += at & -at
    return totals, rests


def _next(pairs: list[Pair], row: int, column: int) -> Pair:
    """Of equally good pairs, return the first in the next column, else the last row's first."""
    left = [pair for pair in pairs if pair[0] >= row and pair[1] >= column]
    straight = [pair for pair in left if pair[1] == column]
    return straight[0] if straight else min(left, key=lambda pair: (-pair[0], pair[1]))
