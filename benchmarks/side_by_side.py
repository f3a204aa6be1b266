"""Shared functions of the benchmarks: Recue's recogniser in a folder, and plain NeMo."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import RecueError
from editor_plugin.core.timeline import Media
from editor_plugin.core.transcript import SAMPLE_RATE, HeardWindow, Window
from editor_plugin.engine.media.extraction import extract
from editor_plugin.engine.recognition.recogniser import Recogniser
from editor_plugin.engine.recognition.types import Limits, ModelChoice

ROOT = Path(__file__).parents[1]
BATCH_SIZE = 4
"""The default of NeMo's `transcribe`."""
WINDOW_SECONDS = 30


@dataclass(frozen=True)
class Cut:
    """A recording as 16 kHz WAV, and its windows."""

    audio: Path
    windows: tuple[Window, ...]

    @property
    def spans(self) -> list[list[int]]:
        """The range of each window with its context, in samples."""
        return [[each.context_start, each.context_end] for each in self.windows]


class CountingListener:
    """A listener that counts the finished windows."""

    def __init__(self) -> None:
        self.windows = 0

    def heard(self, item: str, heard: HeardWindow) -> None:
        """A window is finished."""
        self.windows += 1

    def failed(self, item: str, window: Window | None, error: RecueError) -> None:
        """Raise the error, as the measurement has failed."""
        raise error

    def progress(self, done_seconds: float, of_seconds: float) -> None:
        """Nothing to show."""

    def note(self, text: str) -> None:
        """Nothing to show."""


@contextmanager
def recogniser(folder: Path, model: Path, precision: str = "auto") -> Iterator[Recogniser]:
    """A recogniser with `model` loading."""
    opened = Recogniser(folder / "runner", folder / "runner.log")
    opened.prepare(ModelChoice(model, precision=precision), Limits(WINDOW_SECONDS))
    try:
        yield opened
    finally:
        opened.close()


def cut(recogniser: Recogniser, recording: Path, folder: Path) -> Cut:
    """Extract a recording and plan its windows."""
    got = extract(Media(str(recording)), None, folder / f"{recording.stem}.wav")
    windows = recogniser.plan(got.path, [(0, got.samples)], WINDOW_SECONDS * SAMPLE_RATE)
    return Cut(got.path, windows)


def bare(model: Path, cut: Cut, repeat: int) -> dict[str, Any]:
    """The times of plain NeMo for the same windows, in a new process."""
    asked = {
        "model": str(model),
        "audio": str(cut.audio),
        "windows": cut.spans,
        "batch_size": BATCH_SIZE,
        "repeat": repeat,
    }
    command = [sys.executable, "-m", "benchmarks.bare_nemo"]
    run = subprocess.run(
        command, input=json.dumps(asked), capture_output=True, text=True, cwd=ROOT, check=False
    )
    if run.returncode:
        raise RuntimeError(run.stderr[-2000:])
    found = json.loads(run.stdout)
    assert isinstance(found, dict)
    return found
