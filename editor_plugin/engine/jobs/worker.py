"""Does the jobs of the queue, one after the other, with one model that stays loaded."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from editor_plugin.core.checks import sentences
from editor_plugin.core.errors import Cancelled, RecueError, Remedies, StoreDamaged
from editor_plugin.core.jobs.events import (
    Event,
    InputFailed,
    InputFinished,
    Note,
    StageProgress,
    StateChanged,
    event_to_wire,
)
from editor_plugin.core.jobs.request import Order
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
from editor_plugin.engine.jobs.feed import Feed
from editor_plugin.engine.jobs.plan import Plan
from editor_plugin.engine.jobs.progress import JobProgress
from editor_plugin.engine.jobs.queue import JobQueue, QueuedJob
from editor_plugin.engine.jobs.run import RunResources, transcribe
from editor_plugin.engine.jobs.settings import RunSettings, run_settings
from editor_plugin.engine.jobs.writing import Built
from editor_plugin.engine.log import LOG
from editor_plugin.engine.settings import UserSettings

IDLE_SECONDS = 5.0
WRONG_INSIDE = "Something went wrong inside Recue."
SEND_LOG = Remedies(
    "Please send us its log; recue doctor tells where it is.", "Please send us its log."
)

MENDINGS = 2
"""So often a store is mended that is damaged again at once: the disk is broken then."""


class Worker:
    """A thread that does one job at a time. `mend` is called where the store turns out damaged; it
    returns what the user should know, and the job begins again once."""

    def __init__(
        self,
        engine: RunResources,
        queue: JobQueue,
        feed: Feed,
        own_settings: Callable[[], UserSettings],
        mend: Callable[[], tuple[str, ...]],
    ) -> None:
        self._engine = engine
        self._queue = queue
        self._feed = feed
        self._own_settings = own_settings
        self._mend = mend
        self._wake = threading.Condition()
        self._ending = False
        self._current: int | None = None
        self._cancel = threading.Event()
        self._then = CANCELLED
        self._progress: dict[int, JobProgress] = {}
        self._unsaved: dict[int, tuple[str, RecueError | None]] = {}
        self._damaged = False
        self._mended_in_vain = 0
        self.notes: tuple[str, ...] = ()
        """What the user should know of a store that was mended between jobs."""
        self._thread = threading.Thread(target=self._loop, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin with the job whose turn it is."""
        self._thread.start()

    def wake(self) -> None:
        """There may be a job to do."""
        with self._wake:
            self._wake.notify_all()

    def heal(self) -> None:
        """The store is damaged: have it mended, after the job in work."""
        with self._wake:
            self._damaged = True
            self._wake.notify_all()

    def stop(self) -> None:
        """End the job in work after the window in work, and put it back into the queue."""
        with self._wake:
            self._ending = True
            if self._current is not None:
                self._then = QUEUED
                self._cancel.set()
            self._wake.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def end(self, job: int, state: str) -> None:
        """Let a job be `cancelled` or `paused`: at once where it waits, after the window in work
        where it runs. One that ended stays as it is."""
        with self._wake:
            if job == self._current:
                self._then = state
                self._cancel.set()
                return
            if self._queue.standing(job)[0] in FINAL_STATES:
                return
            self._queue.set_state(job, state)
        self._emit_state(job, state, None)

    def resume(self, job: int) -> None:
        """Put a paused job back into the queue, at its old place; one that is about to be paused,
        too."""
        with self._wake:
            if job == self._current:
                self._then = QUEUED if self._then == PAUSED else self._then
            elif self._queue.standing(job)[0] == PAUSED:
                self._queue.set_state(job, QUEUED)
                self._wake.notify_all()

    def keep_ended(self) -> None:
        """Keep how jobs have ended, where that could not be done then. Raises what the store
        raises, as where the disk is still full."""
        with self._wake:
            self._save()

    def ended(self, job: int) -> tuple[str, RecueError | None] | None:
        """How a job has ended that the store does not know of yet."""
        return self._unsaved.get(job)

    def progress(self, job: int) -> JobProgress | None:
        """How far a job is that this engine has had in work."""
        return self._progress.get(job)

    def _loop(self) -> None:
        while (job := self._take()) is not None:
            state, error = self._ended(job)
            with self._wake:
                self._current = None
                self._unsaved[job.id] = (state, error)
                try:
                    self._save()
                except RecueError as trouble:  # a full disk: tried again before the next job
                    LOG.error("job %d ended as %s, not kept: %s", job.id, state, trouble)
            self._emit_state(job.id, state, error)

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
            if self._damaged:
                self._damaged = False
                self._mended_in_vain += 1
                self.notes += self._mend()
            self._save()
            job = self._queue.next()
            self._mended_in_vain = 0
            return job
        except StoreDamaged as trouble:
            self._damaged = self._mended_in_vain < MENDINGS
            LOG.error("the queue cannot be read: %s", trouble)
        except RecueError as trouble:
            LOG.error("the queue cannot be read: %s", trouble)
        return None

    def _save(self) -> None:
        """Keep how jobs have ended. Raises what the store raises."""
        for job, (state, error) in list(self._unsaved.items()):
            self._queue.set_state(job, state, error)
            del self._unsaved[job]

    def _ended(self, job: QueuedJob) -> tuple[str, RecueError | None]:
        """Do a job; return the state that it ends in."""
        try:
            self._emit_state(job.id, RUNNING, None)
            try:
                good = self._do(job)
            except StoreDamaged:
                notes = self._mend()
                self._queue.mend(job)
                good = self._do(job, notes)
            return (DONE if good else FAILED), None
        except Cancelled:
            return self._then, None
        except RecueError as error:
            return FAILED, error
        except Exception:
            LOG.exception("job %d", job.id)
            return FAILED, RecueError(WRONG_INSIDE, SEND_LOG)

    def _do(self, job: QueuedJob, notes: tuple[str, ...] = ()) -> bool:
        orders = job.request.orders
        self._progress[job.id] = JobProgress([order.input for order in orders])
        for sentence in notes:
            self._emit(job.id, Note(None, sentence))
        settings = run_settings(job.request.options, self._own_settings())
        record = _Record(self._queue, job.id, orders, settings)

        def emit(event: Event) -> None:
            self._emit(job.id, event)

        return transcribe(self._engine, orders, settings, emit, self._cancel, record)

    def _emit(self, job: int, event: Event) -> None:
        progress = self._progress[job]
        progress.take(event)
        wire = event_to_wire(event)
        if isinstance(event, StageProgress):
            wire.update(percent=round(100 * progress.share, 1), seconds_left=progress.seconds_left)
        if isinstance(event, InputFinished | InputFailed):
            self._queue.keep_input(job, progress.current, progress.inputs[progress.current])
        self._feed.emit(job, wire)

    def _emit_state(self, job: int, state: str, error: RecueError | None) -> None:
        self._feed.emit(job, event_to_wire(StateChanged(state, error)))


class _Record:
    """What a run leaves in the queue."""

    def __init__(
        self, queue: JobQueue, job: int, orders: Sequence[Order], settings: RunSettings
    ) -> None:
        self._queue = queue
        self._job = job
        self._orders = orders
        self._settings = settings

    def plan(self, number: int) -> Plan:
        return self._queue.plan(self._job, number)

    def keep_plan(self, number: int, plan: Plan) -> None:
        self._queue.keep_plan(self._job, number, plan)

    def keep_result(self, number: int, built: Built) -> None:
        result = built.result
        findings: tuple[str, ...] = ()
        if self._orders[number].timeline is not None:
            rate = result.rate or MILLISECONDS
            findings = sentences(result.cues, self._settings.style, rate)
        self._queue.keep_result(self._job, number, built.job_result(findings), built.made)
