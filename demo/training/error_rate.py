"""Word error rates."""

from __future__ import annotations

import re
from collections.abc import Iterable


def plain_words(text: str) -> list[str]:
    """Lower-case words without punctuation."""
    return re.findall(r"[a-z']+", text.lower())


def word_errors(said: list[str], heard: list[str]) -> int:
    """Fewest substitutions, deletions and insertions between two lists of words."""
    row = list(range(len(heard) + 1))
    for at, word in enumerate(said, start=1):
        before, row[0] = row[0], at
        for column, other in enumerate(heard, start=1):
            before, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, before + (word != other)),
            )
    return row[-1]


def error_rate(pairs: Iterable[tuple[list[str], list[str]]]) -> float:
    """Errors of all (said, heard) pairs together, per word said."""
    errors = words = 0
    for said, heard in pairs:
        errors += word_errors(said, heard)
        words += len(said)
    return errors / words
