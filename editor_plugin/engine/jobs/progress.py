"""How far a job is, and how long it will take: from what its run tells."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from editor_plugin.engine.jobs.events import (
    Event,
    InputFailed,
    InputFinished,
    InputStarted,
    Note,
    StageProgress,
)

EXTRACTING_SHARE = 0.1
"""How much of an input its extraction is: it is quick beside recognition."""
TELLING = 0.02
"""Below this share of the whole, the time that has passed says nothing about the time left."""


class JobProgress:
    """Follows the events of one job. Percent never goes down; time is that of a clock that does
    not jump."""

    def __init__(self, names: list[Path], clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._shares = [0.0] * len(names)
        self._names = names
        self._current = 0
        self.inputs: list[dict[str, Any]] = [untold(name.name) for name in names]
        self.notes: list[str] = []

    @property
    def current(self) -> int:
        """The input in work, from 0."""
        return self._current

    @property
    def share(self) -> float:
        """How much of the job is done, 0 to 1."""
        return sum(self._shares) / len(self._shares) if self._shares else 0.0

    @property
    def seconds_left(self) -> float | None:
        """At the speed up to now; None while nothing can be said."""
        if self.share < TELLING:
            return None
        return (self._clock() - self._began) * (1 - self.share) / self.share

    def take(self, event: Event) -> None:
        """Heed one event."""
        if isinstance(event, InputStarted):
            self._current = event.number - 1
        elif isinstance(event, StageProgress):
            self._advance(event)
        elif isinstance(event, Note):
            told = self.notes if event.input is None else self.inputs[self._current]["notes"]
            told.append(event.text)
        elif isinstance(event, InputFinished):
            self._shares[self._current] = 1.0
            self.inputs[self._current].update(
                cues=event.cues,
                words=event.words,
                recognised=event.recognised,
                outputs=[str(path) for path in event.outputs],
            )
        elif isinstance(event, InputFailed):
            self._shares[self._current] = 1.0
            self.inputs[self._current]["error"] = event.error.to_wire()

    def percent(self, number: int) -> float:
        """How far an input is, 0 to 100."""
        return round(100 * self._shares[number], 1)

    def _advance(self, event: StageProgress) -> None:
        if event.input != self._names[self._current]:
            return  # an input that is read ahead of its turn
        done = min(1.0, event.done / event.of) if event.of > 0 else 0.0
        share = EXTRACTING_SHARE * done
        if event.stage == "recognising":
            share = EXTRACTING_SHARE + (1 - EXTRACTING_SHARE) * done
        self._shares[self._current] = max(self._shares[self._current], min(share, 0.99))


def untold(name: str) -> dict[str, Any]:
    """The status of an input of which nothing was told yet."""
    return {
        "name": name,
        "notes": [],
        "error": None,
        "cues": None,
        "words": None,
        "recognised": None,
        "outputs": [],
    }
