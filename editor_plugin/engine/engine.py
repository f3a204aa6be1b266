"""The engine of one user: it holds the lock, and owns the store, the queue and the model.

with Engine(data_folder(), work_folder(), recogniser) as engine:
    job = engine.queue.add(request)
    engine.feed.wait(job, after=0, timeout=1.0)
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from editor_plugin.core.errors import (
    EngineRunning,
    RecueError,
    StoreDamaged,
    Surface,
)
from editor_plugin.engine import gc_tuning
from editor_plugin.engine.doctor import Diagnosis, findings
from editor_plugin.engine.jobs.feed import Feed, ids_from_now
from editor_plugin.engine.jobs.job_service import JobService
from editor_plugin.engine.jobs.queue import JobQueue
from editor_plugin.engine.jobs.run import CHUNKS, RunResources
from editor_plugin.engine.jobs.worker import Worker
from editor_plugin.engine.models.keeper import ModelKeeper
from editor_plugin.engine.recognition.recogniser import Recogniser
from editor_plugin.engine.search import Indexer
from editor_plugin.engine.settings_file import SettingsFile
from editor_plugin.engine.state import EngineState, Topic
from editor_plugin.engine.store import Database, Store, opened
from editor_plugin.engine.store.database import BUSY_SECONDS
from editor_plugin.engine.store.repair import repaired
from editor_plugin.engine.uploads import Uploads
from editor_plugin.engine.watching import Watches
from editor_plugin.engine.watching.watch_list import read_list

STORE = "transcripts.sqlite"
LOCK = "engine.lock"


class Engine:
    """An open engine, to be used as a context manager. Raises EngineRunning where another one runs,
    and what the store raises. `busy_seconds` is the wait for another program's lock."""

    def __init__(
        self,
        data: Path,
        work: Path,
        recogniser: Recogniser,
        busy_seconds: float = BUSY_SECONDS,
    ) -> None:
        self.data = data
        self._busy_seconds = busy_seconds
        self._lock = _taken(data)
        try:
            database, self.notes = self._opened()
        except BaseException:
            self._lock.release()
            raise
        for left in work.glob(f"{CHUNKS}*"):  # audio that a killed engine had extracted
            shutil.rmtree(left, ignore_errors=True)
        self.store = Store(database)
        self.recogniser = recogniser
        self.feed = Feed(ids_from_now())
        self._jobs = JobQueue(database)
        self.uploads = Uploads(work, self._jobs.open_files)
        self.uploads.clear()
        self.settings = SettingsFile(data)
        self.models = ModelKeeper(self.feed, self.store, self.settings.read, recogniser.release)
        resources = RunResources(self.store, recogniser, work)
        self._worker = Worker(
            resources, self._jobs, self.feed, self.models, self.settings.read, self._repair
        )
        kept, notes = read_list(data)
        self.notes += notes
        self.queue = JobService(self._jobs, self._worker, self.feed, self.notes)
        self.watches = Watches(data, kept, self.queue, self.feed)
        self.state = EngineState(self.feed, self.queue, self._topics())
        self._indexer = Indexer(database)
        self.stopping = threading.Event()
        self._diagnosing = threading.Lock()
        self._open = ExitStack()

    def __enter__(self) -> Engine:
        self._open.enter_context(gc_tuning.seldom())
        self._worker.start()
        self._indexer.start()
        self.watches.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.watches.stop()
        self._worker.stop()
        self._indexer.stop()
        self.models.close()
        self._open.close()
        self.recogniser.close()
        self.uploads.clear()
        if self.store.database.is_damaged:
            with suppress(RecueError):  # the next engine meets it again
                self._repair()
        self.store.close()
        self._lock.release()

    @property
    def idle(self) -> bool:
        """Whether no job waits or runs, no model is being fetched, and no folder is watched."""
        return self._jobs.open() == 0 and self.models.idle and not self.watches.are_active

    def stop(self) -> None:
        """Ask whoever opened the engine to close it."""
        self.stopping.set()

    def diagnose(self) -> list[Diagnosis]:
        """Check all that Recue needs, for the page; takes up to a minute. One check at a time: who
        asks meanwhile waits, and gets a new one."""
        with self._diagnosing:
            return list(findings(Surface.PAGE))

    def _topics(self) -> tuple[Topic, ...]:
        """What the state has beside jobs."""
        return (
            Topic("model", "models", self.models.all, self.models.one),
            Topic("watch", "watches", self.watches.all, self.watches.found),
        )

    def _opened(self) -> tuple[Database, tuple[str, ...]]:
        """Open the store, and put what the last engine did not finish back into the queue."""
        database, notes = opened(self.data / STORE, self._busy_seconds)
        try:
            JobQueue(database).recover()
        except StoreDamaged:
            database.close()
            database, notes = repaired(database.path, self._busy_seconds)
        except BaseException:
            database.close()
            raise
        if notes:
            JobQueue(database).recover()
            JobQueue(database).complete()
        return database, notes

    def _repair(self) -> tuple[str, ...]:
        """Set the damaged store aside and go on with what can be read of it."""
        database = self.store.database
        with database.exclusively():
            database.close()
            fresh, notes = repaired(database.path, self._busy_seconds)
            fresh.close()
            database.reopen()
        self._jobs.complete()
        self.feed.renew()
        return notes


@contextmanager
def visit(data: Path) -> Iterator[Store]:
    """The store, for a short command: as its owner where no engine runs, else as a second user, who
    does not repair it. Raises what the store raises."""
    try:
        lock = _taken(data)
    except EngineRunning:
        store = Store.at(data / STORE)
        release: Callable[[], None] = store.close
    else:
        database, _ = opened(data / STORE)
        store = Store(database)

        def release() -> None:
            store.close()
            if database.is_damaged:  # so that the same command finds it repaired
                with suppress(RecueError):
                    repaired(database.path)[0].close()
            lock.release()

    try:
        yield store
    finally:
        release()


def _taken(data: Path) -> FileLock:
    data.mkdir(parents=True, exist_ok=True)
    lock = FileLock(data / LOCK, mode=0o600, is_singleton=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise EngineRunning(str(data)) from None
    return lock
