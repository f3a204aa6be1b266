"""Pairs of the same words, beside the textbook's way to find them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.alignment import Pair, best_pairs, spoken

WEIGHTS = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 7)), st.integers(1, 4), max_size=30
)


def by_table(weights: dict[Pair, int]) -> list[Pair]:
    """The longest common subsequence by a table of all rows and columns."""
    best = [[0] * 9 for _ in range(9)]
    for i in range(7, -1, -1):
        for j in range(7, -1, -1):
            paired = best[i + 1][j + 1] + weights.get((i, j), 0)
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    pairs, i, j = [], 0, 0
    while i < 8 and j < 8:
        if (i, j) in weights and best[i][j] == best[i + 1][j + 1] + weights[i, j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


@given(WEIGHTS)
def test_pairs_are_those_of_the_table_equals_included(weights: dict[Pair, int]) -> None:
    assert best_pairs(weights) == by_table(weights)


def test_case_and_punctuation_are_not_spoken() -> None:
    assert spoken("“Don't!”") == spoken("don’t") == "dont"
    assert spoken("—") == "—"
