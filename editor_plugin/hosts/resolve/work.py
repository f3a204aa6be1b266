"""One run with the engine, in short steps: hand over, follow, take the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from editor_plugin.core.errors import Cancelled, EngineUnreachable, from_wire
from editor_plugin.hosts.base import Subtitles, subtitles_from
from editor_plugin.hosts.resolve.user_interface import UserInterface

POLL_SECONDS = 0.5
MOST_RETURNS = 5
"""How often an engine that went away is looked for again without any news."""


class Engine(Protocol):
    """What is used of editor_plugin.client's Engine."""

    def submit(self, request: dict[str, Any]) -> int:
        """Hand over a request; returns the number of its job."""

    def news(self, job: int, after: int = 0) -> dict[str, Any]:
        """What is new of a job, and its status."""

    def result(self, job: int, number: int = 0) -> dict[str, Any]:
        """The result of an input."""

    def cancel(self, job: int) -> dict[str, Any]:
        """End a job."""


Connect = Callable[[], Any]
"""Finds an engine, or starts one; waits for it."""


@dataclass
class Job:
    """A job of the engine, and what came of it; `notes` are its sentences about the input."""

    connect: Connect
    ui: UserInterface
    request: dict[str, Any]
    number: int = 0
    subtitles: Subtitles | None = None
    notes: tuple[str, ...] = ()

    def steps(self) -> Iterator[float]:
        """Do it; each step gives the seconds until the next one.

        Raises the job's error, Cancelled, and what connecting raises. A job that is left half-way
        is ended in the engine; what was recognised of it is kept.
        """
        self.ui.progress("Starting the engine", 0, None)
        engine: Engine = self.connect()
        number = self.number = engine.submit(self.request)
        ended = False
        try:
            after = returns = 0
            while not ended:
                yield POLL_SECONDS
                if self.ui.cancelled():
                    raise Cancelled
                try:
                    told = engine.news(number, after)
                    returns = 0
                except EngineUnreachable:
                    returns += 1
                    if returns > MOST_RETURNS:
                        raise
                    engine = self.connect()
                    continue
                after = max([after, *(int(each["id"]) for each in told["news"])])
                ended = self._heard(told["status"])
            self.subtitles = subtitles_from(engine.result(number))
        finally:
            if not ended:
                _end(engine, number)

    def _heard(self, status: dict[str, Any]) -> bool:
        """Take in a status; True where the job is done."""
        state = status["state"]
        inputs = status.get("inputs") or []
        self.notes = tuple(str(note) for each in inputs for note in each.get("notes") or ())
        if state == "cancelled":
            raise Cancelled
        if state == "failed":
            wires = [status.get("error"), *(each.get("error") for each in inputs)]
            raise from_wire(next((wire for wire in wires if wire), {"code": "engine"}))
        what = {"queued": "Waiting for its turn", "paused": "Paused"}.get(state, "Recognising")
        self.ui.progress(what, float(status.get("percent") or 0), status.get("seconds_left"))
        return bool(state == "done")


def _end(engine: Engine, number: int) -> None:
    try:
        engine.cancel(number)
    except Exception:
        return  # it is gone, and the job with it
