"""A runner process: its start, its calls, and its end with all its children.

The thread that waits in `RunnerProcess.call` runs the watchdog, so every wait is watched.
"""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

import editor_plugin
from editor_plugin.core import protocol
from editor_plugin.core.environment import clean_environment
from editor_plugin.core.errors import (
    Cancelled,
    EnvironmentBroken,
    ProtocolError,
    RecueError,
    RunnerDied,
    RunnerIncompatible,
    RunnerStalled,
)
from editor_plugin.core.protocol import Failure, Message, Notification, Reply, Request
from editor_plugin.engine.recognition import process_tree
from editor_plugin.engine.recognition.pipes import RunnerPipes
from editor_plugin.engine.recognition.stderr_log import RunnerLog
from editor_plugin.engine.recognition.watchdog import CallSize, Timeouts, Watchdog

NotificationListener = Callable[[Notification, Watchdog], None]

_DRAIN_SECONDS = 1.0
"""How long the pipes of a dead process are read, for results that it finished before it died."""


def runner_command(workplace: Path) -> tuple[str, ...]:
    """The command line of the runner."""
    return (sys.executable, "-m", "editor_plugin.runner", "--cache", str(workplace))


@dataclass(frozen=True)
class RunnerCall:
    """A request to the runner, and its size for the watchdog. `listener` gets every notification
    except heartbeats, in the caller's thread, with the call's `Watchdog`. `cancel`, once set, asks
    the runner to stop, and kills it where it does not."""

    method: str
    params: dict[str, Any]
    task: CallSize
    listener: NotificationListener | None = None
    cancel: threading.Event | None = None


@dataclass(frozen=True)
class Launch:
    """The command line of a runner, its working folder, and its log file."""

    command: tuple[str, ...]
    workplace: Path
    log: Path


