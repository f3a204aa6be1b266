"""What was tried against Recue and what got through, counted while the tests run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

ROWS: dict[str, list[bool]] = {}
"""By attack: whether each attempt got through."""


@contextmanager
def attempt(attack: str) -> Iterator[None]:
    """Count an attempt that is made by the block; it got through where the block raises. What is
    skipped, as this machine lacks what it needs, was not tried."""
    try:
        yield
    except pytest.skip.Exception:
        raise
    except BaseException:
        ROWS.setdefault(attack, []).append(True)
        raise
    ROWS.setdefault(attack, []).append(False)


def table() -> list[str]:
    """The lines of the summary; none where nothing was tried."""
    if not ROWS:
        return []
    wide = max(map(len, ROWS))
    return [
        f"{'attack':{wide}}  tried  got through",
        *(_line(attack, results, wide) for attack, results in ROWS.items()),
        _line("all", [each for results in ROWS.values() for each in results], wide),
    ]


def _line(attack: str, results: list[bool], wide: int) -> str:
    return f"{attack:{wide}}  {len(results):5}  {sum(results):11}"
