"""The events that a job emits while it runs. The terminal, editors and the page show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Union

from editor_plugin.core.errors import RecueError, from_wire
from editor_plugin.core.jobs.status import FINAL_STATES

EXTRACTING_SHARE = 0.1
"""How much of the work on an input its extraction is: it is quick beside recognition."""


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

    @property
    def stage_share(self) -> float:
        """How much of the stage is done, 0 to 1."""
        return min(1.0, self.done / self.of) if self.of > 0 else 0.0

    @property
    def share(self) -> float:
        """How much of the work on the input is done, 0 to 1."""
        if self.stage != "recognising":
            return EXTRACTING_SHARE * self.stage_share
        return EXTRACTING_SHARE + (1 - EXTRACTING_SHARE) * self.stage_share


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


@dataclass(frozen=True)
class StateChanged:
    """The job as a whole has another state; `error` is what ended it, if something did."""

    state: str
    error: RecueError | None = None

    @property
    def is_final(self) -> bool:
        """Whether it is the job's last event."""
        return self.state in FINAL_STATES


Event = Union[InputStarted, StageProgress, Words, Note, InputFinished, InputFailed, StateChanged]
Emit = Callable[[Event], None]

_KINDS: dict[str, Any] = {
    "started": InputStarted,
    "progress": StageProgress,
    "words": Words,
    "note": Note,
    "finished": InputFinished,
    "failed": InputFailed,
    "state": StateChanged,
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
    if values.get("error") is not None:
        values["error"] = from_wire(values["error"])
    event: Event = kind(**values)
    return event


def _plain(value: object) -> object:
    if isinstance(value, RecueError):
        return value.to_wire()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Path) else value
