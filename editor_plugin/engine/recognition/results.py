"""Collects the runner's notifications during a transcription, and reports each outcome once."""

from __future__ import annotations

from typing import Any

from editor_plugin.core import protocol
from editor_plugin.core.errors import ProtocolError, from_wire
from editor_plugin.core.protocol import Notification
from editor_plugin.core.transcript import HeardWindow, Word
from editor_plugin.engine.recognition.pending import PendingWindow, PendingWindows, heard_seconds
from editor_plugin.engine.recognition.types import RecognitionFailure, RecognitionListener
from editor_plugin.engine.recognition.watchdog import Watchdog


class ResultCollector:
    """Passes the results of one transcription to `listener`. Notifications that are invalid, or
    about a window that is not pending, are ignored."""

    def __init__(self, pending: PendingWindows, listener: RecognitionListener) -> None:
        self.pending = pending
        self.failed: list[RecognitionFailure] = []
        self.notes: list[str] = []
        self.outcomes = 0
        """How many windows and items the runner has given an outcome."""
        self._listener = listener
        self.begin()

    def begin(self) -> None:
        """Start a call, whose progress counts from 0."""
        self._counted = 0.0
        self._recognised = 0.0

    def take(self, notification: Notification, watch: Watchdog) -> None:
        """Process a notification; report progress to `watch`."""
        method, params = notification.method, notification.params
        try:
            if method == "words":
                results = _words(params)
            elif method == "failed":
                failed = _failed(params)
            elif method == "progress":
                seconds = float(params["seconds"])
        except (KeyError, TypeError, ValueError, ProtocolError):
            return
        if method == "words":
            self._heard(*results, watch)
        elif method == "failed":
            self._runner_failed(failed, watch)
        elif method == "progress":
            self._batch(seconds, watch)
        elif method == "log" and params.get("level") == "warning":
            watch.changed()

    def fail(self, failed: RecognitionFailure) -> None:
        """Report a failure, whose window must not be pending any more."""
        self.failed.append(failed)
        self._listener.failed(failed.item, failed.window, failed.error)
        self._report_progress()

    def note(self, text: str) -> None:
        """Report a sentence to the user."""
        self.notes.append(text)
        self._listener.note(text)

    def _heard(self, piece: PendingWindow, words: tuple[Word, ...], watch: Watchdog) -> None:
        if piece not in self.pending:
            return
        watch.progressed()
        self._recognised += heard_seconds((piece,))
        self._listener.heard(piece.item, HeardWindow(piece.window, words))
        self.pending.take(piece)
        self.outcomes += 1
        self._report_progress()

    def _runner_failed(self, failed: RecognitionFailure, watch: Watchdog) -> None:
        pieces = self.pending.of_item(failed.item)
        if failed.window is not None:
            pieces = tuple(piece for piece in pieces if piece.window == failed.window)
        if not pieces:
            return
        watch.progressed()
        for piece in pieces:
            self.pending.take(piece)
        self.outcomes += 1
        self.fail(failed)

    def _batch(self, seconds: float, watch: Watchdog) -> None:
        """Process the runner's count of finished audio, failures included."""
        if seconds > self._counted:
            watch.finished_batch(min(seconds - self._counted, self._recognised))
            self._counted, self._recognised = seconds, 0.0

    def _report_progress(self) -> None:
        self._listener.progress(self.pending.done_seconds, self.pending.of_seconds)


def _words(params: dict[str, Any]) -> tuple[PendingWindow, tuple[Word, ...]]:
    piece = PendingWindow(params["item"], protocol.window_from_wire(params["window"]))
    return piece, tuple(protocol.word_from_wire(word) for word in params["words"])


def _failed(params: dict[str, Any]) -> RecognitionFailure:
    wire, error = params["window"], params["error"]
    window = None if wire is None else protocol.window_from_wire(wire)
    if not isinstance(error, dict):
        raise ProtocolError("a failure without an error")
    return RecognitionFailure(params["item"], window, from_wire(error))
