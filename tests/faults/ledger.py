"""What was tried and what came of it, counted while the tests run; shown at their end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest


@dataclass
class Count:
    """What came of one fault. `lost` are words that lack: None where nobody has compared. `recut`
    are words that came out otherwise, since the plan itself was lost: their sound was heard."""

    survived: bool = False
    lost: int | None = None
    recut: int = 0


ROWS: dict[str, list[Count]] = {}
"""By fault."""
_OPEN: list[Count] = []


def missing(expected: Iterable[str], found: Iterable[str]) -> int:
    """How many of the expected words were not found, each as often as it is expected."""
    return (Counter(expected) - Counter(found)).total()


def compared(lost: int, recut: int = 0) -> None:
    """Say what a comparison of words gave, for the fault that is being tried."""
    if _OPEN:
        _OPEN[-1].lost, _OPEN[-1].recut = lost, recut


def count(fault: str, result: Count) -> None:
    """Count one fault that was put in."""
    ROWS.setdefault(fault, []).append(result)


@contextmanager
def trial(fault: str) -> Iterator[None]:
    """Count a fault that is put in by the block; it is survived where nothing is raised. What is
    skipped, as this machine lacks what it needs, was not tried."""
    result = Count()
    _OPEN.append(result)
    try:
        yield
        result.survived = True
    except pytest.skip.Exception:
        raise
    except BaseException:
        count(fault, result)
        raise
    else:
        count(fault, result)
    finally:
        _OPEN.pop()


def table() -> list[str]:
    """The lines of the summary. A dash stands where no words were compared."""
    if not ROWS:
        return []
    wide = max(map(len, ROWS))
    everything = [result for results in ROWS.values() for result in results]
    return [
        f"{'fault':{wide}}  tried  survived  words lost  words recut",
        *(_line(fault, results, wide) for fault, results in ROWS.items()),
        _line("all", everything, wide),
    ]


def _line(fault: str, results: list[Count], wide: int) -> str:
    survived = sum(each.survived and not each.lost for each in results)
    lost = [each.lost for each in results if each.lost is not None]
    shown = str(sum(lost)) if lost else "–"
    recut = sum(each.recut for each in results)
    return f"{fault:{wide}}  {len(results):5}  {survived:8}  {shown:>10}  {recut:11}"
