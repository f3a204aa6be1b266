"""The progress of a job and its remaining time, from the events of its run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from editor_plugin.core.jobs.events import (
    Event,
    InputFailed,
    InputFinished,
    InputStarted,
    Note,
    StageProgress,
)
from editor_plugin.core.jobs.status import DONE, FAILED, InputStatus

LEAST_SHARE = 0.02
"""Below this share of the whole, the time that has passed says nothing about the time left."""


class JobProgress:
    """Follows the events of one job. Percentages never decrease; `clock` does not jump."""

    def __init__(self, names: list[Path], clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._shares = [0.0] * len(names)
        self._names = names
        self._current = 0
        self.inputs = [InputStatus(name.name) for name in names]
        self.notes: list[str] = []

    @property
    def current(self) -> int:
        """The number of the running input, from 0."""
        return self._current

    @property
    def share(self) -> float:
        """How much of the job is done, 0 to 1."""
        return sum(self._shares) / len(self._shares) if self._shares else 0.0

    @property
    def seconds_left(self) -> float | None:
        """The remaining seconds at the speed so far; None while that is not known."""
        if self.share < LEAST_SHARE:
            return None
        return (self._clock() - self._began) * (1 - self.share) / self.share

    def take(self, event: Event) -> None:
        """Update the progress by an event."""
        if isinstance(event, InputStarted):
            self._current = event.number - 1
        elif isinstance(event, StageProgress):
            self._advance(event)
        elif isinstance(event, Note):
            if event.input is None:
                self.notes.append(event.text)
            else:
                self._change(notes=(*self.inputs[self._current].notes, event.text))
        elif isinstance(event, InputFinished):
            self._shares[self._current] = 1.0
            self._change(
                state=DONE,
                percent=100.0,
                cues=event.cues,
                words=event.words,
                recognised=event.recognised,
                outputs=tuple(map(str, event.outputs)),
            )
        elif isinstance(event, InputFailed):
            self._shares[self._current] = 1.0
            self._change(state=FAILED, percent=100.0, error=event.error)

    def _change(self, **changes: Any) -> None:
        self.inputs[self._current] = replace(self.inputs[self._current], **changes)

    def percent(self, number: int) -> float:
        """The progress of an input, 0 to 100."""
        return round(100 * self._shares[number], 1)

    def _advance(self, event: StageProgress) -> None:
        if event.input != self._names[self._current]:
            return  # an input that is read ahead of its turn
        self._shares[self._current] = max(self._shares[self._current], min(event.share, 0.99))
