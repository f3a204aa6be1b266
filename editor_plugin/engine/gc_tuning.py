"""Tuning of Python's garbage collector: it runs between jobs.

Words, cues and times are hundreds of thousands of small objects without cycles. With the default
thresholds the collector walks through all of them once or twice while an hour's cut is rebuilt,
which took a quarter of the time of a job whose words are known.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (250_000, 10, 50)
"""The thresholds of `gc.set_threshold`. An hour's cut has some hundred thousand objects; with
Python's own 700 they cause 150 collections."""


@contextmanager
def seldom() -> Iterator[None]:
    """Raise the collector's thresholds while an engine is open."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def now() -> None:
    """Collect everything, at a time when nobody waits."""
    gc.collect()
