"""What a job tells while it runs. The terminal, `--events`, editors and the page show these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import RecueError, from_wire


@dataclass(frozen=True)
class InputStarted:
    """Work on an input begins; `number` of `of` counts from 1."""

    input: Path
    number: int
    of: int


@dataclass(frozen=True)
class StageProgress:
    """How far a stage of an input is, in seconds of audio. Stage: extracting or recognising."""

    input: Path
    stage: str
    done: float
    of: float


@dataclass(frozen=True)
class Words:
    """A window is finished: its text, and where it lies in the source `media`, in seconds."""

    input: Path
    media: Path
    start: float
    end: float
    text: str


@dataclass(frozen=True)
class Note:
    """A sentence that the user should read; `input` is None where it concerns the whole run."""

    input: Path | None
    text: str


@dataclass(frozen=True)
class InputFinished:
    """An input is done. `recognised` is the seconds of audio that had to be recognised for it."""

    input: Path
    outputs: tuple[Path, ...]
    cues: int
    words: int
    recognised: float


@dataclass(frozen=True)
class InputFailed:
    """An input gave no result; the others go on."""

    input: Path
    error: RecueError


Event = InputStarted | StageProgress | Words | Note | InputFinished | InputFailed
Tell = Callable[[Event], None]

_KINDS: dict[str, Any] = {
    "started": InputStarted,
    "progress": StageProgress,
    "words": Words,
    "note": Note,
    "finished": InputFinished,
    "failed": InputFailed,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def event_to_wire(event: Event) -> dict[str, Any]:
    """The JSON form: {"event": "progress", …}."""
    body: dict[str, Any] = {"event": _NAMES[type(event)]}
    body.update((field.name, _plain(getattr(event, field.name))) for field in fields(event))
    return body


def event_from_wire(wire: dict[str, Any]) -> Event | None:
    """Read the JSON form; None for what is no event of these, as one of a newer Recue."""
    kind = _KINDS.get(str(wire.get("event")))
    if kind is None:
        return None
    values = {field.name: wire[field.name] for field in fields(kind)}
    for name in ("input", "media"):
        if values.get(name) is not None:
            values[name] = Path(values[name])
    if "outputs" in values:
        values["outputs"] = tuple(map(Path, values["outputs"]))
    if "error" in values:
        values["error"] = from_wire(values["error"])
    event: Event = kind(**values)
    return event


def _plain(value: object) -> object:
    if isinstance(value, RecueError):
        return value.to_wire()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Path) else value
