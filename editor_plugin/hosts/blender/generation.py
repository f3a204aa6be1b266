"""Generates subtitles in Blender, in steps that never wait longer than a second."""

from __future__ import annotations

from typing import Any

from editor_plugin.core.errors import Cancelled, EngineUnreachable, RecueError, Surface
from editor_plugin.core.jobs.request import JobOptions
from editor_plugin.core.jobs.status import count, progress_text
from editor_plugin.hosts.blender.host import BlenderHost
from editor_plugin.hosts.job_client import (
    EngineTransport,
    JobClient,
    correction_body,
    snapshot_request,
)
from editor_plugin.hosts.placed import Placed


class Generation:
    """Submits the edits and the timeline, follows the job, places the result.

    `client` is editor_plugin.client. Raises RecueError from `step` where it fails; what was
    recognised is kept by the engine.
    """

    def __init__(self, client: Any, host: BlenderHost, options: JobOptions) -> None:
        self._host = host
        self._timeline = host.snapshot()
        self._edited = host.edits()
        self._transport = EngineTransport(lambda: client.Opening().poll)
        request = snapshot_request(self._timeline, options, host.scope.span)
        self._client = JobClient(self._transport, request)
        self._sentences: list[str] = []
        self._is_cancelled = False

    @property
    def percent(self) -> float:
        """How far the job is, 0 to 100."""
        return 0.0 if self._client.status is None else self._client.status.percent

    @property
    def text(self) -> str:
        """The current activity, and the time left where it is known."""
        if self._is_cancelled:
            return "Stopping"
        status = self._client.status
        return "Starting Recue’s engine" if status is None else progress_text(status)

    def step(self) -> Placed | None:
        """Do the next step; return the result of placing once all is done."""
        if self._is_cancelled and self._client.job is None:
            raise Cancelled
        if self._edited:
            self._hand_over()
            return None
        return self._place() if self._client.step() else None

    def cancel(self) -> None:
        """Ask the engine to end the job; `step` raises Cancelled when it has."""
        self._is_cancelled = True
        self._client.cancel()

    def _hand_over(self) -> None:
        """Submit edits as corrections; those that cannot be kept become the user's own strips."""
        edited = self._edited[0]
        try:
            self._transport.send("POST", "/corrections", correction_body(edited.cues, edited.job))
            answer = self._transport.receive()
            if answer is None:
                return
            self._sentences += [str(each) for each in answer["sentences"]]
        except EngineUnreachable:
            raise
        except RecueError as error:
            kept = self._host.let_go(edited.strips)
            what = "A subtitle that you edited is" if kept == 1 else f"{kept} edited subtitles are"
            why = error.sentence(Surface.EDITOR)
            self._sentences.append(
                f"{what} now your own, as Recue cannot keep the correction: {why}"
            )
        self._edited = self._edited[1:]

    def _place(self) -> Placed:
        status, result = self._client.status, self._client.result
        assert status is not None and result is not None
        is_changed = self._host.snapshot() != self._timeline
        placed = self._host.place(result)
        self._host.remember(status.job)
        sentences = list(placed.sentences)
        if is_changed:
            sentences.append("The timeline was changed meanwhile: refresh the subtitles.")
        seconds = round(sum(each.recognised or 0 for each in status.inputs))
        sentences.append(
            f"{count(seconds, 'second')} of sound recognised."
            if seconds
            else "All of the sound had been recognised before."
        )
        sentences += [*self._sentences, *status.all_notes, *result.findings]
        return Placed(placed.verified, tuple(dict.fromkeys(sentences)))
