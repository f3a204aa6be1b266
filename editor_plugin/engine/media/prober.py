"""The supervisor of the process that describes media files: it starts the process when needed, ends
it when it is idle, and replaces it after a crash."""

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

from editor_plugin.core.environment import clean_environment
from editor_plugin.core.errors import EnvironmentBroken, MediaUnreadable
from editor_plugin.engine.media.forms import OPENING

_CHILD = Path(__file__).with_name("probe_child.py")
TIMEOUT = 120.0
"""Seconds for one file; on a slow network drive a large one takes a few."""
PYTHON_FAILED = 1
"""The exit status of Python after an exception, such as for a missing package."""
ENDING = 5.0
"""Seconds to wait for the exit status of a process that has closed its output."""
IDLE = 20.0
"""Seconds until an idle process is ended. Starting it takes a tenth of a second; it uses 45 MB."""


class Prober:
    """Describes media files, one at a time, in a process of its own. Safe to use from threads."""

    def __init__(self, command: tuple[str, ...], timeout: float = TIMEOUT, idle: float = IDLE):
        self._command = command
        self._timeout = timeout
        self._idle = idle
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._end: threading.Timer | None = None

    def describe(self, path: Path) -> dict[str, Any]:
        """The answer of `probe_child` for a file. Raises MediaUnreadable, EnvironmentBroken."""
        with self._lock:
            if self._end is not None:
                self._end.cancel()
            try:
                # The crash may be due to the file before: a new process is asked again.
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
        """End the process at once, at the end of this program."""
        if self._process is not None:
            self._process.kill()

    def _ask(self, path: Path) -> dict[str, Any] | None:
        """The answer, or None where the process ended."""
        process = self._running()
        assert process.stdin is not None and process.stdout is not None
        late = threading.Event()

        def give_up() -> None:
            late.set()
            process.kill()

        watchdog = _timer(self._timeout, give_up)
        try:
            process.stdin.write(
                json.dumps([os.path.abspath(path), OPENING]).encode("ascii") + b"\n"
            )
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
                "PyAV, which describes media files, does not run.", "Install Recue again."
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
                env=clean_environment(os.environ),
                # Ctrl-C on the terminal is for us; the process ends when its stdin does.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
                | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except OSError as error:
            raise EnvironmentBroken(
                f"Python (“{self._command[0]}”) cannot be started: {error.strerror}.",
                "Install Recue again.",
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
"""The prober of this process."""
atexit.register(PROBER.kill)
