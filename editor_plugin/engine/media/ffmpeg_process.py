"""Finding ffmpeg, and running it with progress and cancellation.

ffprobe is never used: the ffmpeg of imageio-ffmpeg comes without it.
"""

from __future__ import annotations

import functools
import os
import queue
import shutil
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import IO

import imageio_ffmpeg

from editor_plugin.core.environment import clean_environment
from editor_plugin.core.errors import Cancelled, EnvironmentBroken
from editor_plugin.engine.tied_process import tied

SETTING = "RECUE_FFMPEG"
"""The environment variable that names the ffmpeg to use."""
POLL = 0.05
"""Seconds between two checks for cancellation."""
KEPT_LINES = 200
"""How many of the last lines of ffmpeg's messages are kept."""


@dataclass(frozen=True)
class ProgressControl:
    """A caller's control of work: `progress` is called with the seconds of audio that are done,
    never descending; setting `cancel` stops the work at once with Cancelled."""

    progress: Callable[[float], None] | None = None
    cancel: threading.Event | None = None


@dataclass(frozen=True)
class FfmpegResult:
    """The exit status of a run, and the last lines of its messages."""

    status: int
    messages: tuple[str, ...]


def find_ffmpeg() -> str:
    """Return the ffmpeg to run: the one RECUE_FFMPEG names, the system's, or imageio-ffmpeg's.
    Raises EnvironmentBroken where none runs."""
    return _found(os.environ.get(SETTING), os.environ.get("PATH"))


@functools.cache
def _found(chosen: str | None, path: str | None) -> str:
    if chosen:
        if not _runs(chosen):
            raise EnvironmentBroken(
                f"The ffmpeg that {SETTING} names, “{chosen}”, does not run.",
                f"Correct {SETTING}, or remove it.",
            )
        return chosen
    system = shutil.which("ffmpeg", path=path)
    if system and _runs(system):
        return system
    try:
        bundled: str | None = imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError:
        bundled = None
    if bundled and _runs(bundled):
        return bundled
    raise EnvironmentBroken(
        "There is no ffmpeg that runs on this machine.",
        "Install Recue again, which brings one along, or install ffmpeg.",
    )


def _runs(program: str) -> bool:
    try:
        run = subprocess.run(
            [program, "-version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30,
            env=clean_environment(os.environ),
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return run.returncode == 0 and run.stdout.startswith(b"ffmpeg version")


def run_ffmpeg(arguments: Sequence[str], control: ProgressControl) -> FfmpegResult:
    """Run ffmpeg to its end; `arguments` include “-progress pipe:1”. Raises Cancelled, with ffmpeg
    ended, and EnvironmentBroken where it cannot be started."""
    process = _start(arguments)
    messages: deque[str] = deque(maxlen=KEPT_LINES)
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threads = [
        threading.Thread(target=_drain, args=(process.stderr, messages.append), daemon=True),
        threading.Thread(target=_drain, args=(process.stdout, lines.put, lines.put), daemon=True),
    ]
    try:
        for thread in threads:
            thread.start()
        _follow(lines, control)
        status = process.wait()
    finally:
        process.kill()
        process.wait()
        for thread in threads:
            thread.join()
    return FfmpegResult(status, tuple(messages))


def _start(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    program = find_ffmpeg()
    try:
        return subprocess.Popen(
            tied([shutil.which(program) or program, *arguments]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Its messages are parsed, so they have to be in English.
            env={**clean_environment(os.environ), "LC_ALL": "C", "AV_LOG_FORCE_NOCOLOR": "1"},
            # Ctrl-C on the terminal is for us: ffmpeg would end early, as if all were well.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
            | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    except OSError as error:
        raise EnvironmentBroken(
            f"ffmpeg (“{program}”) cannot be started: {error.strerror}.",
            "Install Recue again.",
        ) from None


def _drain(
    pipe: IO[bytes] | None,
    line: Callable[[str], None],
    end: Callable[[None], None] = lambda _: None,
) -> None:
    assert pipe is not None
    with pipe:
        for each in pipe:
            line(each.decode("utf-8", "replace").rstrip("\r\n"))
    end(None)


def _follow(lines: queue.SimpleQueue[str | None], control: ProgressControl) -> None:
    """Report progress until ffmpeg closes its output."""
    done = Fraction(0)
    while True:
        if control.cancel is not None and control.cancel.is_set():
            raise Cancelled
        try:
            line = lines.get(timeout=POLL if control.cancel is not None else None)
        except queue.Empty:
            continue
        if line is None:
            return
        name, _, value = line.partition("=")
        if name == "out_time_us" and value.isdecimal() and control.progress is not None:
            done = max(done, Fraction(int(value), 1_000_000))
            control.progress(float(done))
