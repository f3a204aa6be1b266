"""How a job and each of its inputs stand, and the words for it that every surface uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from editor_plugin.core.errors import EngineUnreachable, RecueError, from_wire
from editor_plugin.core.printable import printable

QUEUED, RUNNING, PAUSED = "queued", "running", "paused"
DONE, FAILED, CANCELLED = "done", "failed", "cancelled"
STATES = (QUEUED, RUNNING, PAUSED, DONE, FAILED, CANCELLED)
FINAL_STATES = (DONE, FAILED, CANCELLED)
"""The states that a job does not leave any more."""

STATE_TEXTS = {
    QUEUED: "Waiting",
    RUNNING: "Transcribing",
    PAUSED: "Paused",
    DONE: "Done",
    FAILED: "Failed",
    CANCELLED: "Stopped",
}
"""What a user reads of each state."""


@dataclass(frozen=True)
class InputStatus:
    """How an input stands. `percent` is 0 to 100, `recognised` the seconds of sound that had to be
    recognised, `outputs` the paths of the files that were written."""

    name: str
    state: str = QUEUED
    percent: float = 0.0
    notes: tuple[str, ...] = ()
    error: RecueError | None = None
    cues: int | None = None
    words: int | None = None
    recognised: float | None = None
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class JobStatus:
    """How a job stands. `error` ended the job as a whole; an input has its own."""

    job: int
    state: str
    percent: float = 0.0
    seconds_left: float | None = None
    inputs: tuple[InputStatus, ...] = ()
    error: RecueError | None = None
    notes: tuple[str, ...] = ()

    @property
    def has_ended(self) -> bool:
        """Whether the job is in a final state."""
        return self.state in FINAL_STATES

    @property
    def all_notes(self) -> tuple[str, ...]:
        """The sentences about the job and about its inputs, each once."""
        of_inputs = [note for each in self.inputs for note in each.notes]
        return tuple(dict.fromkeys([*self.notes, *of_inputs]))


def input_to_wire(status: InputStatus) -> dict[str, Any]:
    """Return the JSON form of an input's status."""
    return {
        "name": printable(status.name),
        "state": status.state,
        "percent": status.percent,
        "notes": list(map(printable, status.notes)),
        "error": None if status.error is None else status.error.to_wire(),
        "cues": status.cues,
        "words": status.words,
        "recognised": status.recognised,
        "outputs": list(status.outputs),
    }


def input_from_wire(wire: dict[str, Any]) -> InputStatus:
    """Read an input's status; what is missing, as in a store of Recue 0.1, is as for a new one."""
    error = wire.get("error")
    return InputStatus(
        printable(str(wire["name"])),
        str(wire.get("state", QUEUED)),
        float(wire.get("percent") or 0),
        tuple(printable(str(each)) for each in wire.get("notes") or ()),
        None if error is None else from_wire(error),
        wire.get("cues"),
        wire.get("words"),
        wire.get("recognised"),
        tuple(map(str, wire.get("outputs") or ())),
    )


def status_to_wire(status: JobStatus) -> dict[str, Any]:
    """Return the JSON form of a job's status."""
    return {
        "job": status.job,
        "state": status.state,
        "percent": status.percent,
        "seconds_left": status.seconds_left,
        "inputs": [input_to_wire(each) for each in status.inputs],
        "error": None if status.error is None else status.error.to_wire(),
        "notes": list(map(printable, status.notes)),
    }


def status_from_wire(wire: dict[str, Any]) -> JobStatus:
    """Read a job's status. Raises EngineUnreachable for what is none."""
    try:
        error, left = wire.get("error"), wire.get("seconds_left")
        return JobStatus(
            int(wire["job"]),
            str(wire["state"]),
            float(wire.get("percent") or 0),
            None if left is None else float(left),
            tuple(input_from_wire(each) for each in wire.get("inputs") or ()),
            None if error is None else from_wire(error),
            tuple(printable(str(each)) for each in wire.get("notes") or ()),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise EngineUnreachable("its answer cannot be read") from None


def first_error(status: JobStatus) -> RecueError:
    """Why a job failed: the error of the job as a whole, else that of its first failed input."""
    errors = [status.error, *(each.error for each in status.inputs)]
    found = next((each for each in errors if each is not None), None)
    return found or EngineUnreachable("the job ended without a reason")


def duration(seconds: float) -> str:
    """A length of time as a person says it: “20 seconds”, “5 minutes”, “2 hours”."""
    for length, unit in ((3600, "hour"), (60, "minute")):
        if seconds >= 1.5 * length:
            return f"{round(seconds / length)} {unit}s"
        if seconds >= length * 0.9:
            return f"1 {unit}"
    return count(max(1, round(seconds)), "second")


def count(number: int, noun: str) -> str:
    """A number of things: “1 subtitle”, “2 subtitles”."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def time_left(seconds: float | None) -> str:
    """“about 5 minutes left”; "" where it is not known."""
    return "" if seconds is None else f"about {duration(seconds)} left"


def progress_text(status: JobStatus) -> str:
    """How far a job is: “Transcribing (40 %, about 5 minutes left)”."""
    text = STATE_TEXTS.get(status.state, status.state)
    if status.state != RUNNING:
        return text
    details = [f"{status.percent:.0f} %", *filter(None, [time_left(status.seconds_left)])]
    return f"{text} ({', '.join(details)})"
