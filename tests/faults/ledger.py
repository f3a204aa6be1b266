"""What was tried and what came of it, counted while the tests run; shown at their end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Row:
    """One fault: how often it was put in, how often all was well afterwards, words that lacked."""

    tried: int = 0
    survived: int = 0
    lost: int = 0


ROWS: dict[str, Row] = {}


def missing(expected: Iterable[str], found: Iterable[str]) -> int:
    """How many of the expected words were not found, each as often as it is expected."""
    return (Counter(expected) - Counter(found)).total()


def count(fault: str, survived: bool, lost: int = 0) -> None:
    """Count one fault that was put in."""
    row = ROWS.setdefault(fault, Row())
    row.tried += 1
    row.survived += survived and lost == 0
    row.lost += lost


@contextmanager
def trial(fault: str) -> Iterator[None]:
    """Count a fault that is put in by the block; it is survived where nothing is raised."""
    survived = False
    try:
        yield
        survived = True
    finally:
        count(fault, survived)


def table() -> list[str]:
    """The lines of the summary."""
    if not ROWS:
        return []
    wide = max(map(len, ROWS))
    lines = [f"{'fault':{wide}}  tried  survived  words lost"]
    for fault, row in ROWS.items():
        lines.append(f"{fault:{wide}}  {row.tried:5}  {row.survived:8}  {row.lost:10}")
    tried, survived, lost = (
        sum(getattr(row, name) for row in ROWS.values()) for name in ("tried", "survived", "lost")
    )
    return [*lines, f"{'all':{wide}}  {tried:5}  {survived:8}  {lost:10}"]
