"""The worker: a thread that runs the jobs of the queue, with one model that stays loaded."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from editor_plugin.core.checks import sentences
from editor_plugin.core.errors import (
    Cancelled,
    InnerError,
    ModelNotFetched,
    RecueError,
    StoreDamaged,
)
from editor_plugin.core.jobs.events import (
    Emit,
    Event,
    InputFailed,
    InputFinished,
    Note,
    StageProgress,
    StateChanged,
    Words,
    event_to_wire,
)
from editor_plugin.core.jobs.status import (
    CANCELLED,
    DONE,
    FAILED,
    FINAL_STATES,
    PAUSED,
    QUEUED,
    RUNNING,
)
from editor_plugin.core.timing import MILLISECONDS
from editor_plugin.engine import gc_tuning
from editor_plugin.engine.jobs.feed import MODELS, Feed
from editor_plugin.engine.jobs.kept_result import rest_of
from editor_plugin.engine.jobs.plan import Plan
from editor_plugin.engine.jobs.progress import JobProgress
from editor_plugin.engine.jobs.queue import JobQueue, QueuedJob
from editor_plugin.engine.jobs.run import RunResources, transcribe
from editor_plugin.engine.jobs.settings import RunSettings, run_settings
from editor_plugin.engine.jobs.writing import FinishedInput
from editor_plugin.engine.log import LOG
from editor_plugin.engine.models.keeper import ModelKeeper
from editor_plugin.engine.settings import UserSettings

IDLE_SECONDS = 5.0
MOST_REPAIRS = 2
"""How often a store is repaired that is damaged again at once, as by a broken disk."""


class Worker:
    """A thread that runs one job at a time. `repair` repairs a damaged store and returns notes for
    the user; the job then begins again, once."""

    def __init__(
        self,
        engine: RunResources,
        queue: JobQueue,
        feed: Feed,
        models: ModelKeeper,
        own_settings: Callable[[], UserSettings],
        repair: Callable[[], tuple[str, ...]],
    ) -> None:
        self._engine = engine
        self._queue = queue
        self._feed = feed
        self._models = models
        self._own_settings = own_settings
        self._repair = repair
        self._wake = threading.Condition()
        self._ending = False
        self._current: int | None = None
        self._cancel = threading.Event()
        self._then = CANCELLED
        self._progress: dict[int, JobProgress] = {}
        self._unsaved: dict[int, tuple[str, RecueError | None]] = {}
        self._damaged = False
        self._repairs = 0
        self.notes: tuple[str, ...] = ()
        """Notes for the user on a store that was repaired between jobs."""
        self._thread = threading.Thread(target=self._loop, name="jobs", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Look for a job."""
        with self._wake:
            self._wake.notify_all()

    def request_repair(self) -> None:
        """Repair the store, which is damaged, after the running job."""
        with self._wake:
            self._damaged = True
            self._wake.notify_all()

    def stop(self) -> None:
        """Stop the running job after its current window, and put it back into the queue."""
        with self._wake:
            self._ending = True
            if self._current is not None:
                self._then = QUEUED
                self._cancel.set()
            self._wake.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def end(self, job: int, state: str) -> None:
        """Set a job to `cancelled` or `paused`: at once where it waits, after the current window
        where it runs. A finished job stays as it is. Raises JobUnknown."""
        with self._wake:
            if job == self._current:
                self._then = state
                self._cancel.set()
                return
            if self._queue.standing(job)[0] in FINAL_STATES:
                return
            self._queue.set_state(job, state)
        self._emit_state(job, None, state)

    def resume(self, job: int) -> None:
        """Put a job that is paused, or about to be, back into the queue, at its old place. Raises
        JobUnknown."""
        with self._wake:
            if job == self._current:
                self._then = QUEUED if self._then == PAUSED else self._then
            elif self._queue.standing(job)[0] == PAUSED:
                self._queue.resume(job)
                self._wake.notify_all()

    def keep_ended(self) -> None:
        """Store final states that could not be stored before. Raises what the store raises, such as
        DiskFull."""
        with self._wake:
            self._save()

    def ended(self, job: int) -> tuple[str, RecueError | None] | None:
        """The final state of a job that could not be stored yet."""
        return self._unsaved.get(job)

    def progress(self, job: int) -> JobProgress | None:
        """The progress of a job that this engine runs or has run."""
        return self._progress.get(job)

    def _loop(self) -> None:
        while (job := self._take()) is not None:
            state, error = self._ended(job)
            with self._wake:
                self._current = None
                self._unsaved[job.id] = (state, error)
                try:
                    self._save()
                except RecueError as trouble:  # a full disk? tried again before the next job
                    LOG.error("job %d ended as %s, not kept: %s", job.id, state, trouble)
            self._emit_state(job.id, error, state)
            self._feed.mark(*MODELS)  # the speed of its model was measured

    def _take(self) -> QueuedJob | None:
        worked = True
        with self._wake:
            while not self._ending:
                job = self._next() or (self._next() if self._damaged else None)
                if job is not None:
                    self._current, self._then = job.id, CANCELLED
                    self._cancel = threading.Event()
                    return job
                if not self._wake.wait(IDLE_SECONDS) and worked:
                    worked = False
                    gc_tuning.now()
        return None

    def _next(self) -> QueuedJob | None:
        try:
            if self._damaged or self._engine.store.database.is_damaged:
                self._damaged = False
                self._repairs += 1
                self.notes += self._repair()
            self._save()
            job = self._queue.next(partial(self._emit_state, state=FAILED))
            self._repairs = 0
            return job
        except RecueError as trouble:
            if isinstance(trouble, StoreDamaged):
                self._damaged = self._repairs < MOST_REPAIRS
            LOG.error("the queue cannot be read: %s", trouble)
        except Exception:  # whatever it is, the thread of all jobs must not end by it
            LOG.exception("the queue cannot be read")
        return None

    def _save(self) -> None:
        """Store final states. Raises what the store raises."""
        for job, (state, error) in list(self._unsaved.items()):
            self._queue.set_state(job, state, error)
            del self._unsaved[job]

    def _ended(self, job: QueuedJob) -> tuple[str, RecueError | None]:
        """Run a job; return its final state."""
        try:
            self._emit_state(job.id, None, RUNNING)
            try:
                good = self._do(job)
            except StoreDamaged:
                notes = self._repair()
                self._queue.complete(job)
                good = self._do(job, notes)
            return (DONE if good else FAILED), None
        except Cancelled:
            return self._then, None
        except RecueError as error:
            return FAILED, error
        except Exception:
            LOG.exception("job %d", job.id)
            return FAILED, InnerError()

    def _do(self, job: QueuedJob, notes: tuple[str, ...] = ()) -> bool:
        orders = job.request.orders
        self._progress[job.id] = JobProgress([order.input for order in orders])
        for sentence in notes:
            self._emit(job.id, Note(None, sentence))

        def emit(event: Event) -> None:
            self._emit(job.id, event)

        settings = self._settings(job, emit)
        record = _Record(self._queue, job, settings)
        with self._models.using(settings.model.path):
            return transcribe(self._engine, orders, settings, emit, self._cancel, record)

    def _settings(self, job: QueuedJob, emit: Emit) -> RunSettings:
        """The settings of a job; waits for its model where that is being fetched. Raises as
        `run_settings`, and Cancelled."""
        options = job.request.options
        try:
            return run_settings(options, self._own_settings())
        except ModelNotFetched as missing:
            if not self._models.is_coming(missing.data["name"]):
                raise
            name = missing.data["name"]
            emit(Note(None, f"The model “{name}” is being fetched; the job begins after that."))
            self._models.wait(name, self._cancel)
            return run_settings(options, self._own_settings())

    def _emit(self, job: int, event: Event) -> None:
        if self._queue.is_cancelled(job):  # by a command that could not reach this engine
            self._cancel.set()
        progress = self._progress[job]
        progress.take(event)
        wire = event_to_wire(event)
        if isinstance(event, StageProgress):
            wire.update(percent=round(100 * progress.share, 1), seconds_left=progress.seconds_left)
        if isinstance(event, Words | Note):  # of two inputs with one path, too
            wire["input_number"] = None if event.input is None else progress.current
        if isinstance(event, InputFinished | InputFailed):
            self._queue.keep_input(job, progress.current, progress.inputs[progress.current])
        self._feed.emit(job, wire)

    def _emit_state(self, job: int, error: RecueError | None, state: str) -> None:
        self._feed.emit(job, event_to_wire(StateChanged(state, error)))


@dataclass(frozen=True)
class _Record:
    """The RunRecord of a job in the queue."""

    queue: JobQueue
    job: QueuedJob
    settings: RunSettings

    def is_done(self, number: int) -> bool:
        return self.queue.inputs(self.job.id)[number].state == DONE

    def plan(self, number: int) -> Plan:
        return self.queue.plan(self.job.id, number)

    def keep_plan(self, number: int, plan: Plan) -> None:
        self.queue.keep_plan(self.job.id, number, plan)

    def keep_result(self, number: int, built: FinishedInput) -> None:
        result = built.result
        findings: tuple[str, ...] = ()
        if self.job.request.orders[number].timeline is not None:
            rate = result.rate or MILLISECONDS
            findings = sentences(result.cues, self.settings.style, rate)
        shown, rest = built.job_result(findings), rest_of(result)
        self.queue.keep_result(self.job.id, number, shown, built.made, rest)
