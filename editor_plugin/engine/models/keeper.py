"""Fetching, verifying and removing models while the engine runs, for the page.

One model is worked on at a time, in a thread; the others wait for their turn. What a fetch has got
by then is in its part file, so a fetch that was paused, or whose engine was killed, goes on there.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import (
    Cancelled,
    InnerError,
    ModelInUse,
    ModelNotFetched,
    ModelUnknown,
    RecueError,
)
from editor_plugin.core.model_catalogue import DEFAULT, LICENCES
from editor_plugin.engine.jobs.feed import MODELS, Feed
from editor_plugin.engine.log import LOG
from editor_plugin.engine.models import local
from editor_plugin.engine.models.download import fetch
from editor_plugin.engine.settings import UserSettings
from editor_plugin.engine.store import Store

WAITING, FETCHING, VERIFYING, PAUSED = "waiting", "fetching", "verifying", "paused"
TELL_SECONDS = 0.25
"""Between two reports of a fetch's progress; data come in hundreds of pieces a second."""
ENDING_SECONDS = 2.0
"""The wait for the thread when the engine ends: a silent server is noticed after ten."""
LOOK_SECONDS = 0.2


@dataclass
class _Task:
    """A fetch or verification. `doing` is None when it has ended; `bytes` is the size of the whole
    file, None before the hub has told it."""

    name: str
    is_fetch: bool
    doing: str | None = WAITING
    bytes: int | None = None
    error: RecueError | None = None
    cancel: threading.Event = field(default_factory=threading.Event)
    told: float = 0.0

    @property
    def is_at_work(self) -> bool:
        """Whether it has not ended, and was not asked to."""
        return self.doing is not None and not self.cancel.is_set()


