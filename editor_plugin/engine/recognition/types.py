"""What goes into a transcription, and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from editor_plugin.core.errors import RecueError
from editor_plugin.core.transcript import HeardWindow, Window


@dataclass(frozen=True)
class ModelChoice:
    """The model that the user wants.

    `device`: auto, cpu, cuda, mps. `precision`: auto, fp32, bf16. `language` is a code such as
    "de" for a model that can be told, None for its own choice.
    """

    path: Path
    device: str = "auto"
    precision: str = "auto"
    language: str | None = None


@dataclass(frozen=True)
class Limits:
    """What was found to work with a model on this machine, to be remembered for the next time.

    None means that nothing was found out yet. `window_seconds` is the longest window,
    `batch_seconds` the audio in one batch.
    """

    window_seconds: int = 30
    batch_seconds: float | None = None
    device: str | None = None
    route: str | None = None
    precision: str | None = None


@dataclass(frozen=True)
class RecognitionItem:
    """One item to recognise: a name of its own, a 16 kHz mono WAV, and windows of it."""

    item: str
    audio: Path
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class RecognitionFailure:
    """A window, or a whole item where `window` is None, that could not be recognised."""

    item: str
    window: Window | None
    error: RecueError


@dataclass(frozen=True)
class Outcome:
    """How a transcription ended: what worked, what is worth telling, what could not be done."""

    limits: Limits
    notes: tuple[str, ...] = ()
    failed: tuple[RecognitionFailure, ...] = ()


class RecognitionListener(Protocol):
    """Who hears the outcome of a transcription, in the thread that asked for it.

    What a method raises ends the transcription and comes out of it.
    """

    def heard(self, item: str, heard: HeardWindow) -> None:
        """A window is finished. Never twice for the same one."""

    def failed(self, item: str, window: Window | None, error: RecueError) -> None:
        """This window, or the whole item where it is None, cannot be recognised."""

    def progress(self, done_seconds: float, of_seconds: float) -> None:
        """So much of the work has an outcome, in seconds of audio."""

    def note(self, text: str) -> None:
        """A sentence that the user may want to read: how it went on after trouble."""
