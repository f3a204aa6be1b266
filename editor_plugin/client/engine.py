"""The client of a running engine: the calls of docs/design/engine.md."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, cast

from editor_plugin.client.calls import HttpCall, ask, events
from editor_plugin.core.errors import EngineUnreachable
from editor_plugin.core.handshake import Announcement
from editor_plugin.core.jobs.events import Event, StateChanged, event_from_wire
from editor_plugin.core.jobs.request import JobRequest, request_to_wire
from editor_plugin.core.jobs.result import JobResult, result_from_wire
from editor_plugin.core.jobs.status import JobStatus, status_from_wire

MOST_RETURNS = 5
"""How often a stream may break without any event before the engine is given up."""
REST_SECONDS = 0.2

Again = Callable[[bool], Announcement]
"""Finds an engine anew; the argument is whether one may be started."""


class EngineClient:
    """A running engine, by its announcement; `again` finds another one when it is gone.

    Every method raises EngineUnreachable where the engine does not answer in time, and else the
    error that the engine answers with.
    """

    def __init__(self, announced: Announcement, again: Again) -> None:
        self.announced = announced
        self._again = again

    @property
    def version(self) -> str:
        """The engine's version."""
        return self.announced.version

    def call(self, method: str, path: str, body: Any = None, timeout: float = 30.0) -> Any:
        """Make any call and return its JSON. `timeout` is the seconds of silence to bear."""
        return ask(self.announced, HttpCall(method, path, body, timeout))

    def hello(self) -> dict[str, Any]:
        """The engine's version, protocol, pid, and the jobs that have not ended."""
        return cast("dict[str, Any]", self.call("GET", "/hello"))

    def submit(self, request: JobRequest) -> int:
        """Hand over a request; returns the number of its job."""
        return int(self.call("POST", "/jobs", request_to_wire(request))["job"])

    def jobs(self) -> list[JobStatus]:
        """The status of every job, in the order of the queue, then those that ended."""
        return [status_from_wire(each) for each in self.call("GET", "/jobs")["jobs"]]

    def status(self, job: int) -> JobStatus:
        """The status of a job."""
        return status_from_wire(self.call("GET", f"/jobs/{job}"))

    def result(self, job: int, number: int = 0) -> JobResult:
        """The result of input `number` of a job, from 0."""
        return result_from_wire(self.call("GET", f"/jobs/{job}/results/{number}"))

    def steer(self, job: int, how: str) -> JobStatus:
        """Cancel, pause or resume a job, or put it first: `how` is the name of the call."""
        return status_from_wire(self.call("POST", f"/jobs/{job}/{how}"))

    def stop(self) -> None:
        """Ask the engine to end; unfinished jobs stay in its queue."""
        self.call("POST", "/stop")

    def correct(self, body: dict[str, Any]) -> dict[str, Any]:
        """Hand over a correction, see docs/design/corrections.md."""
        return cast("dict[str, Any]", self.call("POST", "/corrections", body))

    def follow(self, job: int, after: int = 0) -> Iterator[Event]:
        """The events of a job with an id above `after`, to its final state.

        Goes on with another engine where this one is killed, and starts it. Where it was asked to
        stop, another one is waited for and not started: the user wants none to run.
        """
        returns = 0
        while True:
            stopped = False
            try:
                for wire in events(self.announced, f"/jobs/{job}/events", after):
                    if wire.get("event") == "stopped":
                        stopped = True
                        break
                    returns, after = 0, wire["id"]
                    event = event_from_wire(wire)
                    if event is not None:
                        yield event
                    if isinstance(event, StateChanged) and event.is_final:
                        return
            except EngineUnreachable:
                pass  # killed, or too busy: taken up again below
            returns += 1
            if returns > MOST_RETURNS:
                raise EngineUnreachable(f"it ended {returns} times without an event of job {job}")
            time.sleep(REST_SECONDS * returns)
            found = self._again(not stopped)
            if found != self.announced:  # ids are of one engine: the new one tells only its own
                self.announced, after = found, 0
