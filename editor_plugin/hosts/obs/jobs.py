"""The jobs of the recordings in OBS, each followed in steps that never wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from editor_plugin.core.errors import Cancelled, InnerError, RecueError
from editor_plugin.core.jobs.request import JobRequest
from editor_plugin.core.printable import printable
from editor_plugin.hosts.job_client import JobClient
from editor_plugin.hosts.obs.engine_link import EngineLink, Engines

POLL_SECONDS = 0.5
MOST_ENDED = 5
"""Jobs that are shown after their end."""


@dataclass(frozen=True)
class RecordingJob:
    """A recording and its job; `error` is what ended it, if something did."""

    recording: Path
    client: JobClient
    has_ended: bool = False
    error: RecueError | None = None


class RecordingJobs:
    """All jobs of this OBS, in the order in which they were added. A timer calls `step`."""

    def __init__(self, engines: Engines, clock: Callable[[], float] = time.monotonic) -> None:
        self._link = EngineLink(engines, clock)
        self.all: tuple[RecordingJob, ...] = ()
        self._open_page: Callable[[str], None] | None = None
        self._is_page_asked = False

    @property
    def trouble(self) -> RecueError | None:
        """Why the engine cannot be reached at the moment; None where it can."""
        return self._link.trouble

    @property
    def unsent(self) -> tuple[Path, ...]:
        """Recordings that the engine has not taken yet; OBS must not forget them."""
        going = (each for each in self.all if not each.has_ended)
        return tuple(each.recording for each in going if each.client.job is None)

    @property
    def is_page_wanted(self) -> bool:
        """Whether the engine's page is to be opened as soon as an engine answers."""
        return self._open_page is not None

    def add(self, recording: Path, request: JobRequest) -> None:
        """Add a recording, unless its job is under way already."""
        if any(each.recording == recording and not each.has_ended for each in self.all):
            return
        rest = [each for each in self.all if each.recording != recording]
        ended = [each for each in rest if each.has_ended]
        old = ended[: max(0, len(ended) + 1 - MOST_ENDED)]
        client = JobClient(self._link, request, POLL_SECONDS, with_result=False)
        self.all = (*(each for each in rest if each not in old), RecordingJob(recording, client))
        self._link.hurry()

    def cancel(self) -> None:
        """Cancel all jobs that have not ended. The engine keeps what was recognised."""
        self.all = tuple(
            each for each in self.all if each.has_ended or each.client.job or each.client.is_calling
        )
        for each in self.all:
            each.client.cancel()

    def open_page(self, opened: Callable[[str], None]) -> None:
        """Call `opened` with the address of the engine's page, as soon as an engine answers."""
        self._open_page = opened
        self._link.hurry()

    def step(self) -> None:
        """Send or receive what can be at once; never waits and never raises."""
        if self._is_page_asked or (self.is_page_wanted and not self._calling):
            self._step_page()
        elif (each := self._calling or self._next()) is not None:
            self._step_job(each)

    def close(self) -> None:
        """Drop the call that is under way, if any."""
        self._link.close()

    @property
    def _calling(self) -> RecordingJob | None:
        return next((each for each in self.all if each.client.is_calling), None)

    def _next(self) -> RecordingJob | None:
        """The job to step next: a new one, else a cancelled one, else the first in the queue."""
        going = [each for each in self.all if not each.has_ended]
        new = [each for each in going if each.client.job is None]
        ending = [each for each in going if each.client.is_cancelled]
        return next(iter([*new, *ending, *going]), None)

    def _step_job(self, job: RecordingJob) -> None:
        try:
            if job.client.step():
                self._end(job, None)
        except Cancelled:
            self._end(job, None)
        except RecueError as error:
            self._end(job, error)
        except Exception as error:  # the other recordings go on
            text = f"{type(error).__name__} at {job.recording.name}: {error}"
            print(f"Recue: {printable(text)}")
            self._end(job, InnerError())

    def _end(self, job: RecordingJob, error: RecueError | None) -> None:
        ended = replace(job, has_ended=True, error=error)
        self.all = tuple(ended if each is job else each for each in self.all)

    def _step_page(self) -> None:
        """Ask the engine for a ticket, and open its page with it."""
        if not self._is_page_asked:
            self._link.send("POST", "/tickets")
            self._is_page_asked = True
        try:
            answer = self._link.receive()
        except RecueError:
            answer = None
        if answer is not None and self._open_page is not None:
            self._open_page(self._link.page(str(answer["ticket"])))
            self._open_page, self._is_page_asked = None, False
