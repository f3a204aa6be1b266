"""Reading a timeline file in a process of its own, with limits on time, memory and output.

The limits on time and output, and the end of the process with this one, hold on every system. Its
memory is watched from here on every system, and on Linux the kernel limits it, too.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

from editor_plugin.core.errors import Cancelled, EnvironmentBroken
from editor_plugin.core.errors.base import from_wire
from editor_plugin.engine.interchange.draft import Draft, RateNeeded, Unreadable
from editor_plugin.engine.interchange.draft_wire import DraftInvalid, draft_from_wire

LOG = logging.getLogger(
    "recue.reader"
)  # a child of `engine.log.LOG`, which takes a while to import
SECONDS = 120.0
"""For one file; a feature film's AAF takes a few."""
MEMORY = 2 * 1024**3
"""Bytes; a timeline of 100 MB takes about one billion."""
OUTPUT = 64 * 1024**2
"""Bytes; the answer on a timeline of a hundred thousand clips has half of that."""
POLL = 0.05
"""Seconds between two looks at the process."""
_CHILD = Path(__file__).with_name("reader_child.py")
_KEPT = ("SYSTEMROOT", "TEMP", "TMP")
"""The environment variables that Windows needs; a child gets no others."""
_CHUNK = 1 << 16
_ENDING = 5.0
"""Seconds to wait for a thread whose pipe has ended."""


def read_in_a_process(
    path: Path, rate: Fraction | None, cancel: threading.Event | None = None
) -> Draft:
    """The draft in a timeline file of a known suffix. Raises what the reader raises, Unreadable
    where it goes beyond a limit or crashes, EnvironmentBroken, and Cancelled at once."""
    return understood(_ask(path, rate, cancel), path)


def understood(answer: Any, path: Path) -> Draft:
    """The draft in the answer of `reader_child.answer`; raises what it says."""
    failed = f"Recue's reader of {path.suffix} files failed"
    if not isinstance(answer, dict):
        raise Unreadable(f"{failed}; it may be damaged")
    if "unreadable" in answer:
        raise Unreadable(str(answer["unreadable"]))
    if "error" in answer:
        raise from_wire(answer["error"])
    if "missing" in answer:
        LOG.error("reading %s: %s", path, answer["missing"])
        raise EnvironmentBroken(
            f"A package that reads {path.suffix} files is missing.", "Install Recue again."
        )
    if "failed" in answer:
        kind, details = map(str, answer["failed"])
        LOG.error("reading %s\n%s", path, details)
        raise Unreadable(f"{failed} ({kind}); it may be damaged")
    try:
        if "rate_needed" in answer:
            wanted, guess = answer["rate_needed"]
            known = None if guess is None else Fraction(str(guess))
            raise RateNeeded(tuple(tuple(map(str, each)) for each in wanted), known)
        return draft_from_wire(answer.get("draft"))
    except (DraftInvalid, ValueError, TypeError) as error:
        LOG.error("reading %s: the answer is no draft: %s", path, error)
        raise Unreadable(f"{failed}; it may be damaged") from None


def _ask(path: Path, rate: Fraction | None, cancel: threading.Event | None) -> Any:
    process = _start(path, rate)
    output = _Output(process)
    try:
        _watch(process, output, cancel)
        process.wait()
    finally:
        process.kill()
        process.wait()
        output.close()
    try:
        return json.loads(output.content)
    except ValueError:
        LOG.error("the process that read %s ended with %s", path, process.returncode)
        raise Unreadable(
            f"Recue's reader of {path.suffix} files crashed on it; it may be damaged"
        ) from None


def _start(path: Path, rate: Fraction | None) -> subprocess.Popen[bytes]:
    places = (str(Path(__file__).parents[3]), *(os.path.abspath(each) for each in sys.path if each))
    limits = (str(os.getpid()), str(SECONDS), str(MEMORY))
    asked = (os.path.abspath(path), "" if rate is None else str(rate))
    try:
        return subprocess.Popen(
            # Neither the environment nor any package's start-up code has a say.
            [sys.executable, "-I", "-S", "-X", "utf8", str(_CHILD), *limits, *asked, *places],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            # Ctrl-C on the terminal is for us.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise EnvironmentBroken(
            f"Python (“{sys.executable}”) cannot be started: {error.strerror}.",
            "Install Recue again.",
        ) from None


def _watch(
    process: subprocess.Popen[bytes], output: _Output, cancel: threading.Event | None
) -> None:
    """Wait for the end of the output. Raises Cancelled, and Unreadable beyond a limit."""
    until = time.monotonic() + SECONDS
    while not output.ended.wait(POLL):
        if cancel is not None and cancel.is_set():
            raise Cancelled
        if time.monotonic() > until:
            raise Unreadable(f"reading it did not end within {SECONDS:.0f} s")
        if _memory(process) > MEMORY:
            raise Unreadable("reading it takes too much memory")
    if output.is_too_long:
        raise Unreadable("there is more in it than in any timeline")


def _memory(process: subprocess.Popen[bytes]) -> int:
    import psutil  # the process that reads imports this module, too, and has no use for it

    try:
        return int(psutil.Process(process.pid).memory_info().rss)
    except psutil.Error:
        return 0


class _Output:
    """What a process writes, up to OUTPUT, read in a thread; `ended` is set at its end."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None and process.stdout is not None
        self.content = bytearray()
        self.ended = threading.Event()
        self._stdin: IO[bytes] = process.stdin
        self._stdout: IO[bytes] = process.stdout
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    @property
    def is_too_long(self) -> bool:
        """Whether the process wrote more than OUTPUT."""
        return len(self.content) > OUTPUT

    def close(self) -> None:
        """Close the pipes, after the process has ended."""
        self._stdin.close()
        self._thread.join(_ENDING)
        self._stdout.close()

    def _read(self) -> None:
        while len(self.content) <= OUTPUT:
            chunk = os.read(self._stdout.fileno(), _CHUNK)
            if not chunk:
                break
            self.content += chunk
        self.ended.set()
