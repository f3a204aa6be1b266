"""The news of every job, for whoever follows it: now, from the beginning, or from a point on.

What was told lives in memory and for as long as the engine does; what must last is in the queue.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

KEPT = 2000
"""Events of one job that are kept for those who come later."""
KEPT_JOBS = 200

Follower = Callable[[int], None]


class Feed:
    """Events by job. Safe to use from several threads."""

    def __init__(self) -> None:
        self._news: dict[int, deque[dict[str, Any]]] = {}
        self._last = 0
        self._changed = threading.Condition()
        self._followers: dict[int, Follower] = {}

    def emit(self, job: int, event: dict[str, Any]) -> None:
        """Add an event; it gets an `id`, greater than that of every earlier one."""
        with self._changed:
            self._last += 1
            news = self._news.setdefault(job, deque(maxlen=KEPT))
            if news and event["event"] == news[-1]["event"] == "progress":
                news.pop()  # only the newest tells anything
            news.append({"id": self._last, **event})
            while len(self._news) > KEPT_JOBS:
                self._news.pop(next(iter(self._news)))
            self._changed.notify_all()
            followers = list(self._followers.values())
        for follower in followers:
            follower(job)

    def since(self, job: int, after: int) -> list[dict[str, Any]]:
        """The events after the one with the id `after`; all, where an earlier engine gave that."""
        with self._changed:
            return self._since(job, after)

    def wait(self, job: int, after: int, timeout: float) -> list[dict[str, Any]]:
        """The same; where there are none, wait for some, `timeout` seconds at most."""
        until = time.monotonic() + timeout
        with self._changed:
            while not (news := self._since(job, after)):
                left = until - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    return self._since(job, after)
            return news

    def subscribe(self, follower: Follower) -> Callable[[], None]:
        """Have `follower(job)` called at each event, from any thread; it must not wait. Returns
        what ends that."""
        with self._changed:
            key = id(follower)
            self._followers[key] = follower

        def end() -> None:
            with self._changed:
                self._followers.pop(key, None)

        return end

    def _since(self, job: int, after: int) -> list[dict[str, Any]]:
        if after > self._last:
            after = 0
        return [event for event in self._news.get(job, ()) if event["id"] > after]
