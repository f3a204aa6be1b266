"""What of the engine's state has changed since an event, for readers who know the state of then.

Of a thing that changes often only its last change is kept: a reader is told how the thing is when
it is told. What is said once, the recognised words and the notes, is kept as it is.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

KEPT_THINGS = 5000
KEPT_TEXTS = 5000
"""Of each, the latest: an hour of sound is some 150 windows. Who comes back later than that is told
the whole state."""
TEXTS = ("words", "note")
"""The events of jobs that are kept as they are."""

Thing = tuple[str, int | str]
"""A kind of thing and its name, such as ("job", 17)."""


@dataclass(frozen=True)
class Change:
    """A thing that has changed; of a text of a job, `event` is the job's event itself."""

    id: int
    thing: Thing
    event: dict[str, Any] | None = None


class ChangeLog:
    """The last change of each thing, and the latest texts. Not safe to use from several threads;
    ids only grow."""

    def __init__(self, last: int) -> None:
        self._oldest = last
        self._things: dict[Thing, int] = {}  # the last change is the last one in it
        self._texts: deque[Change] = deque()

    def mark(self, number: int, thing: Thing) -> None:
        """A thing has changed, by the change with this id."""
        self._things.pop(thing, None)
        self._things[thing] = number
        if len(self._things) > KEPT_THINGS:
            self._oldest = max(self._oldest, self._things.pop(next(iter(self._things))))

    def add(self, job: int, event: dict[str, Any]) -> None:
        """A text of a job, as its event with an `id`."""
        self._texts.append(Change(event["id"], ("job", job), event))
        if len(self._texts) > KEPT_TEXTS:
            self._oldest = max(self._oldest, self._texts.popleft().id)

    def renew(self, number: int) -> None:
        """From this id on everything may be another."""
        self._oldest = number
        self._things.clear()
        self._texts.clear()

    def since(self, after: int) -> list[Change] | None:
        """The changes after the one with this id, in their order; None where they are not known
        any more, or never were: it is the id of another engine, or too old."""
        if after < self._oldest:
            return None
        found = []
        for thing, number in reversed(self._things.items()):
            if number <= after:
                break
            found.append(Change(number, thing))
        for text in reversed(self._texts):
            if text.id <= after:
                break
            found.append(text)
        return sorted(found, key=lambda change: change.id)
