"""Sets of time as lists of intervals [start, end), in integers (samples, frames) or Fractions.

Every function takes intervals in any order, overlapping or not, and ignores empty ones; it returns
them ascending, not empty, and not touching one another.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TypeVar

Time = TypeVar("Time", int, Fraction)


def merge(intervals: Iterable[tuple[Time, Time]], gap: int = 0) -> list[tuple[Time, Time]]:
    """Return the union, with gaps of up to `gap` closed.

    >>> merge([(5, 7), (0, 2), (1, 3)])
    [(0, 3), (5, 7)]
    >>> merge([(5, 7), (0, 2), (1, 3)], gap=2)
    [(0, 7)]
    """
    merged: list[tuple[Time, Time]] = []
    for start, end in sorted(each for each in intervals if each[0] < each[1]):
        if merged and start - merged[-1][1] <= gap:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def subtract(
    intervals: Iterable[tuple[Time, Time]], taken: Iterable[tuple[Time, Time]]
) -> list[tuple[Time, Time]]:
    """Return what is in `intervals` and not in `taken`.

    >>> subtract([(0, 10)], [(2, 4), (8, 12)])
    [(0, 2), (4, 8)]
    """
    left = merge(intervals)
    for start, end in merge(taken):
        before = [(piece[0], min(piece[1], start)) for piece in left]
        after = [(max(piece[0], end), piece[1]) for piece in left]
        left = merge(before + after)
    return left


def intersect(
    intervals: Iterable[tuple[Time, Time]], others: Iterable[tuple[Time, Time]]
) -> list[tuple[Time, Time]]:
    """Return the intersection of both.

    >>> intersect([(0, 4), (6, 9)], [(3, 7)])
    [(3, 4), (6, 7)]
    """
    theirs = merge(others)
    return merge(
        (max(start, other[0]), min(end, other[1]))
        for start, end in merge(intervals)
        for other in theirs
    )
