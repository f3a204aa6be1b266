"""A client that follows one job of the engine in short steps: an editor's timer calls `step`,
which never waits longer than its transport does.

client = JobClient(transport, snapshot_request(timeline, options))
while not client.step(): …
client.result
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from editor_plugin.core.cues import Cue
from editor_plugin.core.errors import Cancelled, EngineUnreachable, RecueError
from editor_plugin.core.jobs.request import (
    InputOptions,
    JobOptions,
    JobRequest,
    Order,
    request_to_wire,
)
from editor_plugin.core.jobs.result import JobResult, result_from_wire
from editor_plugin.core.jobs.status import (
    CANCELLED,
    DONE,
    FAILED,
    JobStatus,
    first_error,
    status_from_wire,
)
from editor_plugin.core.timeline import Span, Timeline

MOST_FAILURES = 8
"""Calls in a row that may find no engine before the job is given up."""
STATUS_SECONDS, CALL_SECONDS = 1.0, 30.0
"""How long an answer may take: while a status is awaited, an editor's interface may stand still."""


class Transport(Protocol):
    """The way to the engine, for one call at a time."""

    def send(self, method: str, path: str, body: object = None, seconds: float = 30.0) -> None:
        """Begin a call of docs/design/engine.md; its answer may take `seconds`."""

    def receive(self) -> Any:
        """The JSON of the answer; None as long as there is none. Raises the engine's own error, and
        EngineUnreachable where it is gone: the call may then be made again."""


class EngineCalls(Protocol):
    """A connection as editor_plugin.client has it, whose calls wait for their answer."""

    def call(self, method: str, path: str, body: Any = None, timeout: float = 30.0) -> Any:
        """Make a call; return the JSON of its answer."""


class EngineTransport:
    """The transport of editors that may wait for an answer. `connect` returns a function, which is
    called until it returns an engine; after a failure `connect` is called again."""

    def __init__(self, connect: Callable[[], Callable[[], EngineCalls | None]]) -> None:
        self._connect = connect
        self._open = connect()
        self._engine: EngineCalls | None = None
        self._call: tuple[str, str, object, float] | None = None

    def send(self, method: str, path: str, body: object = None, seconds: float = 30.0) -> None:
        """Keep the call; `receive` makes it."""
        self._call = method, path, body, seconds

    def receive(self) -> Any:
        """Look for the engine, or make the call."""
        if self._engine is None:
            self._engine = self._open()
            return None
        if self._call is None:
            return None
        try:
            return self._engine.call(*self._call)
        except EngineUnreachable:
            self._engine, self._open = None, self._connect()
            raise


class JobClient:
    """One job, from its request to its result; `status` is None until the engine has the job."""

    def __init__(
        self,
        transport: Transport,
        request: JobRequest,
        poll_seconds: float = 0.0,
        with_result: bool = True,
    ) -> None:
        """`poll_seconds` is the least time between two questions for the status. Without the result
        the job is done as soon as its status is."""
        self.job: int | None = None
        self.status: JobStatus | None = None
        self.result: JobResult | None = None
        self._transport = transport
        self._request = request
        self._poll_seconds = poll_seconds
        self._with_result = with_result
        self._then: Callable[[Any], bool] | None = None
        self._status_at = 0.0
        self._failures = 0
        self._is_cancelled = self._is_cancel_sent = False

    @property
    def is_calling(self) -> bool:
        """Whether an answer is awaited."""
        return self._then is not None

    def step(self) -> bool:
        """Make the next call, or look for its answer; return whether the job is done.

        Raises the job's error, Cancelled, and what the transport raises. Where the engine is gone,
        the call is made again: the job is in its store, and another engine goes on with it.
        """
        if self._is_cancelled and self.job is None and self._then is None:
            raise Cancelled
        if self._then is None and not self._begin():
            return False
        try:
            answer = self._transport.receive()
        except EngineUnreachable:
            self._failures += 1
            self._then = None
            if self._failures >= MOST_FAILURES:
                raise
            return False
        if answer is None:
            return False
        then, self._then, self._failures = self._then, None, 0
        return then is not None and then(answer)

    def cancel(self) -> None:
        """Ask for the job's end; `step` raises Cancelled once it has ended."""
        self._is_cancelled = True

    @property
    def is_cancelled(self) -> bool:
        """Whether the job was cancelled here, and the engine does not know it yet."""
        return self._is_cancelled and not self._is_cancel_sent

    def abandon(self) -> None:
        """End a job that its user leaves half-way; the engine keeps what was recognised."""
        if self.job is not None and not self._is_cancel_sent:
            with contextlib.suppress(RecueError):  # the engine is gone, and the job with it
                self._transport.send("POST", f"/jobs/{self.job}/cancel")
                self._transport.receive()

    def _begin(self) -> bool:
        """Make the next call, if one is due."""
        path = f"/jobs/{self.job}"
        if self.job is None:
            self._ask(self._submitted, "POST", "/jobs", request_to_wire(self._request))
        elif self._is_cancelled and not self._is_cancel_sent:
            self._ask(self._cancel_taken, "POST", f"{path}/cancel")
        elif self.status is not None and self.status.state == DONE:
            self._ask(self._received, "GET", f"{path}/results/0")
        elif time.monotonic() >= self._status_at:
            self._status_at = time.monotonic() + self._poll_seconds
            self._ask(self._told, "GET", path, seconds=STATUS_SECONDS)
        return self._then is not None

    def _ask(
        self,
        then: Callable[[Any], bool],
        method: str,
        path: str,
        body: object = None,
        seconds: float = CALL_SECONDS,
    ) -> None:
        self._transport.send(method, path, body, seconds)
        self._then = then

    def _submitted(self, answer: Any) -> bool:
        self.job = int(answer["job"])
        return False

    def _cancel_taken(self, answer: Any) -> bool:
        self._is_cancel_sent = True
        return self._told(answer)

    def _told(self, answer: Any) -> bool:
        self.status = status_from_wire(answer)
        if self.status.state == FAILED:
            raise first_error(self.status)
        if self.status.state == CANCELLED:
            raise Cancelled
        return self.status.state == DONE and not self._with_result

    def _received(self, answer: Any) -> bool:
        self.result = result_from_wire(answer)
        return True


def snapshot_request(
    timeline: Timeline, options: JobOptions, span: Span | None = None
) -> JobRequest:
    """The request that makes subtitles of a snapshot, or of a span of it in record time."""
    edges = None if span is None else (f"{float(span.start):.9f}", f"{float(span.end):.9f}")
    # A snapshot is no file: its name stands where a file's would.
    order = Order(Path(timeline.name), (), InputOptions(edges), timeline)
    return JobRequest((order,), options)


def correction_body(cues: tuple[Cue, ...], job: int) -> dict[str, Any]:
    """The body of POST /corrections for subtitles of a job that somebody edited."""
    edited = [{"start": str(c.start), "end": str(c.end), "text": c.text} for c in cues]
    return {"cues": edited, "of": {"job": job, "input": 0}}
