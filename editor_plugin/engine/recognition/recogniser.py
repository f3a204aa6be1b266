"""The engine's interface to speech recognition, with a model that stays loaded.

recogniser = Recogniser(workplace, log)
recogniser.prepare(choice, limits)         # in the background, while the audio is extracted
windows = recogniser.plan(audio, ranges, limit)
outcome = recogniser.transcribe([RecognitionItem("a", audio, windows)], listener, cancel)
recogniser.close()
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from editor_plugin.core import protocol
from editor_plugin.core.errors import Cancelled, ProtocolError, RecueError
from editor_plugin.core.transcript import SAMPLE_RATE, Window
from editor_plugin.engine.recognition.fallback import RecognitionPlan, ResilientTranscription
from editor_plugin.engine.recognition.pending import PendingWindows
from editor_plugin.engine.recognition.process import Launch, runner_command
from editor_plugin.engine.recognition.results import ResultCollector
from editor_plugin.engine.recognition.types import (
    Limits,
    ModelChoice,
    Outcome,
    RecognitionItem,
    RecognitionListener,
)
from editor_plugin.engine.recognition.warm_runner import ModelRequest, WarmRunner
from editor_plugin.engine.recognition.watchdog import Timeouts


class Recogniser:
    """Recognises speech in a runner process, which it keeps with its model between calls. Any
    thread may call; one call runs at a time, the others wait. `workplace` is the folder for
    everything that the runner caches and writes, `log` the file for its error output."""

    def __init__(
        self,
        workplace: Path,
        log: Path,
        command: tuple[str, ...] | None = None,
        timeouts: Timeouts | None = None,
    ) -> None:
        workplace, log = workplace.absolute(), log.absolute()
        self._timeouts = timeouts or Timeouts()
        launch = Launch(command or runner_command(workplace), workplace, log)
        self._runner = WarmRunner(launch, self._timeouts)
        self._turn = threading.Lock()
        self._preparation: _Preparation | None = None

    def prepare(self, choice: ModelChoice, limits: Limits | None = None) -> None:
        """Choose the model for the calls that follow, and begin to load it, unless it is loaded.
        Returns at once; an error is raised by the next call."""
        order = _order(choice, limits or Limits())
        self._preparation = _Preparation(self._runner, order, self._turn)
        self._preparation.start()

    def plan(
        self,
        audio: Path,
        ranges: Sequence[tuple[int, int]],
        limit: int,
        cancel: threading.Event | None = None,
    ) -> tuple[Window, ...]:
        """Cut ranges of a 16 kHz mono WAV into windows, at silences where there are any. `ranges`
        are [start, end) in samples, `limit` is the longest window in samples. Raises the runner's
        error; RunnerDied or RunnerStalled where it failed twice; Cancelled."""
        params = {
            "audio": str(audio.absolute()),
            "ranges": [list(span) for span in ranges],
            "limit": limit,
        }
        seconds = sum(end - start for start, end in ranges) / SAMPLE_RATE
        with self._prepared(cancel):
            result = self._runner.plan(params, seconds, cancel)
        windows = result.get("windows")
        if not isinstance(windows, list):
            raise ProtocolError("a plan without windows")
        return tuple(protocol.window_from_wire(window) for window in windows)

    def transcribe(
        self,
        work: Sequence[RecognitionItem],
        listener: RecognitionListener,
        cancel: threading.Event,
    ) -> Outcome:
        """Recognise every window of `work`, and pass each to `listener` when it is finished. The
        items' names must differ. Raises RunnerDied or RunnerStalled where the model cannot even be
        loaded, RoutesExhausted where no route succeeded, Cancelled, and the runner's error
        (ModelCorrupt, ModelNotSpeech, OutOfMemory, …). Windows that `listener` got by then are
        finished. The next call begins with the limits and the route that worked in this one."""
        results = ResultCollector(PendingWindows(work), listener)
        with self._prepared(cancel) as preparation:
            order = preparation.order
            outcome = ResilientTranscription(self._runner, order, results).run(cancel)
            preparation.order = _with_limits(order, outcome.limits)
        return replace(outcome, was_warm=preparation.was_warm)

    def release(self, model: Path) -> None:
        """Give back the memory of a model that no job needs, where it is the one that is loaded;
        the next call loads what it needs. Waits for a call that runs."""
        with self._turn:
            self._runner.release(str(model.absolute()))

    def close(self) -> None:
        """End the runner and its children. A running call ends as cancelled."""
        idle = self._turn.acquire(blocking=False)
        try:
            self._runner.close(polite=idle)
        finally:
            if idle:
                self._turn.release()
        if self._preparation is not None:
            self._preparation.join()

    @contextlib.contextmanager
    def _prepared(self, cancel: threading.Event | None) -> Iterator[_Preparation]:
        """Wait for the model and for this call's turn; loading goes on after a cancellation."""
        preparation = self._preparation
        if preparation is None:
            raise AssertionError("prepare comes before plan and transcribe")
        tick = self._timeouts.tick
        while preparation.is_alive() or not self._turn.acquire(timeout=tick):
            preparation.join(tick)
            if cancel is not None and cancel.is_set():
                raise Cancelled()
        try:
            trouble, preparation.trouble = preparation.trouble, None
            if trouble is not None:
                raise trouble
            yield preparation
        finally:
            self._turn.release()


class _Preparation(threading.Thread):
    """Loads a model in the background, when it is its turn, unless it is loaded: then it
    `was_warm`. Keeps an error in `trouble`."""

    def __init__(self, runner: WarmRunner, order: RecognitionPlan, turn: threading.Lock) -> None:
        super().__init__(name="prepare the runner", daemon=True)
        self.order = order
        self.trouble: RecueError | None = None
        self.was_warm = False
        self._runner = runner
        self._turn = turn

    def run(self) -> None:
        with self._turn:
            self.was_warm = self._runner.has(self.order.wanted)
            try:
                self._runner.load(self.order.wanted, cancel=None)
            except RecueError as error:
                self.trouble = error


def _order(choice: ModelChoice, limits: Limits) -> RecognitionPlan:
    """Combine the user's choice with the stored limits; the user's choice takes precedence."""
    wanted = ModelRequest(
        path=str(choice.path.absolute()),
        device=choice.device if choice.device != "auto" else limits.device or "auto",
        precision=choice.precision if choice.precision != "auto" else limits.precision or "auto",
        route=limits.route if limits.route in protocol.ROUTES else protocol.ROUTES[0],
    )
    return RecognitionPlan(wanted, limits, choice.language)


def _with_limits(order: RecognitionPlan, limits: Limits) -> RecognitionPlan:
    # The device stays as it is: a model that fell back to the CPU is there already, and a request
    # for the CPU would load it again.
    route = limits.route or order.wanted.route
    return replace(order, limits=limits, wanted=replace(order.wanted, route=route))
