"""The protocols through which the service uses the engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from editor_plugin.core.jobs.request import JobRequest
from editor_plugin.core.jobs.result import JobResult
from editor_plugin.core.jobs.status import JobStatus
from editor_plugin.engine.store import Store
from editor_plugin.engine.uploads import Uploads

Wire = dict[str, Any]
"""A JSON object of docs/design/engine.md."""


class JobsPort(Protocol):
    """The jobs. Every method may be called from any thread, and raises RecueError's children."""

    def add(self, request: JobRequest, /) -> int:
        """Put a request at the end of the queue; return the number of its job."""

    def status(self, job: int, /) -> JobStatus:
        """The status of a job. This and all below raise JobUnknown."""

    def all(self) -> list[JobStatus]:
        """Every status, in the order of the queue, then the ended ones, newest first."""

    def cancel(self, job: int, /) -> None:
        """End a job."""

    def pause(self, job: int, /) -> None:
        """Let a job rest after the window in work."""

    def resume(self, job: int, /) -> None:
        """Let a paused job go on."""

    def first(self, job: int, /) -> None:
        """Put a job in front of all others."""

    def result(self, job: int, number: int, /) -> JobResult:
        """The result of input `number`, from 0."""

    def made(self, job: int, number: int, /) -> bytes | None:
        """What the subtitles of input `number` were made of, for corrections; None without any."""


class FeedPort(Protocol):
    """The events of the jobs. The ids of a job's events grow, as long as the engine lives."""

    def since(self, job: int, after: int, /) -> list[Wire]:
        """The events of a job with an id above `after`, oldest first."""

    def subscribe(self, callback: Callable[[int], None], /) -> Callable[[], None]:
        """Have `callback` called with a job's number, from any thread, whenever it has news;
        returns what ends that. The callback returns at once and never raises."""


class EnginePort(Protocol):
    """An engine: whoever holds the lock."""

    @property
    def queue(self) -> JobsPort:
        """Its jobs."""

    @property
    def feed(self) -> FeedPort:
        """Their news."""

    @property
    def store(self) -> Store:
        """What lasts."""

    @property
    def data(self) -> Path:
        """The data folder, in which it announces itself."""

    @property
    def uploads(self) -> Uploads:
        """Timeline files that the page handed over."""

    @property
    def idle(self) -> bool:
        """Whether no job waits for its turn or is in work."""

    def stop(self) -> None:
        """Ask it to end after the window in work; returns at once."""
