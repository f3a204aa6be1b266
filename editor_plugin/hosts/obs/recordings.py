"""Tracks the file that OBS is writing and the files that are being finished.

OBS reports when it begins and ends a recording, and when it goes on in another file (automatic
splitting). The file that it has left is finished by a process of its own, a little later: an MP4
gets its index then, without which nobody can read it. That process closes one file before it makes
the next, so a file is whole once its successor is there; and in any case it must have been at rest
for a while.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional

Trace = Optional[tuple[int, int]]
"""Size in bytes and time of the last change in nanoseconds; None where there is no file."""

CALM_LOOKS = 3
"""Looks in a row that must find a file unchanged: a second and a half, as `script` looks."""
PATIENT_LOOKS = 120
"""Looks after which a file that never appears is given up: one minute."""


@dataclass(frozen=True)
class Finishing:
    """A file that OBS has left. `successor` is the file in which it goes on, if it does."""

    path: Path
    successor: Path | None = None
    trace: Trace = None
    calm: int = 0
    looks: int = 0


@dataclass(frozen=True)
class Recordings:
    """The file being written now, those being finished, and the last one that OBS has left."""

    current: Path | None = None
    finishing: tuple[Finishing, ...] = ()
    last: Path | None = None

    def is_open(self, path: Path) -> bool:
        """Whether the file is being written or finished."""
        return path == self.current or any(each.path == path for each in self.finishing)


@dataclass(frozen=True)
class LookResult:
    """The result of a look: the files that are complete now, and those that never appeared."""

    recordings: Recordings
    whole: tuple[Path, ...] = ()
    missing: tuple[Path, ...] = ()


def begun(recordings: Recordings, path: Path) -> Recordings:
    """OBS records into a file now; if it was in another one, as with a split, that one is left."""
    if path == recordings.current:
        return recordings
    return replace(_left(recordings, path), current=path)


def ended(recordings: Recordings, path: Path | None) -> Recordings:
    """OBS has stopped; `path` is the last file, where OBS reports it."""
    if path is not None and path != recordings.current:
        recordings = begun(recordings, path)
    return replace(_left(recordings, None), current=None)


def waited_for(recordings: Recordings, path: Path) -> Recordings:
    """A file that may still be written to by somebody is watched until it is at rest."""
    if recordings.is_open(path):
        return recordings
    return replace(recordings, finishing=(*recordings.finishing, Finishing(path)))


def look(recordings: Recordings, trace_of: Callable[[Path], Trace]) -> LookResult:
    """Look at the files being finished once."""
    seen = [_look_at(each, trace_of) for each in recordings.finishing]
    whole = tuple(each.path for each in seen if each.calm >= CALM_LOOKS)
    missing = tuple(each.path for each in seen if each.looks >= PATIENT_LOOKS)
    rest = tuple(each for each in seen if each.path not in (*whole, *missing))
    return LookResult(replace(recordings, finishing=rest), whole, missing)


def trace_on_disk(path: Path) -> Trace:
    """The file's size and last change; None where it is not there or has nothing in it yet."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_size, found.st_mtime_ns) if found.st_size else None


def _left(recordings: Recordings, successor: Path | None) -> Recordings:
    if recordings.current is None:
        return recordings
    left = Finishing(recordings.current, successor)
    return replace(recordings, finishing=(*recordings.finishing, left), last=left.path)


def _look_at(file: Finishing, trace_of: Callable[[Path], Trace]) -> Finishing:
    trace = trace_of(file.path)
    if trace is None:
        return replace(file, trace=None, calm=0, looks=file.looks + 1)
    going_on = file.successor is not None and trace_of(file.successor) is None
    if going_on or trace != file.trace:
        return replace(file, trace=trace, calm=0, looks=0)
    return replace(file, calm=file.calm + 1)
