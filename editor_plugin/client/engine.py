"""An engine that answers: the calls of docs/design/engine.md."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, cast

from editor_plugin.client.calls import Address, HttpCall, ask, events
from editor_plugin.core.errors import EngineUnreachable
from editor_plugin.core.handshake import FINAL_STATES

POLL_SECONDS = 1.0
"""The most that a poll may hold up the editor that makes it."""
MOST_RETURNS = 5
"""How often a job may be taken up again without any news before its engine is given up."""
REST_SECONDS = 0.2

Again = Callable[[bool], Address]
"""Finds an engine anew; the argument tells whether one may be started."""


class EngineClient:
    """A running engine: its address and version; `again` finds another one when it is gone.

    Every method raises EngineUnreachable where the engine does not answer in time, and else the
    error that the engine answers with.
    """

    def __init__(self, address: Address, version: str, again: Again) -> None:
        self.version = version
        self.address = address
        self._again = again

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Any call of the contract; returns the JSON of its answer."""
        return ask(self.address, HttpCall(method, path, body, 30.0))

    def hello(self) -> dict[str, Any]:
        """The engine's version, protocol, pid, and the jobs that have not ended."""
        return cast("dict[str, Any]", self.call("GET", "/hello"))

    def submit(self, request: dict[str, Any]) -> int:
        """Hand over a request; returns the number of its job."""
        return int(self.call("POST", "/jobs", request)["job"])

    def jobs(self) -> list[dict[str, Any]]:
        """The status of every job, in the order of the queue, then those that ended."""
        return list(self.call("GET", "/jobs")["jobs"])

    def status(self, job: int) -> dict[str, Any]:
        """The status of a job."""
        return cast("dict[str, Any]", self.call("GET", f"/jobs/{job}"))

    def news(self, job: int, after: int = 0) -> dict[str, Any]:
        """What is new of a job, at once: `{"news": [event, …], "status": status}`.

        Ids are of one engine: whoever gets another `EngineClient` begins with 0 again.
        """
        path = f"/jobs/{job}/news?after={after}"
        return cast(
            "dict[str, Any]", ask(self.address, HttpCall("GET", path, timeout=POLL_SECONDS))
        )

    def result(self, job: int, number: int = 0) -> dict[str, Any]:
        """The result of input `number` of a job, from 0."""
        return cast("dict[str, Any]", self.call("GET", f"/jobs/{job}/results/{number}"))

    def cancel(self, job: int) -> dict[str, Any]:
        """End a job; what is recognised of it is kept."""
        return self._steer(job, "cancel")

    def pause(self, job: int) -> dict[str, Any]:
        """Let a job rest after the window in work."""
        return self._steer(job, "pause")

    def resume(self, job: int) -> dict[str, Any]:
        """Let a paused job go on."""
        return self._steer(job, "resume")

    def first(self, job: int) -> dict[str, Any]:
        """Put a job in front of all others."""
        return self._steer(job, "first")

    def stop(self) -> None:
        """Ask the engine to end; unfinished jobs stay in its queue."""
        self.call("POST", "/stop")

    def correct(self, body: dict[str, Any]) -> dict[str, Any]:
        """Hand over a correction, see docs/design/corrections.md."""
        return cast("dict[str, Any]", self.call("POST", "/corrections", body))

    def follow(self, job: int, after: int = 0) -> Iterator[dict[str, Any]]:
        """The events of a job with an id above `after`, to its final state.

        Goes on with another engine where this one is killed, and starts it. Where it was asked to
        stop, another one is waited for and not started: somebody wants peace.
        """
        returns = 0
        while True:
            stopped = False
            try:
                for event in events(self.address, f"/jobs/{job}/events", after):
                    if event.get("event") == "stopped":
                        stopped = True
                        break
                    returns, after = 0, event["id"]
                    yield event
                    if event["event"] == "state" and event["state"] in FINAL_STATES:
                        return
            except EngineUnreachable:
                pass  # killed, or too busy: taken up again below
            returns += 1
            if returns > MOST_RETURNS:
                raise EngineUnreachable(f"it ended {returns} times without any news of job {job}")
            time.sleep(REST_SECONDS * returns)
            address = self._again(not stopped)
            if address != self.address:  # ids are of one engine: the new one tells only its own
                self.address, after = address, 0

    def _steer(self, job: int, how: str) -> dict[str, Any]:
        return cast("dict[str, Any]", self.call("POST", f"/jobs/{job}/{how}"))
