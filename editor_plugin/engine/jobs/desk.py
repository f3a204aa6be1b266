"""The queue, and who does it, as one: what the service and the command line talk to."""

from __future__ import annotations

from typing import Any

from editor_plugin.engine.jobs.progress import JobProgress, untold
from editor_plugin.engine.jobs.queue import FINAL, Job, Queue
from editor_plugin.engine.jobs.worker import Worker


class JobDesk:
    """The queue, with the worker that does it: what the service and the command line talk to."""

    def __init__(self, jobs: Queue, worker: Worker, notes: tuple[str, ...]) -> None:
        self._jobs = jobs
        self._worker = worker
        self._notes = notes

    def add(self, request: dict[str, Any], first: bool = False) -> int:
        """Add a job. Raises what is wrong with the request."""
        job = self._jobs.add(request, first)
        self._worker.wake()
        return job

    def status(self, job: int) -> dict[str, Any]:
        """How a job stands, as docs/design/engine.md has it. Raises JobUnknown."""
        found, progress = self._jobs.job(job), self._worker.progress(job)
        runs = found.state == "running" and progress is not None
        whole = 100.0 if found.state == "done" else _percent(progress)
        return {
            "job": job,
            "state": found.state,
            "percent": whole,
            "seconds_left": progress.seconds_left if progress is not None and runs else None,
            "inputs": self._inputs(found, progress),
            "error": found.error,
            "notes": [*self._notes, *(progress.notes if progress is not None else ())],
        }

    def _inputs(self, job: Job, progress: JobProgress | None) -> list[dict[str, Any]]:
        inputs = []
        for number, (order, told) in enumerate(
            zip(job.orders, self._jobs.inputs(job.id), strict=True)
        ):
            status = untold(order.input)
            percent = 0.0
            if progress is not None:
                status |= progress.inputs[number]
                percent = progress.percent(number)
            status |= told
            if told["state"] in FINAL:
                percent = 100.0
            elif job.state == "running" and progress is not None and progress.current == number:
                status["state"] = "running"
            inputs.append({**status, "percent": percent})
        return inputs

    def all(self) -> list[dict[str, Any]]:
        """Every job: those not ended in the order of the queue, then the ended, newest first."""
        return [self.status(job) for job in self._jobs.numbers()]

    def result(self, job: int, number: int) -> dict[str, Any]:
        """The subtitles of an input. Raises JobUnknown."""
        return self._jobs.result(job, number)

    def made(self, job: int, number: int) -> bytes | None:
        """What the subtitles of an input were made of, for corrections; None where none are."""
        return self._jobs.made(job, number)

    def cancel(self, job: int) -> None:
        """Stop a job; what is finished is kept."""
        self._jobs.job(job)
        self._worker.end(job, "cancelled")

    def pause(self, job: int) -> None:
        """Stop a job until it is resumed."""
        self._jobs.job(job)
        self._worker.end(job, "paused")

    def resume(self, job: int) -> None:
        """Put a paused job back into the queue, at its old place."""
        if self._jobs.job(job).state == "paused":
            self._jobs.set_state(job, "queued")
            self._worker.wake()

    def first(self, job: int) -> None:
        """Let a waiting job be the next one."""
        self._jobs.job(job)
        self._jobs.put_first(job)


def _percent(progress: JobProgress | None) -> float:
    return 0.0 if progress is None else round(100 * progress.share, 1)
