"""The queue, and who does it, as one: what the service and the command line talk to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from editor_plugin.core.errors import JobUnknown, StoreDamaged
from editor_plugin.core.jobs.request import JobRequest
from editor_plugin.core.jobs.result import JobResult
from editor_plugin.core.jobs.status import (
    CANCELLED,
    DONE,
    FINAL_STATES,
    PAUSED,
    RUNNING,
    InputStatus,
    JobStatus,
)
from editor_plugin.engine.jobs.progress import JobProgress
from editor_plugin.engine.jobs.queue import JobQueue
from editor_plugin.engine.jobs.settings import check
from editor_plugin.engine.jobs.worker import Worker


class JobService:
    """The queue, with the worker that does it: what the service and the command line talk to."""

    def __init__(self, jobs: JobQueue, worker: Worker, notes: tuple[str, ...]) -> None:
        self._jobs = jobs
        self._worker = worker
        self._notes = notes

    def add(self, request: JobRequest, first: bool = False) -> int:
        """Add a job. Raises SettingsInvalid where it asks for what no run can do."""
        check(request)
        with self._noticed():
            self._worker.keep_ended()
            job = self._jobs.add(request, first)
        self._worker.wake()
        return job

    def status(self, job: int) -> JobStatus:
        """How a job stands. Raises JobUnknown."""
        with self._noticed():
            return self._status(job)

    def _status(self, job: int) -> JobStatus:
        state, error = self._worker.ended(job) or self._jobs.standing(job)
        progress = self._worker.progress(job)
        runs = state == RUNNING
        return JobStatus(
            job,
            state,
            100.0 if state == DONE else _percent(progress),
            progress.seconds_left if progress is not None and runs else None,
            tuple(self._inputs(job, progress if runs else None)),
            error,
            (*self._notes, *self._worker.notes, *(progress.notes if progress is not None else ())),
        )

    def _inputs(self, job: int, running: JobProgress | None) -> Iterator[InputStatus]:
        """How each input stands: as it was kept, and what runs as it is now."""
        for number, kept in enumerate(self._jobs.inputs(job)):
            if running is None or kept.state in FINAL_STATES:
                yield kept
            else:
                state = RUNNING if running.current == number else kept.state
                percent = running.percent(number)
                yield replace(running.inputs[number], state=state, percent=percent)

    def all(self) -> list[JobStatus]:
        """Every job: those not ended in the order of the queue, then the ended, newest first."""
        found = []
        with self._noticed():
            for job in self._jobs.numbers():
                with suppress(JobUnknown):  # forgotten meanwhile
                    found.append(self._status(job))
        return found

    def result(self, job: int, number: int) -> JobResult:
        """The subtitles of an input. Raises JobUnknown."""
        with self._noticed():
            return self._jobs.result(job, number)

    def made(self, job: int, number: int) -> bytes | None:
        """What the subtitles of an input were made of, for corrections; None where none are."""
        return self._jobs.made(job, number)

    def cancel(self, job: int) -> None:
        """Stop a job; what is finished is kept."""
        self._jobs.standing(job)
        self._worker.end(job, CANCELLED)

    def pause(self, job: int) -> None:
        """Stop a job until it is resumed."""
        self._jobs.standing(job)
        self._worker.end(job, PAUSED)

    def resume(self, job: int) -> None:
        """Put a paused job back into the queue, at its old place."""
        self._jobs.standing(job)
        self._worker.resume(job)

    def first(self, job: int) -> None:
        """Let a waiting job be the next one."""
        self._jobs.standing(job)
        self._jobs.put_first(job)

    @contextmanager
    def _noticed(self) -> Iterator[None]:
        """Have a store mended that turns out damaged here."""
        try:
            yield
        except StoreDamaged:
            self._worker.heal()
            raise


def _percent(progress: JobProgress | None) -> float:
    return 0.0 if progress is None else round(100 * progress.share, 1)
