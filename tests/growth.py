"""How the work of a function grows with its input, told by processor time and never by a clock."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable
from typing import TypeVar

Made = TypeVar("Made")

ENOUGH = 0.05
"""Seconds of processor time from which on a measurement tells more than its own noise."""
LARGEST = 1 << 21
"""The largest input that is made; what has not taken ENOUGH by then is fast at any size."""
TRIES = 3
CLEAR = 2.5
"""A growth below this is linear work beyond doubt; another one is measured again, since a busy
machine can make linear work look slow, and never slow work linear."""


def growth(make: Callable[[int], Made], work: Callable[[Made], object], base: int = 64) -> float:
    """How many times longer `work` takes on twice the input: 2 where it is linear, 4 where it is
    quadratic. `make` builds the input of a size; the size is doubled until the work takes ENOUGH,
    and compared with the fourfold. What is fast even with the largest input grows by 0."""
    gc.collect()
    gc.freeze()  # or every collection below would look at all that other tests have left
    try:
        size = base
        while size < LARGEST:
            if _least(make(size), work, 1) >= ENOUGH:
                return _measured(make(size), make(4 * size), work)
            size *= 2
        return 0.0
    finally:
        gc.unfreeze()


def _measured(made: Made, fourfold: Made, work: Callable[[Made], object]) -> float:
    least = 4.0
    for _ in range(TRIES):
        times = _least(fourfold, work, 1) / _least(made, work, TRIES)
        least = min(least, math.sqrt(times))
        if least < CLEAR:
            break
    return least


def _least(made: Made, work: Callable[[Made], object], tries: int) -> float:
    """The least processor time of several runs, without the collector's own."""
    times = []
    for _ in range(tries):
        gc.collect()
        gc.disable()
        try:
            start = time.process_time()
            work(made)
            times.append(time.process_time() - start)
        finally:
            gc.enable()
    return min(times)
