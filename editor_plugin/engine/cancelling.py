"""Work that is left to itself as soon as it is cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from editor_plugin.core.errors import Cancelled

Done = TypeVar("Done")
POLL = 0.05
"""Seconds between two looks at the event."""


def cancellable(work: Callable[[], Done], cancel: threading.Event | None) -> Done:
    """What `work` returns or raises. As soon as `cancel` is set, raises Cancelled, and leaves the
    work to its thread: nothing else can be done while a network drive does not answer."""
    if cancel is None:
        return work()
    future: Future[Done] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    while not cancel.is_set():
        try:
            return future.result(POLL)
        except TimeoutError:
            if future.done():
                raise
    raise Cancelled
