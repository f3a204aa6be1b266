"""One job from click to report, in small steps: an editor's timer calls `step` and never waits.

The client of the engine is handed in, so that this module needs no more than its calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from editor_plugin.core.errors import Cancelled, EngineUnreachable, RecueError, from_wire
from editor_plugin.hosts.base import JobOptions, Placed, request_for, subtitles_from
from editor_plugin.hosts.blender.host import BlenderHost, EditedSubtitles

MOST_FAILURES = 8
"""How many polls in a row may find no engine, before the job is given up."""


@dataclass(frozen=True)
class PanelProgress:
    """What the panel shows while a job runs: per cent or None, seconds left or None."""

    doing: str
    percent: float | None = None
    seconds_left: float | None = None


class Generation:
    """Opens the engine, hands over the edits and the timeline, follows the job, places the result.

    Raises RecueError from `step` where it fails; what was recognised is kept by the engine.
    """

    def __init__(self, client: Any, host: BlenderHost, wish: JobOptions) -> None:
        self.progress = PanelProgress("Starting Recue’s engine")
        self._client = client
        self._host = host
        self._timeline = host.snapshot()
        self._request = request_for(self._timeline, wish)
        self._edited = host.edits()
        self._opening = client.Opening()
        self._engine: Any = None
        self._job: int | None = None
        self._told: list[str] = []
        self._after = 0
        self._failures = 0
        self._cancelled = False

    def step(self) -> Placed | None:
        """Do what can be done now; return how it ended once it has."""
        if self._engine is None:
            self._engine = self._opening.poll()
            return None
        if self._job is None:
            if self._cancelled:
                raise Cancelled
            self._submit()
            return None
        try:
            answer = self._engine.news(self._job, self._after)
        except EngineUnreachable:
            self._failures += 1
            if self._failures >= MOST_FAILURES:
                raise
            # Killed, or busy: the job is in its store, and another engine goes on with it.
            self._opening, self._engine = self._client.Opening(), None
            return None
        self._failures = 0
        self._after = max([self._after, *(int(each["id"]) for each in answer["news"])])
        return self._follow(answer["status"])

    def cancel(self) -> None:
        """Ask the engine to end the job; `step` raises Cancelled when it has."""
        self._cancelled = True
        self.progress = PanelProgress("Stopping")
        if self._engine is None:
            raise Cancelled
        if self._job is not None:
            self._engine.cancel(self._job)

    def _submit(self) -> None:
        for edited in self._edited:
            self._hand_over(edited)
        self._edited = []
        self._job = self._engine.submit(self._request)
        self.progress = PanelProgress("Waiting")

    def _hand_over(self, edited: EditedSubtitles) -> None:
        """Tell the engine what a person changed, so that it holds in every later run. What it
        cannot keep stays on the timeline, as the user's own."""
        cues = [
            {"start": str(cue.start), "end": str(cue.end), "text": cue.text} for cue in edited.cues
        ]
        try:
            answer = self._engine.correct({"cues": cues, "of": {"job": edited.job, "input": 0}})
        except EngineUnreachable:
            raise
        except RecueError as error:
            kept = self._host.let_go(edited.strips)
            what = "A subtitle that you edited is" if kept == 1 else f"{kept} edited subtitles are"
            self._told.append(f"{what} now your own, as Recue cannot learn from it: {error}")
        else:
            self._told += [str(each) for each in answer["sentences"]]

    def _follow(self, status: dict[str, Any]) -> Placed | None:
        state = status["state"]
        if state == "failed":
            raise _error_of(status)
        if state == "cancelled":
            raise Cancelled
        if state == "done":
            return self._place(status)
        if not self._cancelled:
            doing = {"queued": "Waiting", "paused": "Paused"}.get(state, "Listening")
            self.progress = PanelProgress(doing, status["percent"], status["seconds_left"])
        return None

    def _place(self, status: dict[str, Any]) -> Placed:
        subtitles = subtitles_from(self._engine.result(self._job))
        changed = self._host.snapshot() != self._timeline
        placed = self._host.place(subtitles)
        self._host.remember(self._job or 0)
        sentences = list(placed.sentences)
        if changed:
            sentences.append("The timeline was changed meanwhile: refresh the subtitles.")
        recognised = sum(float(each["recognised"] or 0) for each in status["inputs"])
        sentences.append(
            f"{recognised:.0f} seconds of sound were recognised."
            if recognised
            else "Nothing had to be recognised anew."
        )
        notes = [note for each in status["inputs"] for note in each["notes"]]
        further = [*self._told, *map(_text, status["notes"]), *map(_text, notes)]
        sentences += [*further, *subtitles.findings]
        return Placed(placed.verified, tuple(dict.fromkeys(sentences)))


def _error_of(status: dict[str, Any]) -> RecueError:
    wire = status["error"] or next(
        (each["error"] for each in status["inputs"] if each["error"]), None
    )
    return from_wire(wire) if wire else EngineUnreachable("the job ended without a reason")


def _text(note: Any) -> str:
    return str(note["text"]) if isinstance(note, dict) and "text" in note else str(note)


def time_left(seconds: float | None) -> str:
    """The time left in words, as a person would say it; "" where it is not known."""
    if seconds is None:
        return ""
    if seconds < 10:
        return "a few seconds left"
    if seconds < 90:
        return f"about {round(Fraction(seconds) / 10) * 10} seconds left"
    return f"about {round(seconds / 60)} minutes left"
