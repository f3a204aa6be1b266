"""What is put back by the next run if this one is killed, and what was placed where.

Two small files in Recue's data folder. The journal is there only while something is out of its
place. The memory has, for each timeline, the subtitles that Recue placed: only those may ever be
replaced or deleted.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from editor_plugin.core.cues import Cue
from editor_plugin.hosts.folders import own_folders, this_machine
from editor_plugin.hosts.resolve.belongings import Before, TrackState, put_back
from editor_plugin.hosts.resolve.deliver_state import take_away
from editor_plugin.hosts.resolve.session import Session

JOURNAL = "resolve-journal.json"
MEMORY = "resolve-placed.json"
REST_SECONDS = 1.0
MOST_RESTS = 60
"""How long an open dialog is waited for: a minute. Then the next run puts things back."""


@dataclass(frozen=True)
class Record:
    """What Recue placed on a timeline: the track's name, the items' ids, the cues, and the
    engine's number of the job that made them (0: none)."""

    track: str
    ids: tuple[str, ...]
    cues: tuple[Cue, ...]
    job: int = 0


@contextlib.contextmanager
def kept(session: Session, before: Before) -> Iterator[None]:
    """Do something that moves things about; in every outcome they are put back."""
    note(before)
    try:
        yield
    finally:
        settle(session, before)


def note(before: Before) -> None:
    """Write the journal: to be called whenever something new must be taken away later."""
    _write(JOURNAL, asdict(before))


def settle(session: Session, before: Before) -> bool:
    """Put things back, waiting for a dialog to be closed; keeps the journal if that fails."""
    for _ in range(MOST_RESTS):
        if session.is_alive():
            break
        session.sleep(REST_SECONDS)
    good = take_away(session, before.preset, before.jobs) and put_back(session, before)
    if good:
        _delete(JOURNAL)
    return good


def unfinished() -> Before | None:
    """What an earlier run left to be put back; None where there is nothing."""
    return _before(_read(JOURNAL))


def recall(session: Session) -> Record | None:
    """What Recue placed on this timeline; None for nothing."""
    told: Any = _read(MEMORY).get(_key(session))
    try:
        cues = tuple(
            Cue(Fraction(start), Fraction(end), tuple(lines)) for start, end, lines in told["cues"]
        )
        return Record(str(told["track"]), tuple(map(str, told["ids"])), cues, int(told["job"]))
    except (TypeError, KeyError, ValueError):
        return None


def store(session: Session, record: Record | None) -> None:
    """Remember what was placed on this timeline, or forget it."""
    memory = _read(MEMORY)
    memory.pop(_key(session), None)
    if record is not None:
        cues = [[str(cue.start), str(cue.end), list(cue.lines)] for cue in record.cues]
        told = {"track": record.track, "ids": list(record.ids), "cues": cues, "job": record.job}
        memory[_key(session)] = told
    _write(MEMORY, memory)


def _key(session: Session) -> str:
    return f"{session.project_id}/{session.timeline_id}"


def _before(told: dict[str, Any]) -> Before | None:
    try:
        tracks = {
            kind: [TrackState(**each) for each in each_kind]
            for kind, each_kind in told["tracks"].items()
        }
        return Before(**{**told, "tracks": tracks})
    except (TypeError, KeyError, AttributeError):
        return None


def _path(name: str) -> Path:
    return own_folders(this_machine()).data / name


def _read(name: str) -> dict[str, Any]:
    try:
        told = json.loads(_path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _write(name: str, content: dict[str, Any]) -> None:
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(name + ".new")
    new.write_text(json.dumps(content), encoding="utf-8")
    os.replace(new, path)


def _delete(name: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        _path(name).unlink()
