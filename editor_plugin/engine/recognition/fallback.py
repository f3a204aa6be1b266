"""The fallback of a transcription: when the runner dies or stalls, the next route goes on.

The routes are tried in turn, each with the unfinished windows. Where the runner ends on every one
of them, either everything is broken or one window kills it. The engine cannot know which windows
were in the batch, as the runner chooses their order. So windows are sent alone, until one kills the
runner by itself: it is set aside as a culprit, and the rest go together again. Two culprits in a
row, with nothing finished between them, mean that the windows are not the cause.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from editor_plugin.core import protocol
from editor_plugin.core.errors import (
    ProtocolError,
    RecueError,
    RoutesExhausted,
    RunnerDied,
    RunnerStalled,
)
from editor_plugin.core.transcript import SAMPLE_RATE
from editor_plugin.engine.recognition.pending import PendingWindow, core_seconds, heard_seconds
from editor_plugin.engine.recognition.results import ResultCollector
from editor_plugin.engine.recognition.types import Limits, Outcome, RecognitionFailure
from editor_plugin.engine.recognition.warm_runner import ModelRequest, WarmRunner

_CULPRITS_IN_A_ROW = 2
_ROUTE_MAY_MATTER = (RunnerDied, RunnerStalled, ProtocolError, RecueError)
"""Exactly these classes: every other error has a cause that no route removes."""


@dataclass(frozen=True)
class RecognitionPlan:
    """The settings of a transcription: the model with the first route, limits, the language."""

    wanted: ModelRequest
    limits: Limits
    language: str | None


def routes_from(first: str) -> tuple[str, ...]:
    """Every route once: `first`, then the others in the order of the protocol."""
    return (first, *(route for route in protocol.ROUTES if route != first))


class ResilientTranscription:
    """One run of the fallback over the windows pending in `results`. Use it once."""

    def __init__(
        self, runner: WarmRunner, order: RecognitionPlan, results: ResultCollector
    ) -> None:
        self._runner = runner
        self._order = order
        self._results = results
        self._limits = order.limits
        self._attempts: list[str] = []
        self._audio = self._work = 0.0

    def run(self, cancel: threading.Event) -> Outcome:
        """Recognise every window; raises what `Recogniser.transcribe` raises."""
        pending = self._results.pending
        routes = routes_from(self._order.wanted.route)
        error: RecueError | None = None
        for route in routes:
            if pending:
                error = self._attempt(route, pending.pieces, cancel)
        if error is not None:
            self._search(routes[-1], error, cancel)
        notes, failed = tuple(self._results.notes), tuple(self._results.failed)
        return Outcome(self._limits, notes, failed, self._audio, self._work)

    def _search(self, route: str, stopped: RecueError | None, cancel: threading.Event) -> None:
        """Find the windows that kill the runner, and finish the others. `stopped` is the error of
        the last attempt, which had all the pending windows."""
        pending, culprits = self._results.pending, list[RecognitionFailure]()
        while pending:
            suspect, before = pending.pieces[0], self._results.outcomes
            if stopped is None or len(pending) > 1:
                stopped = self._attempt(route, (suspect,), cancel)
            if stopped is not None:
                pending.take(suspect)
                culprits.append(RecognitionFailure(suspect.item, suspect.window, stopped))
                if len(culprits) == _CULPRITS_IN_A_ROW:
                    break
                together = self._results.outcomes and pending
                stopped = self._attempt(route, pending.pieces, cancel) if together else None
            if self._results.outcomes > before:
                self._report_culprits(culprits)
        if pending or not self._results.outcomes:
            raise RoutesExhausted(self._attempts)
        self._report_culprits(culprits)

    def _report_culprits(self, culprits: list[RecognitionFailure]) -> None:
        for culprit in culprits:
            self._results.fail(culprit)
        culprits.clear()

    def _attempt(
        self, route: str, pieces: Sequence[PendingWindow], cancel: threading.Event
    ) -> RecueError | None:
        """Recognise pieces by a route; return the error that stopped it, None where all are
        finished. Raises the errors that no other route could avoid."""
        self._runner.load(replace(self._order.wanted, route=route), cancel)
        params = {
            "items": self._results.pending.to_wire(pieces),
            "route": route,
            "batch_seconds": self._limits.batch_seconds,
            "language": self._order.language,
        }
        self._results.begin()
        began = time.monotonic()
        result: dict[str, Any] = {}
        try:
            result = self._runner.transcribe(
                params, heard_seconds(pieces), self._results.take, cancel
            )
            error = self._unanswered(pieces)
        except RecueError as caught:
            if type(caught) not in _ROUTE_MAY_MATTER:
                raise
            # A runner that ends after its last result has done its work.
            error = caught if self._unanswered(pieces) else None
        if error is None:
            self._work += time.monotonic() - began
            self._audio += core_seconds(pieces)
            self._learn(route, result)
            return None
        # Also after an error reply: the process may be unable to go on, as after CUDA errors.
        self._runner.drop()
        self._attempts.append(f"By route “{route}”: {error.message}")
        self._results.note(f"{error.message} Recognition goes on at the first unfinished part.")
        return error

    def _unanswered(self, pieces: Sequence[PendingWindow]) -> RecueError | None:
        left = sum(piece in self._results.pending for piece in pieces)
        return ProtocolError(f"{left} windows had no answer") if left else None

    def _learn(self, route: str, result: dict[str, Any]) -> None:
        """Keep the limits that worked; the runner's answer may omit what it did not change. The
        device is kept only where the runner left the one that the model was loaded on, so that a
        machine with a new graphics card uses it."""
        device = result.get("device")
        fell_back = device if device != self._runner.facts.get("device") else None
        limit = result.get("window_limit") or self._limits.window_seconds * SAMPLE_RATE
        self._limits = Limits(
            window_seconds=min(self._limits.window_seconds, max(1, limit // SAMPLE_RATE)),
            batch_seconds=result.get("batch_seconds") or self._limits.batch_seconds,
            device=fell_back or self._limits.device,
            route=route,
            precision=self._runner.facts.get("precision") or self._limits.precision,
        )
        for note in result.get("notes") or ():
            self._results.note(str(note))
