"""A runner that is kept between calls with its loaded model, and replaced where it has died."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from editor_plugin.core.errors import Cancelled, ModelError, RecueError, RunnerDied, RunnerStalled
from editor_plugin.core.protocol import Notification
from editor_plugin.engine.recognition.process import Launch, RunnerCall, RunnerProcess
from editor_plugin.engine.recognition.watchdog import (
    CallSize,
    FinishedBatch,
    Timeouts,
    Watchdog,
)

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class ModelRequest:
    """The parameters of `load_model`. `path` is absolute."""

    path: str
    device: str
    precision: str
    route: str


class WarmRunner:
    """Keeps one runner at a time. Only `close` may be called from another thread."""

    def __init__(self, launch: Launch, timeouts: Timeouts) -> None:
        self._launch = launch
        self._timeouts = timeouts
        self._runner: RunnerProcess | None = None
        self._loaded: ModelRequest | None = None
        self._closed = False
        self._gate = threading.Lock()
        self._batches: tuple[FinishedBatch, ...] = ()
        self.facts: dict[str, Any] = {}
        """The runner's answer about the loaded model."""

    def has(self, wanted: ModelRequest) -> bool:
        """Whether the model is loaded, as it is wanted."""
        return self._runner is not None and self._runner.alive and self._loaded == wanted

    def load(self, wanted: ModelRequest, cancel: threading.Event | None) -> None:
        """Load the model, unless it is loaded. A runner that dies or stalls here is started again
        once, as the route is not the cause. Raises its error the second time, and any error that
        the runner answers with."""
        self._twice(lambda: self._load(wanted, cancel))

    def plan(
        self, params: dict[str, Any], audio: float, cancel: threading.Event | None
    ) -> dict[str, Any]:
        """Call `plan_windows` for `audio` seconds, twice if necessary, as in `load`."""
        call = RunnerCall("plan_windows", params, CallSize("planning", audio=audio), cancel=cancel)
        return self._twice(lambda: self._started(cancel).call(call))

    def transcribe(
        self,
        params: dict[str, Any],
        audio: float,
        listener: Callable[[Notification, Watchdog], None],
        cancel: threading.Event,
    ) -> dict[str, Any]:
        """Call `transcribe` once for `audio` seconds on the loaded model."""
        batch_audio = params["batch_seconds"] or 0.0
        task = CallSize("transcribing", 0, audio, batch_audio, self._batches)

        def remember(notification: Notification, watch: Watchdog) -> None:
            listener(notification, watch)
            self._batches = watch.batches

        return self._running().call(RunnerCall("transcribe", params, task, remember, cancel))

    def close(self, polite: bool) -> None:
        """End the runner for good; `polite` asks it to end, and is for the thread that uses it."""
        with self._gate:
            self._closed = True
            runner = self._runner
        if runner is not None:
            runner.close() if polite else runner.kill()

    def release(self, model: str) -> None:
        """End the runner where it has this model file loaded."""
        if self._loaded is not None and self._loaded.path == model:
            self.drop()

    def drop(self) -> None:
        """End the runner; the next call starts a new one."""
        if self._runner is not None:
            self._runner.kill()

    def _twice(self, work: Callable[[], _Result]) -> _Result:
        with contextlib.suppress(RunnerDied, RunnerStalled):
            return work()
        return work()

    def _load(self, wanted: ModelRequest, cancel: threading.Event | None) -> None:
        runner = self._started(cancel)
        if self._loaded == wanted:
            return
        self._loaded, self._batches = None, ()
        size = 0
        with contextlib.suppress(OSError):  # the runner reports what is wrong with the file
            size = Path(wanted.path).stat().st_size
        task = CallSize("loading", model_bytes=size)
        try:
            self.facts = runner.call(RunnerCall("load_model", asdict(wanted), task, cancel=cancel))
        except ModelError:
            raise
        except RecueError:
            # It may concern the process, such as a missing package: another process may succeed.
            self.drop()
            raise
        self._loaded = wanted

    def _started(self, cancel: threading.Event | None) -> RunnerProcess:
        if self._runner is not None and self._runner.alive:
            return self._runner
        if cancel is not None and cancel.is_set():
            raise Cancelled()
        self.drop()
        with self._gate:
            if self._closed:
                raise Cancelled()
            self._loaded = None
            self._runner = RunnerProcess(self._launch, self._timeouts)
        self._runner.greet()
        return self._runner

    def _running(self) -> RunnerProcess:
        if self._runner is None:
            raise AssertionError("load comes before transcribe")
        return self._runner
