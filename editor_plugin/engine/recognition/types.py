"""The types of a transcription's input and output."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from editor_plugin.core.errors import RecueError
from editor_plugin.core.transcript import HeardWindow, Window


@dataclass(frozen=True)
class ModelChoice:
    """The user's choice of a model. `device`: auto, cpu, cuda, mps. `precision`: auto, fp32, bf16.
    `language` is a code such as "de" for models with a choice, None for the model's own."""

    path: Path
    device: str = "auto"
    precision: str = "auto"
    language: str | None = None


@dataclass(frozen=True)
class Limits:
    """The limits that worked with a model on this machine, to be stored for the next time; None
    where they are not known yet. `window_seconds` is the longest window, `batch_seconds` the audio
    in one batch."""

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
    """The outcome of a transcription: the limits that worked, notes for the user, failures. The
    model worked for `work_seconds` on `audio_seconds` of sound, without loading and without what
    had to be done again. `was_warm`: it was loaded when it was asked for."""

    limits: Limits
    notes: tuple[str, ...] = ()
    failed: tuple[RecognitionFailure, ...] = ()
    audio_seconds: float = field(default=0.0, compare=False)
    work_seconds: float = field(default=0.0, compare=False)
    was_warm: bool = False


class RecognitionListener(Protocol):
    """Receives the outcomes of a transcription, in the thread that called it: each finished window
    once, each window (None: the whole item) that cannot be recognised, the audio with an outcome,
    and notes for the user. An error that a method raises ends the transcription."""

    def heard(self, item: str, heard: HeardWindow) -> None: ...
    def failed(self, item: str, window: Window | None, error: RecueError) -> None: ...
    def progress(self, done_seconds: float, of_seconds: float) -> None: ...
    def note(self, text: str) -> None: ...
