"""The events of every job, for followers: those to come, and the recent ones; and what else changes
in the engine's state, in the same sequence.

Events are kept in memory, until the engine ends; what must last is in the queue.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from editor_plugin.engine.jobs.change_log import TEXTS, Change, ChangeLog

KEPT = 2000
"""Events of one job that are kept for later followers."""
KEPT_JOBS = 200

ORDER = ("order", 0)
"""The thing that changes with the order of the queue, and with which jobs there are."""
MODELS = ("model", "")
"""The thing that changes with the list of models, whichever of them it is."""

Follower = Callable[[int | None], None]


def ids_from_now() -> int:
    """The time in microseconds: an id that no earlier engine has used, for none has an event each
    microsecond; some have one each millisecond. JavaScript holds it exactly (it is below 2^53)."""
    return time.time_ns() // 1000


class Feed:
    """Events by job. Safe to use from several threads. Ids begin after `last`."""

    def __init__(self, last: int = 0) -> None:
        self._events: dict[int, deque[dict[str, Any]]] = {}
        self._last = last
        self._changes = ChangeLog(last)
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
            if event["event"] in TEXTS:
                self._changes.add(job, events[-1])
            if event["event"] == "state":
                self._last += 1
                self._changes.mark(self._last, ORDER)
            if event["event"] != "words":  # which are not in a status
                self._last += 1
                self._changes.mark(self._last, ("job", job))
        self._tell(job)

    def mark(self, kind: str, name: int | str = 0) -> None:
        """A thing of the engine's state has changed without an event of a job."""
        with self._changed:
            self._last += 1
            self._changes.mark(self._last, (kind, name))
        self._tell(None)

    def renew(self) -> None:
        """Everything may be another from now on, as after a repair of the store."""
        with self._changed:
            self._last += 1
            self._changes.renew(self._last)
        self._tell(None)

    @property
    def last(self) -> int:
        """The newest id."""
        with self._changed:
            return self._last

    def changes(self, after: int) -> list[Change] | None:
        """What has changed since the event with the id `after`, each thing once; None where that is
        not known: the id is another engine's, or too old."""
        with self._changed:
            return None if after > self._last else self._changes.since(after)

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
        """Call `follower(job)` at each event, and `follower(None)` at other changes, from any
        thread; it must not wait. Returns a function that unsubscribes it."""
        with self._changed:
            key = id(follower)
            self._followers[key] = follower

        def end() -> None:
            with self._changed:
                self._followers.pop(key, None)

        return end

    def _tell(self, job: int | None) -> None:
        with self._changed:
            self._changed.notify_all()
            followers = list(self._followers.values())
        for follower in followers:
            follower(job)

    def _since(self, job: int, after: int) -> list[dict[str, Any]]:
        if after > self._last:
            after = 0
        return [event for event in self._events.get(job, ()) if event["id"] > after]
