"""Python's search for cyclic garbage, in its place: between jobs.

Words, cues and times are hundreds of thousands of small objects and no cycles. Left to itself the
search walks through all of them once or twice while an hour's cut is made anew, which took a
quarter of the time of a job whose words are known.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (250_000, 10, 50)
"""So many objects more than before, made since the last search, start one: an hour's cut has some
hundred thousand, and Python's own 700 of them 150 searches."""


@contextmanager
def seldom() -> Iterator[None]:
    """Search seldom, for as long as an engine is open."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def now() -> None:
    """Search everything: when nobody waits."""
    gc.collect()
