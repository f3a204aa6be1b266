"""A small engine for the service to speak for, in this process or in one of its own.

Its jobs are done in small steps, and how far they are is kept in a file, so that another process
can go on with them; what they tell is not, as in the real one. Run as a program, it is an engine
as the client starts one, lock and idle time included.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import filelock

import editor_plugin
from editor_plugin.core.cues import Cue
from editor_plugin.core.errors import EngineBusy, EngineRunning, JobUnknown
from editor_plugin.core.jobs.request import JobRequest
from editor_plugin.core.jobs.result import DoubtfulWord, JobResult
from editor_plugin.core.jobs.status import FINAL_STATES, InputStatus, JobStatus
from editor_plugin.core.projection import ProjectedWord
from editor_plugin.core.timeline import Media
from editor_plugin.core.transcript import Word
from editor_plugin.engine.doctor import Diagnosis
from editor_plugin.engine.export import Result
from editor_plugin.engine.jobs.feed import ORDER, Feed
from editor_plugin.engine.models.keeper import ModelKeeper
from editor_plugin.engine.settings_file import SettingsFile
from editor_plugin.engine.state import EngineState, Topic
from editor_plugin.engine.store import Store
from editor_plugin.engine.uploads import Uploads
from editor_plugin.engine.watching import Watches
from editor_plugin.engine.watching.watch_list import WatchList

Wire = dict[str, Any]
STEP_SECONDS = 0.05


class SmallEngine:
    """Queue, feed and engine in one. `words` is how many windows each job has."""

    def __init__(self, data: Path, words: int = 3, work: bool = True) -> None:
        self.data = data
        self.queue = self
        self.feed = Feed()
        self.store = Store.at(data / "transcripts.sqlite")
        self.settings = SettingsFile(data)
        self.models = ModelKeeper(self.feed, self.store, self.settings.read, lambda path: None)
        topic = Topic("model", "models", self.models.all, self.models.one)
        self.watches = Watches(data, WatchList(), self, self.feed)  # type: ignore[arg-type]
        watch = Topic("watch", "watches", self.watches.all, self.watches.found)
        self.state = EngineState(self.feed, self, (topic, watch))
        self.uploads = Uploads(data / "work")
        self.stopping = threading.Event()
        self.added: list[JobRequest] = []
        self.fail_with: Exception | None = None
        self._words = words
        self._lock = threading.RLock()
        self._file = data / "jobs.json"
        found = json.loads(self._file.read_text()) if self._file.exists() else {}
        self._jobs: dict[int, Wire] = {int(number): job for number, job in found.items()}
        if work:
            threading.Thread(target=self._work, daemon=True).start()

    # The queue.

    def add(self, request: JobRequest) -> int:
        with self._lock:
            if self.fail_with is not None:
                raise self.fail_with
            job = max(self._jobs, default=0) + 1
            self.added.append(request)
            self._jobs[job] = {"state": "queued", "done": 0, "at": job}
            self._keep()
        self.feed.mark("job", job)
        self.feed.mark(*ORDER)
        return job

    def request(self, job: int) -> JobRequest:
        with self._lock:
            self._job(job)
            return self.added[job - 1]

    def status(self, job: int) -> JobStatus:
        with self._lock:
            found = self._job(job)
            percent = 100.0 * found["done"] / self._words
            each = InputStatus("a", found["state"], percent)
            return JobStatus(job, found["state"], percent, None, (each,))

    def all(self) -> list[JobStatus]:
        with self._lock:
            return [self.status(job) for job in self.numbers()]

    def numbers(self) -> list[int]:
        with self._lock:
            return sorted(self._jobs, key=lambda job: self._jobs[job]["at"])

    def cancel(self, job: int) -> None:
        self._steer(job, "cancelled")

    def pause(self, job: int) -> None:
        self._steer(job, "paused")

    def resume(self, job: int) -> None:
        self._steer(job, "queued")

    def first(self, job: int) -> None:
        with self._lock:
            found = self._job(job)
            found["at"] = min(each["at"] for each in self._jobs.values()) - 1
        self.feed.mark(*ORDER)

    def result(self, job: int, number: int) -> JobResult:
        with self._lock:
            if number or self._job(job)["state"] != "done":
                raise JobUnknown(f"{job}/{number}")
            cue = Cue(Fraction(0), Fraction(3, 2), ("Hello.",))
            doubtful = DoubtfulWord(Fraction(1, 2), "Hello.", 0.5)
            return JobResult("a", Fraction(25), (cue,), (0.5,), "1\n", (), (doubtful,))

    def whole(self, job: int, number: int) -> Result:
        shown = self.result(job, number)
        word = Word("Hello.", Fraction(0), Fraction(3, 2), 0.5)
        cues = tuple(replace(cue, words=(word,)) for cue in shown.cues)
        words = (ProjectedWord(word, word, Media("a.wav"), 0, 0),)
        return Result(shown.name, shown.rate, cues, words)

    def remove(self, job: int) -> None:
        with self._lock:
            if self._job(job)["state"] not in FINAL_STATES:
                raise EngineBusy(1)
            del self._jobs[job]
            self._keep()

    def made(self, job: int, number: int) -> bytes | None:
        self._job(job)
        return None

    # The feed.

    def tell(self, job: int, kind: str, **data: Any) -> None:
        self.feed.emit(job, {"event": kind, **data})

    def finish(self, job: int, state: str = "done") -> None:
        with self._lock:
            self._jobs[job]["state"] = state
            self._keep()
        self.tell(job, "state", state=state, error=None)

    # The engine.

    @property
    def idle(self) -> bool:
        with self._lock:
            return all(job["state"] not in ("queued", "running") for job in self._jobs.values())

    def diagnose(self) -> list[Diagnosis]:
        return [
            Diagnosis("Python", True, "3.11."),
            Diagnosis("ffmpeg", False, "There is none.", "Install it."),
        ]

    def stop(self) -> None:
        self.stopping.set()

    def _job(self, job: int) -> Wire:
        if job not in self._jobs:
            raise JobUnknown(str(job))
        return self._jobs[job]

    def _steer(self, job: int, state: str) -> None:
        with self._lock:
            found = self._job(job)
            if found["state"] in FINAL_STATES:
                return
            found["state"] = state
            self._keep()
        self.tell(job, "state", state=state, error=None)

    def _keep(self) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps(self._jobs))
        new.replace(self._file)

    def _work(self) -> None:
        while not self.stopping.wait(STEP_SECONDS):
            with self._lock:
                waiting = [n for n, job in self._jobs.items() if job["state"] == "queued"]
                job = min(waiting, key=lambda n: self._jobs[n]["at"], default=None)
                if job is None:
                    continue
                self._jobs[job]["done"] += 1
                done = self._jobs[job]["done"]
                self._keep()
            self.tell(job, "words", input="a", media="a", start=0.0, end=1.0, text=f"word {done}")
            if done >= self._words:
                self.finish(job)


@contextmanager
def opened() -> Iterator[SmallEngine]:
    """The engine of this process, if no other one has the lock."""
    data = Path(os.environ["RECUE_HOME"])
    lock = filelock.FileLock(data / "engine.lock", blocking=False)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise EngineRunning(str(data)) from None
    with lock, (data / "started").open("a") as started:
        started.write(f"{os.getpid()}\n")
        started.flush()
        yield SmallEngine(data, int(os.environ.get("TEST_WORDS", "3")))


def main() -> int:
    editor_plugin.__version__ = os.environ.get("TEST_VERSION", editor_plugin.__version__)
    from editor_plugin.core import handshake
    from editor_plugin.engine.service import daemon, server

    vars(server)["PROTOCOL"] = handshake.PROTOCOL + int(os.environ.get("TEST_PROTOCOL_AHEAD", "0"))
    time.sleep(float(os.environ.get("TEST_SLOW_START", "0")))
    return daemon.run(opened, lambda: float(os.environ.get("TEST_IDLE_SECONDS", "60")) / 60)


if __name__ == "__main__":
    sys.exit(main())
