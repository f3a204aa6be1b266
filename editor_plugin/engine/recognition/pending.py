"""The windows of a transcription that have no outcome yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from editor_plugin.core import protocol
from editor_plugin.core.transcript import SAMPLE_RATE, Window
from editor_plugin.engine.recognition.types import RecognitionItem


@dataclass(frozen=True)
class PendingWindow:
    """One window of one item."""

    item: str
    window: Window


class PendingWindows:
    """The pending windows in order; each is removed once, when its outcome is known."""

    def __init__(self, work: Sequence[RecognitionItem]) -> None:
        self._audio = {part.item: str(part.audio.absolute()) for part in work}
        self._open = {
            PendingWindow(part.item, window): None for part in work for window in part.windows
        }
        self._total = sum(_core(piece) for piece in self._open)

    def __len__(self) -> int:
        return len(self._open)

    @property
    def pieces(self) -> tuple[PendingWindow, ...]:
        """All of them, in order."""
        return tuple(self._open)

    @property
    def done_seconds(self) -> float:
        """Seconds of audio that have an outcome, without context."""
        return (self._total - sum(_core(piece) for piece in self._open)) / SAMPLE_RATE

    @property
    def of_seconds(self) -> float:
        """Seconds of audio of the whole work, without context."""
        return self._total / SAMPLE_RATE

    def __contains__(self, piece: PendingWindow) -> bool:
        return piece in self._open

    def take(self, piece: PendingWindow) -> None:
        """Remove a window, which must be pending."""
        del self._open[piece]

    def of_item(self, item: str) -> tuple[PendingWindow, ...]:
        """The pending windows of an item, in order."""
        return tuple(piece for piece in self._open if piece.item == item)

    def to_wire(self, pieces: Iterable[PendingWindow]) -> list[dict[str, Any]]:
        """The items of a `transcribe` call for these windows."""
        items: dict[str, list[list[int]]] = {}
        for piece in pieces:
            items.setdefault(piece.item, []).append(protocol.window_to_wire(piece.window))
        return [
            {"item": item, "audio": self._audio[item], "windows": windows}
            for item, windows in items.items()
        ]


def heard_seconds(pieces: Iterable[PendingWindow]) -> float:
    """The seconds of audio in these windows, context included."""
    return sum(piece.window.samples for piece in pieces) / SAMPLE_RATE


def core_seconds(pieces: Iterable[PendingWindow]) -> float:
    """The seconds of audio in these windows' own ranges."""
    return sum(map(_core, pieces)) / SAMPLE_RATE


def _core(piece: PendingWindow) -> int:
    return piece.window.end - piece.window.start