class RunnerProcess:
    """A started runner. One call at a time, from any thread; `kill` at any time, from any thread.
    Raises EnvironmentBroken where the process cannot be started."""

    def __init__(self, launch: Launch, timeouts: Timeouts) -> None:
        self._timeouts = timeouts
        self._log = RunnerLog(launch.log)
        self._mark = process_tree.new_mark()
        self._killed = threading.Event()
        self._ending = threading.Lock()
        self._beats_seen = 0
        self._next_sample = 0.0
        self._calls = 0
        self._workplace = launch.workplace
        self._process = self._spawn(launch)
        self._own_pid = self._process.pid
        self._pipes = RunnerPipes(self._process, self._log)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process can answer a call."""
        return (
            not self._killed.is_set()
            and not self._pipes.hung_up.is_set()
            and self._process.poll() is None
        )

    def greet(self) -> None:
        """Check that the process speaks this version of the protocol. Raises what `call` raises,
        and RunnerIncompatible; the process is then gone."""
        params = {"protocol": protocol.PROTOCOL_VERSION}
        theirs = None
        try:
            answer = self.call(RunnerCall("initialize", params, CallSize("starting")))
            theirs = answer.get("protocol")
            # On Windows the Python of a private environment is a launcher for another process.
            self._own_pid = answer.get("pid", self._own_pid)
        except ProtocolError:
            pass  # it does not know `initialize`
        except RecueError:
            self.kill()
            raise
        if theirs != protocol.PROTOCOL_VERSION:
            self.kill()
            spoken = "unknown" if theirs is None else str(theirs)[:20]
            raise RunnerIncompatible(protocol.PROTOCOL_VERSION, spoken)

    def call(self, call: RunnerCall) -> dict[str, Any]:
        """Send a request and wait for its answer; return the result. Raises the error in the
        answer; RunnerDied where the process ends, RunnerStalled after a timeout, and Cancelled. A
        call that ends without an answer, also by an error of the listener, ends the process and its
        children."""
        answered = False
        try:
            answer = self._wait(call)
            answered = True
        finally:
            # A process that still works on this call could not answer the next one.
            if not answered:
                self.kill()
        if isinstance(answer, Failure):
            raise answer.error
        return answer.result

    def close(self) -> None:
        """Ask the runner to end; kill it where it does not, and all its children. Never raises."""
        if self.alive:
            with contextlib.suppress(RecueError, subprocess.TimeoutExpired):
                self.call(RunnerCall("shutdown", {}, CallSize("stopping")))
                self._process.wait(self._timeouts.stopping)
        self.kill()

    def kill(self) -> None:
        """Kill the process and all its children, and free its resources. May be called again."""
        with self._ending:
            if self._killed.is_set():
                return
            self._killed.set()
            process_tree.kill_tree(self._process, self._mark)
            self._sweep()
            self._pipes.stop()
            self._log.close()

    def _sweep(self) -> None:
        """Remove the folder of temporary files of a killed runner, `work/<process id>-…` in the
        workplace; the next runner removes one that is missed here."""
        for left in (self._workplace / "work").glob(f"{self._own_pid}-*"):
            with contextlib.suppress(OSError):
                shutil.rmtree(left) if left.is_dir() else left.unlink()

    def _send(self, method: str, params: dict[str, Any]) -> int:
        self._calls += 1
        self._pipes.send(Request(self._calls, method, params))
        return self._calls

    def _wait(self, call: RunnerCall) -> Reply | Failure:
        id = self._send(call.method, call.params)
        watch = Watchdog(call.task, self._timeouts, time.monotonic())
        self._beats_seen, cancelled_at = self._pipes.beats, None
        while True:
            message = self._next(call, watch)
            if isinstance(message, (Reply, Failure)) and message.id == id:
                return message
            self._take_heartbeat(watch)
            if cancelled_at is None and call.cancel is not None and call.cancel.is_set():
                cancelled_at = watch.awake
                self._send("cancel", {})
            waited = 0.0 if cancelled_at is None else watch.awake - cancelled_at
            if waited > self._timeouts.cancelling:
                raise Cancelled()
            self._check(watch)

    def _next(self, call: RunnerCall, watch: Watchdog) -> Message | None:
        """Wait one tick at most for a message; pass a notification to the listener."""
        message: Message | None = None
        with contextlib.suppress(queue.Empty):
            message = self._pipes.inbox.get(timeout=self._timeouts.tick)
        now = time.monotonic()
        watch.tick(now)
        if now >= self._next_sample:
            self._next_sample = now + self._timeouts.tick
            watch.used(self._processor_seconds())
        if message is not None:
            watch.heard()
        if isinstance(message, Notification) and call.listener is not None:
            call.listener(message, watch)
            watch.skip(time.monotonic())
        return message

    def _take_heartbeat(self, watch: Watchdog) -> None:
        if self._pipes.beats != self._beats_seen:
            self._beats_seen = self._pipes.beats
            watch.heard()
            watch.entered(self._pipes.stage)

    def _processor_seconds(self) -> float:
        """The processor time of the runner; where it is not known, an ever larger number."""
        try:
            times = psutil.Process(self._own_pid).cpu_times()
        except psutil.Error:
            return time.monotonic()
        return float(times.user + times.system)

    def _check(self, watch: Watchdog) -> None:
        ended = self._pipes.hung_up.is_set() or self._process.poll() is not None
        # Messages from before its end are read first: one may be the answer.
        if ended and self._pipes.inbox.empty():
            self._drain()
            self._take_heartbeat(watch)
            if self._pipes.inbox.empty():
                raise self._died(watch.stage)
        elif watch.stalled():
            seconds = watch.waited
            self._log.say(f"No progress for {seconds:.0f} s while {watch.stage}: killed.")
            raise RunnerStalled(watch.stage, seconds)

    def _drain(self) -> None:
        """Wait until the reader has read the output of the ended process."""
        self._pipes.hung_up.wait(_DRAIN_SECONDS)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_DRAIN_SECONDS)

    def _died(self, stage: str) -> RunnerDied:
        self._log.say(f"The process ended while {stage}, status {self._process.poll()}.")
        self.kill()
        return RunnerDied(stage, self._process.returncode or 0)

    def _spawn(self, launch: Launch) -> subprocess.Popen[bytes]:
        package = str(Path(editor_plugin.__file__).parent.parent)
        environment = {
            "USER": "recue",  # PyTorch asks for a name, which not every user has
            **clean_environment(os.environ),
            "PYTHONPATH": package,
            "PYTHONIOENCODING": "utf-8:backslashreplace",
            process_tree.MARK: self._mark,
        }
        pipe = subprocess.PIPE
        try:
            launch.workplace.mkdir(parents=True, exist_ok=True)
            return subprocess.Popen(
                launch.command,
                cwd=launch.workplace,
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                bufsize=0,
                env=environment,
                **process_tree.own_group(),
            )
        except OSError as error:
            raise EnvironmentBroken(
                f"The recognition process cannot be started: {error}.",
                "Install Recue again.",
            ) from error
