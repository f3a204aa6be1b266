"""One transcription: batch after batch, reported by window, in smaller steps if memory runs out."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from editor_plugin.core import protocol
from editor_plugin.core.errors import InputError, OutOfMemory, RecueError
from editor_plugin.core.stitching import join
from editor_plugin.core.transcript import SAMPLE_RATE, HeardWindow, Window, Word
from editor_plugin.runner import memory, pieces, windows
from editor_plugin.runner.hypotheses import words_of
from editor_plugin.runner.model import Loaded
from editor_plugin.runner.pieces import AudioPiece
from editor_plugin.runner.routes import ROUTES
from editor_plugin.runner.serve import PendingRequest, unexpected

SMALLEST_WINDOW = 4 * SAMPLE_RATE
"""Windows are not cut shorter than this: a recogniser needs some words around a word."""
FIRST_BATCH_SECONDS = 60
"""The most audio in the first batch: the user waits for its words."""
_CUT_AHEAD = 16
"""Windows that are looked at before each batch, where some have to be cut."""
_SUSPECTS = 3
"""If this many windows in succession fail alone, the route is at fault and not the windows."""

Notify = Callable[..., None]


@dataclass(frozen=True)
class TranscribeOptions:
    """Options of `transcribe`. `batch_seconds` None: as much as suits the machine."""

    pieces: tuple[AudioPiece, ...]
    route: str
    batch_seconds: float | None
    language: str | None


class Transcription:
    """One transcription of the pieces of a request. Use it once."""

    def __init__(
        self, loaded: Loaded, order: TranscribeOptions, job: PendingRequest, notify: Notify
    ) -> None:
        self._loaded = loaded
        self._order = order
        self._job = job
        self._notify = notify
        self._batch_seconds = order.batch_seconds or self._fitting()
        self._window_limit: int | None = None
        self._notes: list[str] = []
        self._waiting = list(order.pieces)
        self._alone: list[AudioPiece] = []
        self._batch: list[AudioPiece] = []
        self._parts: dict[tuple[str, Window], list[HeardWindow]] = {}
        self._missing = Counter(_key(piece) for piece in order.pieces)
        self._suspects: list[tuple[AudioPiece, RecueError]] = []
        self._heard_any = False
        self._windows = 0
        self._samples = 0

    def run(self) -> dict[str, Any]:
        """Recognise all pieces; return the result of the protocol's `transcribe`. Raises Cancelled,
        OutOfMemory, and a plain RecueError where this route cannot continue."""
        self._leave_out_unusable()
        while self._waiting or self._alone:
            error = self._attempt()
            if error is not None:
                self._after(error)
        if self._suspects and not self._heard_any:
            raise self._suspects[0][1]
        self._report_suspects()
        return {
            "windows": self._windows,
            "batch_seconds": self._batch_seconds,
            "window_limit": self._window_limit,
            "device": self._loaded.device,
            "notes": self._notes,
        }

    def _fitting(self) -> float:
        """Return how much audio a batch should hold for this model on its device."""
        size = sum(each.numel() for each in self._loaded.model.parameters())
        return memory.batch_seconds(self._loaded.device, size)

    def _leave_out_unusable(self) -> None:
        """Report the items whose audio is missing or cannot be read, each as a whole."""
        by_item: dict[str, list[AudioPiece]] = {}
        for piece in self._waiting:
            by_item.setdefault(piece.item, []).append(piece)
        for item, its in by_item.items():
            try:
                pieces.usable(its[0].audio, [piece.window for piece in its])
            except InputError as error:
                self._waiting = [piece for piece in self._waiting if piece.item != item]
                self._notify("failed", item=item, window=None, error=error.to_wire())
                self._count(len(its), sum(piece.window.samples for piece in its))

    def _attempt(self) -> Exception | None:
        """Recognise the waiting pieces batch by batch; return the error that stopped a batch."""
        route = ROUTES[self._order.route]
        try:
            with torch.inference_mode():
                outputs = route(self._loaded, self._batches(), self._order.language)
                with contextlib.closing(outputs):
                    for hypotheses in outputs:
                        self._finish(hypotheses)
        except Exception as error:
            of_the_batch = isinstance(error, InputError) or not isinstance(error, RecueError)
            if not (of_the_batch and self._batch):
                raise
            # Without its traceback, which would keep the batch's tensors in memory.
            return error.with_traceback(None)
        return None

    def _batches(self) -> Iterator[list[AudioPiece]]:
        """Yield batch after batch of the waiting pieces, and keep each until it is finished."""
        while self._waiting or self._alone:
            self._job.check()
            if self._alone:
                self._batch = [self._alone.pop(0)]
            else:
                self._cut_long_ones()
                most = self._batch_seconds if self._windows else FIRST_BATCH_SECONDS
                samples = int(min(self._batch_seconds, most) * SAMPLE_RATE)
                chosen = pieces.pick(self._waiting, samples)
                self._batch = [self._waiting[index] for index in chosen]
                for index in reversed(chosen):
                    del self._waiting[index]
            yield self._batch

    def _cut_long_ones(self) -> None:
        """Cut the windows of the next batches that are over the limit which memory has set."""
        limit = self._window_limit
        if limit is None:
            return
        index = 0
        while index < min(len(self._waiting), _CUT_AHEAD):
            piece = self._waiting[index]
            if piece.window.samples > limit:
                span = (piece.window.context_start, piece.window.context_end)
                parts = windows.plan(piece.audio, [span], limit)
                self._waiting[index : index + 1] = [replace(piece, window=part) for part in parts]
                self._missing[_key(piece)] += len(parts) - 1
            index += 1

    def _finish(self, hypotheses: Sequence[Any]) -> None:
        batch, self._batch = self._batch, []
        for piece, hypothesis in zip(batch, hypotheses, strict=True):
            words = words_of(hypothesis, piece.window, self._loaded.frame_samples)
            self._heard(piece, words)
        self._notify_progress()

    def _heard(self, piece: AudioPiece, words: tuple[Word, ...]) -> None:
        """Report a window; one that was cut, when its last part is finished."""
        self._heard_any = True
        self._report_suspects()
        key = _key(piece)
        self._missing[key] -= 1
        self._parts.setdefault(key, []).append(HeardWindow(piece.window, words))
        whole = piece.window == piece.whole
        self._count(0, piece.window.samples if whole else piece.window.end - piece.window.start)
        if self._missing[key]:
            return
        parts = self._parts.pop(key)
        self._count(1, 0)
        self._notify(
            "words",
            item=piece.item,
            window=protocol.window_to_wire(piece.whole),
            words=[protocol.word_to_wire(word) for word in (words if whole else join(parts))],
        )

    def _after(self, error: Exception) -> None:
        """Prepare another attempt after `error` in the current batch."""
        batch, self._batch = self._batch, []
        if memory.ran_out(error):
            del error
            self._waiting[:0] = batch
            self._take_smaller_steps(batch)
        elif memory.lost_the_gpu(error):
            raise unexpected(error)
        elif len(batch) > 1:
            self._log("warning", f"A batch of {len(batch)} windows failed; now one by one: {error}")
            self._alone[:0] = batch
        elif isinstance(error, InputError):
            self._fail(batch[0], error)
        else:
            self._suspect(batch[0], unexpected(error))

    def _suspect(self, piece: AudioPiece, error: RecueError) -> None:
        """Note a window that failed alone: its own fault where others succeed, else the route's."""
        self._suspects.append((piece, error))
        if len(self._suspects) == _SUSPECTS:
            raise error

    def _report_suspects(self) -> None:
        for suspect, error in self._suspects:
            self._fail(suspect, error)
        self._suspects.clear()

    def _fail(self, piece: AudioPiece, error: RecueError) -> None:
        """Report a window, and drop what is left of it."""
        window = protocol.window_to_wire(piece.whole)
        self._notify("failed", item=piece.item, window=window, error=error.to_wire())
        key = _key(piece)
        self._parts.pop(key, None)
        self._waiting = [each for each in self._waiting if _key(each) != key]
        self._alone = [each for each in self._alone if _key(each) != key]
        self._count(1, piece.window.samples)
        self._notify_progress()

    def _take_smaller_steps(self, batch: Sequence[AudioPiece]) -> None:
        """Halve the batch, then the windows, then leave the GPU. Raises OutOfMemory after that."""
        device = self._loaded.device
        memory.free(device)
        longest = max(piece.window.samples for piece in batch)
        if len(batch) > 1:
            self._batch_seconds = longest * (len(batch) // 2) / SAMPLE_RATE
            step = f"batches of {self._batch_seconds:.0f} s of audio"
        elif longest // 2 >= SMALLEST_WINDOW:
            self._window_limit = longest // 2
            self._batch_seconds = min(self._batch_seconds, self._window_limit / SAMPLE_RATE)
            step = f"windows of {self._window_limit / SAMPLE_RATE:.0f} s"
        elif device != "cpu":
            self._loaded.move_to_cpu()
            self._window_limit = None
            self._batch_seconds = self._fitting()
            step = "the CPU"
        else:
            raise OutOfMemory(device)
        note = f"There was not enough memory on {device}; it went on with {step}."
        self._notes.append(note)
        self._log("warning", note)

    def _count(self, windows: int, samples: int) -> None:
        self._windows += windows
        self._samples += samples

    def _notify_progress(self) -> None:
        of_samples = sum(piece.window.samples for piece in self._order.pieces)
        self._notify(
            "progress",
            windows=self._windows,
            of_windows=len(self._order.pieces),
            seconds=min(self._samples, of_samples) / SAMPLE_RATE,
            of_seconds=of_samples / SAMPLE_RATE,
        )

    def _log(self, level: str, text: str) -> None:
        self._notify("log", level=level, text=text)


def _key(piece: AudioPiece) -> tuple[str, Window]:
    return piece.item, piece.whole
