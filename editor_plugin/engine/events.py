"""What a job tells while it runs. The terminal, `--events` and later the page show these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from editor_plugin.core.errors import RecueError


@dataclass(frozen=True)
class Started:
    """Work on an input begins; `number` of `of` counts from 1."""

    input: Path
    number: int
    of: int


@dataclass(frozen=True)
class Progress:
    """How far a stage of an input is, in seconds of audio. Stage: extracting or recognising."""

    input: Path
    stage: str
    done: float
    of: float


@dataclass(frozen=True)
class Note:
    """A sentence that the user should read; `input` is None where it concerns the whole run."""

    input: Path | None
    text: str


@dataclass(frozen=True)
class Finished:
    """An input is done. `recognised` is the seconds of audio that had to be recognised for it."""

    input: Path
    outputs: tuple[Path, ...]
    cues: int
    words: int
    recognised: float


@dataclass(frozen=True)
class Failed:
    """An input gave no result; the others go on."""

    input: Path
    error: RecueError


Event = Started | Progress | Note | Finished | Failed
Tell = Callable[[Event], None]
