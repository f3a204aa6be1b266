"""Interval arithmetic against sets of integers."""

from __future__ import annotations

import doctest
import itertools
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core import intervals
from editor_plugin.core.intervals import intersect, merge, subtract

Intervals = list[tuple[int, int]]
ANY = st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), max_size=8)


def covered(some: Intervals) -> set[int]:
    return {number for start, end in some for number in range(start, end)}


def is_tidy(some: Intervals) -> bool:
    """Ascending, none empty, none touching the next."""
    ends = [end for interval in some for end in interval]
    return all(a < b for a, b in itertools.pairwise(ends))


@given(ANY)
def test_merge_is_the_union(some: Intervals) -> None:
    assert covered(merge(some)) == covered(some)
    assert is_tidy(merge(some))


@given(ANY, st.integers(0, 10))
def test_merge_closes_exactly_the_gaps_that_are_small_enough(some: Intervals, gap: int) -> None:
    plain, closed = merge(some), merge(some, gap)
    gaps = itertools.pairwise(plain)
    small = [(a[1], b[0]) for a, b in gaps if b[0] - a[1] <= gap]
    assert covered(closed) == covered(some) | covered(small)
    assert is_tidy(closed)


@given(ANY, ANY)
def test_subtract_is_the_difference(some: Intervals, others: Intervals) -> None:
    assert covered(subtract(some, others)) == covered(some) - covered(others)
    assert is_tidy(subtract(some, others))


@given(ANY, ANY)
def test_intersect_is_the_intersection(some: Intervals, others: Intervals) -> None:
    assert covered(intersect(some, others)) == covered(some) & covered(others)
    assert is_tidy(intersect(some, others))


@given(ANY, ANY, st.integers(1, 30))
def test_fractions_are_as_exact(some: Intervals, others: Intervals, parts: int) -> None:
    def fine(these: Intervals) -> list[tuple[Fraction, Fraction]]:
        return [(Fraction(start, parts), Fraction(end, parts)) for start, end in these]

    assert subtract(fine(some), fine(others)) == fine(subtract(some, others))
    assert intersect(fine(some), fine(others)) == fine(intersect(some, others))


def test_examples_in_the_docstrings() -> None:
    assert doctest.testmod(intervals).failed == 0
