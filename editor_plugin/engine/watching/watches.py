"""The folders that the engine watches, each in a thread of its own: a drive that hangs keeps only
its own watch waiting. What is put into a folder becomes a job of the queue like any other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import (
    Cancelled,
    InnerError,
    RecueError,
    SettingsInvalid,
    Surface,
    WatchUnknown,
)
from editor_plugin.core.jobs.events import (
    Emit,
    Event,
    InputFailed,
    InputFinished,
    InputStarted,
    Note,
    StateChanged,
    event_from_wire,
)
from editor_plugin.core.jobs.request import JobRequest, Order
from editor_plugin.core.jobs.status import CANCELLED, DONE, FINAL_STATES, count
from editor_plugin.engine.jobs.feed import Feed
from editor_plugin.engine.jobs.job_service import JobService
from editor_plugin.engine.log import LOG
from editor_plugin.engine.watching.folder import LOOK_SECONDS, WatchedFolder, refuse_impossible
from editor_plugin.engine.watching.watch_list import Watch, WatchList, write_list

MOST = 50
"""Watched folders. Each is a thread."""
REST_SECONDS = 60.0
"""After an error that concerns every file, such as a model that is not there."""
FOLLOW_SECONDS = 1.0
ENDING_SECONDS = 5.0
WATCHING, PAUSED, AWAY = "watching", "paused", "away"


@dataclass(frozen=True)
class WatchRequest:
    """A folder to watch; see `Watch`."""

    folder: Path
    output: Path | None
    formats: tuple[str, ...]
    media_folders: tuple[Path, ...] = ()
    rate: Fraction | None = None


class Watches:
    """The watches of an engine. Safe to use from several threads. Their changes are marked in the
    feed. What the list is asked for by number raises WatchUnknown; what changes it,
    OutputUnwritable."""

    def __init__(self, data: Path, kept: WatchList, queue: JobService, feed: Feed) -> None:
        self._data, self._kept, self._queue, self._feed = data, kept, queue, feed
        self._lock = threading.RLock()
        self._watchers: dict[int, _Watcher] = {}
        self._runs = False

    def start(self) -> None:
        """Begin to watch."""
        with self._lock:
            self._runs = True
            for watch in self._kept.watches:
                self._begin(watch)

    def stop(self) -> None:
        """End all watching; jobs stay in the queue. A folder on a drive that hangs is not waited
        for long."""
        with self._lock:
            self._runs = False
            watchers = list(self._watchers.values())
            self._watchers.clear()
        for each in watchers:
            each.stop()
        for each in watchers:
            each.thread.join(ENDING_SECONDS)

    @property
    def are_active(self) -> bool:
        """Whether there is a watch that is not paused, for which an engine stays."""
        with self._lock:
            return any(not watch.paused for watch in self._kept.watches)

    def all(self) -> list[dict[str, Any]]:
        """The JSON form of each watch."""
        with self._lock:
            return [self._wire(watch) for watch in self._kept.watches]

    def one(self, number: int) -> dict[str, Any]:
        """The JSON form of a watch."""
        with self._lock:
            return self._wire(self.watch(number))

    def found(self, number: int) -> dict[str, Any] | None:
        """The JSON form of a watch; None where it was removed."""
        with suppress(WatchUnknown):
            return self.one(number)
        return None

    def watch(self, number: int) -> Watch:
        """A watch."""
        with self._lock:
            for each in self._kept.watches:
                if each.id == number:
                    return each
        raise WatchUnknown(number)

    def add(self, asked: WatchRequest) -> dict[str, Any]:
        """Watch one more folder. Raises SettingsInvalid, OutputUnwritable."""
        with self._lock:
            if len(self._kept.watches) >= MOST:
                raise SettingsInvalid("a watched folder", str(asked.folder), f"{MOST} at most")
            watch = Watch(
                self._kept.next,
                str(asked.folder),
                None if asked.output is None else str(asked.output),
                asked.formats,
                tuple(map(str, asked.media_folders)),
                None if asked.rate is None else str(asked.rate),
            )
            refuse_impossible(watch.options, "the folder for the subtitles")
            for folder in asked.media_folders:
                if not folder.is_dir():
                    raise SettingsInvalid("a folder of media", str(folder), "a folder that exists")
            if any(_same(each.folder, watch.folder) for each in self._kept.watches):
                expected = "a folder that is not watched already"
                raise SettingsInvalid("the folder to watch", watch.folder, expected)
            self._keep(WatchList((*self._kept.watches, watch), watch.id + 1))
            if self._runs:
                self._begin(watch)
            found = self._wire(watch)
        self.told("")
        return found

    def pause(self, number: int, paused: bool = True) -> dict[str, Any]:
        """Look no more; a job that has begun goes on."""
        with self._lock:
            self.change(number, lambda watch: replace(watch, paused=paused))
            watcher = self._watchers.get(number)
            if watcher is not None:
                watcher.wake()
            return self.one(number)

    def remove(self, number: int) -> dict[str, Any]:
        """Take a watch off the list. Files and subtitles stay; a job that has begun goes on."""
        with self._lock:
            found = self.one(number)
            left = tuple(each for each in self._kept.watches if each.id != number)
            self._keep(replace(self._kept, watches=left))
            watcher = self._watchers.pop(number, None)
        if watcher is not None:
            watcher.stop()
        self.told("")
        return found

    def change(self, number: int, how: Callable[[Watch], Watch]) -> None:
        """Replace a watch by what it has become."""
        with self._lock:
            old = self.watch(number)
            watches = tuple(how(each) if each is old else each for each in self._kept.watches)
            self._keep(replace(self._kept, watches=watches))
        self.told(number)

    def told(self, number: int | str) -> None:
        """Mark a change of a watch, such as that its folder is away; "" is the list itself."""
        self._feed.mark("watch", number)

    def _keep(self, kept: WatchList) -> None:
        write_list(self._data, kept)
        self._kept = kept

    def _begin(self, watch: Watch) -> None:
        self._watchers[watch.id] = _Watcher(self, watch, self._data, self._queue, self._feed)
        self._watchers[watch.id].thread.start()

    def _wire(self, watch: Watch) -> dict[str, Any]:
        watcher = self._watchers.get(watch.id)
        is_away = watcher.is_away if watcher is not None else not Path(watch.folder).is_dir()
        return {
            "id": watch.id,
            "folder": watch.folder,
            "output": watch.output,
            "formats": list(watch.formats),
            "state": PAUSED if watch.paused else AWAY if is_away else WATCHING,
            "done": [vars(deed) for deed in watch.done],
        }


class _Watcher:
    """One watch at work."""

    def __init__(
        self, watches: Watches, watch: Watch, data: Path, queue: JobService, feed: Feed
    ) -> None:
        self._watches, self._number, self._queue, self._feed = watches, watch.id, queue, feed
        self._folder = WatchedFolder(watch.options, data, self._show)
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._notes: list[str] = []
        self.thread = threading.Thread(target=self._loop, name=f"watch {watch.id}", daemon=True)

    @property
    def is_away(self) -> bool:
        return self._folder.is_away

    def stop(self) -> None:
        self._stopping.set()
        self._woken.set()

    def wake(self) -> None:
        self._woken.set()

    def _loop(self) -> None:
        seconds = 0.0
        while not self._stopping.is_set():
            if self._woken.wait(seconds):
                self._woken.clear()
            seconds = LOOK_SECONDS
            try:
                if not self._stopping.is_set() and not self._watches.watch(self._number).paused:
                    self._look()
            except WatchUnknown:
                return  # removed meanwhile
            except Cancelled:
                continue  # the engine ends
            except RecueError as error:  # a full disk, a model that is not there
                LOG.error("watch %d rests: %s", self._number, error)
                seconds = REST_SECONDS
            except Exception:
                LOG.exception("watch %d", self._number)
                seconds = REST_SECONDS

    def _look(self) -> None:
        was_away = self._folder.is_away
        ready = self._folder.ready()
        if self._folder.is_away != was_away:
            self._watches.told(self._number)
        if not ready:
            return
        try:
            self._folder.work(ready, self._do)
        except (Cancelled, WatchUnknown):
            raise
        except RecueError as error:
            for path in ready:
                if not self._folder.is_done(path):
                    self._did(path, False, error.sentence(Surface.PAGE))
            raise

    def _do(self, orders: Sequence[Order], heard: Emit) -> bool:
        """Have the queue do it. Raises what ended the job, and Cancelled where the engine ends; the
        job is in the queue then, and the next engine's watch meets it again."""
        job = self._queue.add(JobRequest(tuple(orders)))
        left = {order.input for order in orders}
        seen = 0

        def emit(event: Event) -> None:
            if isinstance(event, InputFinished | InputFailed):
                if event.input not in left:
                    return  # of an earlier run of the same job
                left.discard(event.input)
            self._show(event)
            heard(event)

        while True:
            news = self._feed.wait(job, seen, FOLLOW_SECONDS)
            for wire in news:
                seen = wire["id"]
                event = event_from_wire(wire)
                if event is not None and not isinstance(event, StateChanged):
                    emit(event)
            if self._stopping.is_set():
                raise Cancelled()
            if not news:
                status = self._queue.status(job)
                if status.state in FINAL_STATES and not self._feed.since(job, seen):
                    break
        if status.error is not None:
            raise status.error
        for order, each in zip(orders, status.inputs, strict=True):
            if order.input in left and each.state == DONE:
                outputs = tuple(map(Path, each.outputs))
                counts = each.cues or 0, each.words or 0, each.recognised or 0.0
                emit(InputFinished(order.input, outputs, *counts))
            elif order.input in left:
                # Who cancels a job on the page wants none of its files until they change.
                stopped = Cancelled() if status.state == CANCELLED else InnerError()
                emit(InputFailed(order.input, each.error or stopped))
        return status.state == DONE

    def _show(self, event: Event) -> None:
        """Keep what a user wants to know."""
        if isinstance(event, InputStarted):
            self._notes = []
        elif isinstance(event, Note) and event.input is not None:
            self._notes.append(event.text)
        elif isinstance(event, InputFinished):
            names = ", ".join(path.name for path in event.outputs)
            made = f"{count(event.cues, 'subtitle')} → {names}."
            self._did(event.input, True, " ".join([made, *self._notes]))
        elif isinstance(event, InputFailed):
            self._did(event.input, False, event.error.sentence(Surface.PAGE))

    def _did(self, path: Path, ok: bool, text: str) -> None:
        self._watches.change(self._number, lambda watch: watch.did(path.name, ok, text))


def _same(one: str, other: str) -> bool:
    try:
        return Path(one).samefile(other)
    except OSError:
        return one == other
