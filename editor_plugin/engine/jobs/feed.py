"""The events of every job, for followers: those to come, and the recent ones.

Events are kept in memory, until the engine ends; what must last is in the queue.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

KEPT = 2000
"""Events of one job that are kept for later followers."""
KEPT_JOBS = 200

Follower = Callable[[int], None]


class Feed:
    """Events by job. Safe to use from several threads."""

    def __init__(self) -> None:
        self._events: dict[int, deque[dict[str, Any]]] = {}
        self._last = 0
        self._changed = threading.Condition()
        self._followers: dict[int, Follower] = {}

    def emit(self, job: int, event: dict[str, Any]) -> None:
        """Add an event; it gets an `id`, greater than that of every earlier one."""
        with self._changed:
            self._last += 1
            events = self._events.setdefault(job, deque(maxlen=KEPT))
            if events and event["event"] == events[-1]["event"] == "progress":
                events.pop()  # the new one replaces it
            events.append({"id": self._last, **event})
            while len(self._events) > KEPT_JOBS:
                self._events.pop(next(iter(self._events)))
            self._changed.notify_all()
            followers = list(self._followers.values())
        for follower in followers:
            follower(job)

    def since(self, job: int, after: int) -> list[dict[str, Any]]:
        """The events after the one with the id `after`; all of them, where that is an earlier
        engine's id."""
        with self._changed:
            return self._since(job, after)

    def wait(self, job: int, after: int, timeout: float) -> list[dict[str, Any]]:
        """The same; where there are none, wait for one, `timeout` seconds at most."""
        until = time.monotonic() + timeout
        with self._changed:
            while not (events := self._since(job, after)):
                left = until - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    return self._since(job, after)
            return events

    def subscribe(self, follower: Follower) -> Callable[[], None]:
        """Call `follower(job)` at each event, from any thread; it must not wait. Returns a function
        that unsubscribes it."""
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
        return [event for event in self._events.get(job, ()) if event["id"] > after]
