"""Work that may never end, such as a look into a network drive that does not answer.

Each piece gets a thread of its own, which is left to itself when its time is over: neither other
calls nor the engine's end wait for it. How many may hang is limited, and nobody waits twice for
what hangs already.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import TypeVar

Done = TypeVar("Done")


class SlowWork:
    """Runs work for coroutines, `most` pieces at once. `key` names a piece that is not begun again
    while it hangs."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._running: dict[object, Hashable] = {}
        self._late: set[object] = set()

    async def done(self, work: Callable[[], Done], seconds: float, key: Hashable = None) -> Done:
        """What `work` returns or raises. Raises TimeoutError where it takes longer, where the same
        has hung since before, and where too many others do."""
        mark = object()
        with self._lock:
            hangs = key is not None and any(self._running[late] == key for late in self._late)
            if hangs or len(self._running) >= self._most:
                raise TimeoutError
            self._running[mark] = key
        future: Future[Done] = Future()
        future.set_running_or_notify_cancel()  # from now on it cannot be cancelled

        def run() -> None:
            try:
                future.set_result(work())
            except BaseException as error:
                future.set_exception(error)
            finally:
                with self._lock:
                    self._running.pop(mark)
                    self._late.discard(mark)

        threading.Thread(target=run, name="slow work", daemon=True).start()
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            with self._lock:
                if mark in self._running:
                    self._late.add(mark)
            raise
