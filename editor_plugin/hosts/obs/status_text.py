"""What the user reads in the properties and in the text source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from editor_plugin.core.errors import RecueError, from_wire
from editor_plugin.hosts.obs.jobs import RecordingJob

NOTHING = "Nothing is being transcribed."


def told_all(
    errands: Sequence[RecordingJob], trouble: RecueError | None, waits: bool = False
) -> list[str]:
    """A sentence for each errand, the newest last, and why nothing goes on where that is so.
    `waits` tells whether something else waits for the engine, too."""
    sentences = [told(each) for each in errands]
    if trouble is not None and (waits or any(not each.has_ended for each in errands)):
        sentences.append(str(trouble))
    return sentences


def told(errand: RecordingJob) -> str:
    """How far a recording is."""
    name = errand.recording.name
    if errand.error is not None:
        return f"“{name}”: {errand.error}"
    if errand.status is None:
        waits = "is handed over" if errand.job is None else "waits for its turn"
        return f"“{name}” {waits}."
    state = errand.status.get("state")
    if state == "done":
        return _done(name, _input(errand.status))
    if state == "failed":
        return f"“{name}”: {_reason(errand.status)}"
    if state == "cancelled":
        return f"“{name}”: stopped. What was recognised is kept for the next time."
    if state == "running":
        return f"“{name}”: {_progress(errand.status)}."
    rests = "rests" if state == "paused" else "waits for its turn"
    return f"“{name}” {rests}."


def duration(seconds: float) -> str:
    """A length of time as a person says it: “20 seconds”, “5 minutes”, “2 hours”."""
    for length, unit in ((3600, "hour"), (60, "minute")):
        if seconds >= 1.5 * length:
            return f"{round(seconds / length)} {unit}s"
        if seconds >= length * 0.9:
            return f"1 {unit}"
    whole = max(1, round(seconds))
    return f"{whole} second" + ("s" if whole > 1 else "")


def _progress(status: dict[str, Any]) -> str:
    text = f"{round(float(status.get('percent') or 0))} % transcribed"
    left = status.get("seconds_left")
    return text if left is None else f"{text}, about {duration(float(left))} left"


def _done(name: str, found: dict[str, Any]) -> str:
    cues = found.get("cues")
    count = "subtitles" if cues is None else f"{cues} subtitle" + ("" if cues == 1 else "s")
    notes = [str(each) for each in found.get("notes") or ()]
    files = [str(each) for each in found.get("outputs") or ()]
    return " ".join([f"“{name}”: {count} in {_joined(files)}.", *notes])


def _joined(paths: Sequence[str]) -> str:
    # The folder is said once: of all that the user may wonder about it is the last.
    names = [path.replace("\\", "/").rpartition("/")[2] for path in paths]
    return ", ".join(f"“{name}”" for name in names) or "the chosen files"


def _reason(status: dict[str, Any]) -> str:
    wire = _input(status).get("error") or status.get("error")
    if isinstance(wire, dict):
        return str(from_wire(wire))
    return "It could not be transcribed. Recue's log tells why."


def _input(status: dict[str, Any]) -> dict[str, Any]:
    inputs = status.get("inputs") or [{}]
    return dict(inputs[0])