class ModelKeeper:
    """The catalogue's models on this machine. Safe to use from several threads. `release` gives
    back the memory of a model that is loaded and not used. A method with a name raises
    ModelUnknown."""

    def __init__(
        self,
        feed: Feed,
        store: Store,
        own_settings: Callable[[], UserSettings],
        release: Callable[[Path], None],
    ) -> None:
        self._feed = feed
        self._store = store
        self._own_settings = own_settings
        self._release = release
        self._changed = threading.Condition()
        self._tasks: dict[str, _Task] = {}
        self._waiting: deque[_Task] = deque()
        self._running: _Task | None = None
        self._used: Counter[Path] = Counter()
        self._digests: dict[Path, tuple[int, int, str]] = {}
        self._thread: threading.Thread | None = None
        self._closed = False

    def all(self) -> list[dict[str, Any]]:
        """The JSON form of every model of the catalogue; those that are here come first."""
        default = self._default()
        listed = [self._listed(status, default) for status in local.inventory()]
        return sorted(listed, key=lambda model: not model["is_here"])

    def one(self, name: str) -> dict[str, Any]:
        """The JSON form of a model."""
        return self._listed(local.status(local.known(name)), self._default())

    def fetch(self, name: str) -> None:
        """Fetch a model, after those that wait. Nothing happens where it is here, or being
        fetched."""
        model = local.known(name)
        with suppress(RecueError):
            local.locate(model.name)
            return
        self._begin(_Task(model.name, is_fetch=True))

    def verify(self, name: str) -> None:
        """Read a model's whole file and compare it, after those that wait. Raises what
        `local.locate` raises where it is not here."""
        self._begin(_Task(local.locate(local.known(name).name).name, is_fetch=False))

    def pause(self, name: str) -> None:
        """Stop what is done to a model; what was fetched is kept."""
        name = local.known(name).name
        with self._changed:
            self._stop(name)
        self._feed.mark("model", name)

    def remove(self, name: str) -> None:
        """Delete a model, fetched or in part; stops its fetch. Raises ModelInUse, and what
        `local.remove` raises."""
        model = local.known(name)
        path = local.file_of(model)
        with self._changed:
            self._refuse_used(path, model.name)
            self._stop(model.name)
            while self._running is not None and self._running.name == model.name:
                self._changed.wait(LOOK_SECONDS)
        self._release(path)
        with self._changed:
            self._refuse_used(path, model.name)
            with suppress(ModelNotFetched):  # gone already, which is what was asked for
                local.remove(model.name)
            self._tasks.pop(model.name, None)
        self._feed.mark(*MODELS)

    def is_coming(self, name: str) -> bool:
        """Whether a model is being fetched, or waits for it."""
        with self._changed:
            task = self._tasks.get(name)
            return task is not None and task.is_fetch and task.is_at_work

    def wait(self, name: str, cancel: threading.Event) -> None:
        """Wait while a model is being fetched. Raises Cancelled, and the fetch's own error."""
        while self.is_coming(name):
            with self._changed:
                self._changed.wait(LOOK_SECONDS)
            if cancel.is_set():
                raise Cancelled
        task = self._tasks.get(name)
        if task is not None and task.error is not None:
            raise task.error

    @contextmanager
    def using(self, path: Path) -> Iterator[None]:
        """Keep a model file from being removed."""
        with self._changed:
            self._used[path] += 1
        try:
            yield
        finally:
            with self._changed:
                self._used[path] -= 1

    @property
    def idle(self) -> bool:
        """Whether nothing is fetched or verified."""
        with self._changed:
            return self._running is None and not self._waiting

    def close(self) -> None:
        """Stop everything; what was fetched is kept."""
        with self._changed:
            self._closed = True
            for name in list(self._tasks):
                self._stop(name)
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(ENDING_SECONDS)

    def _begin(self, task: _Task) -> None:
        with self._changed:
            earlier = self._tasks.get(task.name)
            if self._closed or (earlier is not None and earlier.is_at_work):
                return
            self._tasks[task.name] = task
            self._waiting.append(task)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="models", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        self._feed.mark("model", task.name)

    def _stop(self, name: str) -> None:
        """Stop the task of a model, which may take a moment where it has begun."""
        task = self._tasks.get(name)
        if task is not None:
            task.cancel.set()
            if task in self._waiting:
                self._waiting.remove(task)
                task.doing = None

    def _refuse_used(self, path: Path, name: str) -> None:
        if self._used[path]:
            raise ModelInUse(name)

    def _work(self) -> None:
        while (task := self._next()) is not None:
            error: RecueError | None = None
            try:
                if task.is_fetch:
                    fetch(task.name, partial(self._progress, task), task.cancel)
                else:
                    local.verify(task.name, task.cancel)
            except Cancelled:
                LOG.info("work on the model %s was stopped", task.name)
            except RecueError as trouble:
                LOG.error("model %s: %s", task.name, trouble)
                error = trouble
            except Exception:
                LOG.exception("model %s", task.name)
                error = InnerError()
            with self._changed:
                task.doing, task.error, self._running = None, error, None
                self._changed.notify_all()
            self._feed.mark(*MODELS)

    def _next(self) -> _Task | None:
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            task = self._running = self._waiting.popleft()
            task.doing = FETCHING if task.is_fetch else VERIFYING
        self._feed.mark("model", task.name)
        return task

    def _progress(self, task: _Task, done: int, of: int) -> None:
        task.bytes = of
        task.doing = VERIFYING if done == of else FETCHING
        now = time.monotonic()
        if done == of or now - task.told >= TELL_SECONDS:
            task.told = now
            self._feed.mark("model", task.name)

    def _listed(self, status: local.ModelStatus, default: str) -> dict[str, Any]:
        model = status.model
        task = self._tasks.get(model.name) or _Task(model.name, is_fetch=False, doing=None)
        doing, error = task.doing, task.error
        if task.cancel.is_set() or (doing is None and error is None):
            doing = PAUSED if status.partial and status.path is None else None
        return {
            "name": model.name,
            "title": model.title,
            "about": model.about,
            "is_here": status.path is not None,
            "is_demo": model.is_demo,
            "is_default": model.name == default,
            "bytes": status.size or task.bytes or model.size_mb * 1_000_000,
            "received": status.partial,
            "languages": list(model.languages),
            "licence": model.licence,
            "licence_url": LICENCES.get(model.licence),
            "source": model.source,
            "speed": self._speed(status.path),
            "doing": doing,
            "error": None if error is None else error.to_wire(),
        }

    def _speed(self, path: Path | None) -> float | None:
        """How many times faster than its sound a model is; None before that was measured."""
        if path is None:
            return None
        try:
            look = path.stat()
            kept = self._digests.get(path)
            if kept is None or kept[:2] != (look.st_size, look.st_mtime_ns):
                kept = (look.st_size, look.st_mtime_ns, self._store.model(path))
                self._digests[path] = kept
            speed = self._store.speed(kept[2])
        except (OSError, RecueError):  # removed meanwhile, or a store that is being repaired
            return None
        return None if speed is None else float(f"{speed:.3g}")

    def _default(self) -> str:
        """The name of the model that a job gets by itself; "" where that is a file of the user's
        own."""
        try:
            wanted = self._own_settings().model
        except RecueError:  # told where a job or the page reads the settings
            return DEFAULT
        with suppress(ModelUnknown):
            return local.known(wanted).name
        return ""
