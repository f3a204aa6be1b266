"""The process that describes media files: started when it is needed, kept for the next file, ended
when none comes for a while, and replaced when a file has killed it."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import EnvironmentBroken, MediaUnreadable

_CHILD = Path(__file__).with_name("probe_child.py")
PATIENCE = 120.0
"""Seconds for one file; on a slow network drive a large one takes a few."""
PYTHON_FAILED = 1
"""The exit status of a Python whose program ended with an exception, such as a missing package."""
ENDING = 5.0
"""Seconds from a process's last word to its exit status, which tells whose fault the end was."""
IDLE = 20.0
"""Seconds after which the process ends when there is nothing to describe. To start it takes a tenth
of a second, and it has 45 MB."""


class Prober:
    """Describes media files, one at a time, in a process of its own. Safe to use from threads."""

    def __init__(self, command: tuple[str, ...], timeout: float = PATIENCE, idle: float = IDLE):
        self._command = command
        self._timeout = timeout
        self._idle = idle
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._end: threading.Timer | None = None

    def describe(self, path: Path) -> dict[str, Any]:
        """Return what `probe_child` says of a file. Raises MediaUnreadable, EnvironmentBroken."""
        with self._lock:
            if self._end is not None:
                self._end.cancel()
            try:
                # A process that ends over a file may have been hurt by the one before: asked again.
                answer = self._ask(path) or self._ask(path)
            finally:
                self._end = _timer(self._idle, self.close)
        if answer is None:
            raise MediaUnreadable(str(path), "the libraries of ffmpeg crash on it")
        if "failed" in answer:
            raise MediaUnreadable(str(path), answer["failed"])
        return answer

    def close(self) -> None:
        """End the process; the next file starts another."""
        with self._lock:
            self._reap()

    def kill(self) -> None:
        """End the process at once, whatever it is doing: this program ends."""
        if self._process is not None:
            self._process.kill()

    def _ask(self, path: Path) -> dict[str, Any] | None:
        """The answer, or None where the process ended instead."""
        process = self._running()
        assert process.stdin is not None and process.stdout is not None
        late = threading.Event()

        def give_up() -> None:
            late.set()
            process.kill()

        watchdog = _timer(self._timeout, give_up)
        try:
            process.stdin.write(json.dumps(os.path.abspath(path)).encode("ascii") + b"\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:  # it ended before it read the path
            line = b""
        finally:
            watchdog.cancel()
        if line.endswith(b"\n"):
            answer: dict[str, Any] = json.loads(line)
            return answer
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(ENDING)
        status = self._reap()
        if late.is_set():
            raise MediaUnreadable(str(path), f"it was not read within {self._timeout:.0f} s")
        if status == PYTHON_FAILED:
            raise EnvironmentBroken(
                "PyAV, which describes media files, does not run.", "Run install.py again."
            )
        return None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._reap()
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # Ctrl-C on the terminal is for us; the process ends when its stdin does.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
                | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except OSError as error:
            raise EnvironmentBroken(
                f"Python (“{self._command[0]}”) cannot be started: {error.strerror}.",
                "Run install.py again.",
            ) from None
        return self._process

    def _reap(self) -> int | None:
        """End the process, and return its exit status; None where there is none."""
        process, self._process = self._process, None
        if process is None:
            return None
        ended = process.poll()
        process.kill()
        process.communicate()  # closes the pipes and waits
        return process.returncode if ended is None else ended


def _timer(seconds: float, act: Callable[[], object]) -> threading.Timer:
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()
    return timer


PROBER = Prober((sys.executable, "-I", str(_CHILD)))
"""The one that this process uses."""
atexit.register(PROBER.kill)
