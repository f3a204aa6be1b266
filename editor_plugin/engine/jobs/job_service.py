"""Jobs as the service and the command line see them: the queue together with its worker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from editor_plugin.core.errors import EngineBusy, JobUnknown, StoreDamaged
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
from editor_plugin.engine.export.result import Result
from editor_plugin.engine.jobs.feed import ORDER, Feed
from editor_plugin.engine.jobs.progress import JobProgress
from editor_plugin.engine.jobs.queue import JobQueue
from editor_plugin.engine.jobs.settings import check
from editor_plugin.engine.jobs.worker import Worker


@dataclass(frozen=True)
class JobService:
    """Adds, reports and steers jobs. Each method with a job's number raises JobUnknown."""

    jobs: JobQueue
    worker: Worker
    feed: Feed
    notes: tuple[str, ...]
    """Notes for the user on a store that was repaired when the engine started."""

    def add(self, request: JobRequest, first: bool = False) -> int:
        """Add a job, and return its number. Raises SettingsInvalid for impossible settings."""
        check(request)
        with self._repairing():
            self.worker.keep_ended()
            job = self.jobs.add(request, first)
        self.feed.mark("job", job)
        self.feed.mark(*ORDER)
        self.worker.wake()
        return job

    def request(self, job: int) -> JobRequest:
        """What a job was asked to do."""
        with self._repairing():
            return self.jobs.request(job)

    def status(self, job: int) -> JobStatus:
        """The status of a job."""
        with self._repairing():
            return self._status(job)

    def _status(self, job: int) -> JobStatus:
        state, error = self.worker.ended(job) or self.jobs.standing(job)
        progress = self.worker.progress(job)
        runs = state == RUNNING
        share = 1 if state == DONE else 0 if progress is None else progress.share
        return JobStatus(
            job,
            state,
            round(100.0 * share, 1),
            progress.seconds_left if progress is not None and runs else None,
            tuple(self._inputs(job, progress if runs else None)),
            error,
            (*self.notes, *self.worker.notes, *(progress.notes if progress is not None else ())),
        )

    def _inputs(self, job: int, running: JobProgress | None) -> Iterator[InputStatus]:
        """The status of each input: the stored one, or that of the running job."""
        for number, kept in enumerate(self.jobs.inputs(job)):
            if running is None or kept.state in FINAL_STATES:
                yield kept
            else:
                state = RUNNING if running.current == number else kept.state
                percent = running.percent(number)
                yield replace(running.inputs[number], state=state, percent=percent)

    def all(self) -> list[JobStatus]:
        """Every status: unfinished jobs in the queue's order, then the others, newest first."""
        found = []
        with self._repairing():
            for job in self.jobs.numbers():
                with suppress(JobUnknown):  # forgotten meanwhile
                    found.append(self._status(job))
        return found

    def numbers(self) -> list[int]:
        """Every job, in the same order."""
        with self._repairing():
            return self.jobs.numbers()

    def result(self, job: int, number: int) -> JobResult:
        """The subtitles of input `number`, from 0."""
        with self._repairing():
            return self.jobs.result(job, number)

    def whole(self, job: int, number: int) -> Result:
        """The result of an input, to be written in any format."""
        with self._repairing():
            return self.jobs.whole(job, number)

    def remove(self, job: int) -> None:
        """Take an ended job off the list. Raises EngineBusy where it has not ended."""
        with self._repairing():
            self.worker.keep_ended()
            if self.jobs.standing(job)[0] not in FINAL_STATES:
                raise EngineBusy(1)
            self.jobs.remove(job)
        self.feed.mark(*ORDER)

    def made(self, job: int, number: int) -> bytes | None:
        """The provenance of an input's subtitles, for corrections; None where there is none."""
        return self.jobs.made(job, number)

    def cancel(self, job: int) -> None:
        """Stop a job; finished windows are kept."""
        self.worker.end(job, CANCELLED)

    def pause(self, job: int) -> None:
        """Stop a job until it is resumed."""
        self.worker.end(job, PAUSED)

    def resume(self, job: int) -> None:
        """Put a paused job back into the queue, at its old place."""
        self.worker.resume(job)
        self.feed.mark("job", job)
        self.feed.mark(*ORDER)

    def first(self, job: int) -> None:
        """Make a waiting job the next one."""
        self.jobs.standing(job)
        self.jobs.put_first(job)
        self.feed.mark(*ORDER)

    @contextmanager
    def _repairing(self) -> Iterator[None]:
        """Have the worker repair a store that turns out to be damaged."""
        try:
            yield
        except StoreDamaged:
            self.worker.request_repair()
            raise
