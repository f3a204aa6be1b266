"""The queue, and who does it, as one: what the service and the command line talk to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from editor_plugin.core.errors import JobUnknown, StoreDamaged
from editor_plugin.engine.jobs.progress import JobProgress, untold
from editor_plugin.engine.jobs.queue import FINAL, JobQueue
from editor_plugin.engine.jobs.worker import Worker


class JobService:
    """The queue, with the worker that does it: what the service and the command line talk to."""

    def __init__(self, jobs: JobQueue, worker: Worker, notes: tuple[str, ...]) -> None:
        self._jobs = jobs
        self._worker = worker
        self._notes = notes

    def add(self, request: dict[str, Any], first: bool = False) -> int:
        """Add a job. Raises what is wrong with the request."""
        with self._noticed():
            self._worker.keep_ended()
            job = self._jobs.add(request, first)
        self._worker.wake()
        return job

    def status(self, job: int) -> dict[str, Any]:
        """How a job stands, as docs/design/engine.md has it. Raises JobUnknown."""
        with self._noticed():
            return self._status(job)

    def _status(self, job: int) -> dict[str, Any]:
        (state, error), progress = self._standing(job), self._worker.progress(job)
        runs = state == "running"
        left = progress.seconds_left if progress is not None and runs else None
        told = progress.notes if progress is not None else ()
        return {
            "job": job,
            "state": state,
            "percent": 100.0 if state == "done" else _percent(progress),
            "seconds_left": left,
            "inputs": self._inputs(job, progress if runs else None),
            "error": error,
            "notes": [*self._notes, *self._worker.notes, *told],
        }

    def _standing(self, job: int) -> tuple[str, dict[str, Any] | None]:
        """How a job stands, and how it ended where the disk was too full to keep that."""
        kept, ended = self._jobs.standing(job), self._worker.ended(job)
        if ended is None:
            return kept
        state, error = ended
        return state, None if error is None else error.to_wire()

    def _inputs(self, job: int, running: JobProgress | None) -> list[dict[str, Any]]:
        """What was told of each input: as it was kept, and of what runs as it is now."""
        inputs = []
        for number, kept in enumerate(self._jobs.inputs(job)):
            status = {**untold(kept["name"]), "percent": 100.0 if kept["state"] in FINAL else 0.0}
            if running is not None and kept["state"] not in FINAL:
                status |= running.inputs[number] | {"percent": running.percent(number)}
                kept["state"] = "running" if running.current == number else kept["state"]
            inputs.append({**status, **kept})
        return inputs

    def all(self) -> list[dict[str, Any]]:
        """Every job: those not ended in the order of the queue, then the ended, newest first."""
        found = []
        with self._noticed():
            for job in self._jobs.numbers():
                with suppress(JobUnknown):  # forgotten meanwhile
                    found.append(self._status(job))
        return found

    def result(self, job: int, number: int) -> dict[str, Any]:
        """The subtitles of an input. Raises JobUnknown."""
        with self._noticed():
            return self._jobs.result(job, number)

    def made(self, job: int, number: int) -> bytes | None:
        """What the subtitles of an input were made of, for corrections; None where none are."""
        return self._jobs.made(job, number)

    def cancel(self, job: int) -> None:
        """Stop a job; what is finished is kept."""
        self._jobs.standing(job)
        self._worker.end(job, "cancelled")

    def pause(self, job: int) -> None:
        """Stop a job until it is resumed."""
        self._jobs.standing(job)
        self._worker.end(job, "paused")

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
