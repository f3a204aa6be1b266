"""Records on disk what a killed run has to restore, and what was placed on each timeline.

Two small files in Recue's data folder. The journal is there only while something is out of its
place, and has one entry for each timeline where that is so. The memory has, for each timeline, the
subtitles that Recue placed: only those may ever be replaced or deleted.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from editor_plugin.core.cues import Cue
from editor_plugin.hosts.folders import own_folders, this_machine
from editor_plugin.hosts.json_file import read_json, write_json
from editor_plugin.hosts.resolve.state.deliver_preset import take_away
from editor_plugin.hosts.resolve.state.saved_state import SavedState, TrackState, put_back
from editor_plugin.hosts.resolve.state.session import Session

JOURNAL = "resolve-journal.json"
MEMORY = "resolve-placed.json"


@dataclass(frozen=True)
class PlacedCue:
    """A cue, the engine's number of the job that made it (0: none), and whether it is on the
    timeline. One that a run of a part took the place of is not, but still belongs to what its job
    made: what was edited in that is compared with all of it."""

    cue: Cue
    job: int = 0
    shown: bool = True


@dataclass(frozen=True)
class PlacedSubtitles:
    """What Recue placed on a timeline: the track's name, the items' ids, and the cues."""

    track: str
    ids: tuple[str, ...]
    made: tuple[PlacedCue, ...]

    @property
    def cues(self) -> tuple[Cue, ...]:
        """The cues that are on the timeline."""
        return tuple(each.cue for each in self.made if each.shown)


@contextlib.contextmanager
def kept(session: Session, before: SavedState) -> Iterator[None]:
    """Run a block that changes the saved state; restore it in every outcome."""
    note(before)
    try:
        yield
    finally:
        restore(session, before)


def note(before: SavedState) -> None:
    """Write the journal; call it whenever something new has to be removed later."""
    journal = read_json(_path(JOURNAL))
    journal[_key(before.project, before.timeline)] = asdict(before)
    write_json(_path(JOURNAL), journal)


def restore(session: Session, before: SavedState) -> bool:
    """Restore the state, once no dialog is open; the journal stays if that fails."""
    session.wait_until_alive()
    good = take_away(session, before.preset, before.jobs) and put_back(session, before)
    if good:
        _strike(before)
    return good


def unfinished(session: Session) -> SavedState | None:
    """The state that an interrupted run of this timeline has to restore, if any."""
    return _before(read_json(_path(JOURNAL)).get(_key(session.project_id, session.timeline_id)))


def recall(session: Session) -> PlacedSubtitles | None:
    """The subtitles that Recue placed on this timeline; None where there are none."""
    stored: Any = read_json(_path(MEMORY)).get(_key(session.project_id, session.timeline_id))
    try:
        made = tuple(
            PlacedCue(Cue(Fraction(start), Fraction(end), tuple(lines)), int(job), bool(shown))
            for start, end, lines, job, shown in stored["cues"]
        )
        return PlacedSubtitles(str(stored["track"]), tuple(map(str, stored["ids"])), made)
    except (TypeError, KeyError, ValueError):
        return None


def store(session: Session, record: PlacedSubtitles | None) -> None:
    """Remember what was placed on this timeline, or forget it."""
    memory, key = read_json(_path(MEMORY)), _key(session.project_id, session.timeline_id)
    memory.pop(key, None)
    if record is not None:
        cues = [
            [str(each.cue.start), str(each.cue.end), list(each.cue.lines), each.job, each.shown]
            for each in record.made
        ]
        memory[key] = {"track": record.track, "ids": list(record.ids), "cues": cues}
    write_json(_path(MEMORY), memory)


def _key(project: str, timeline: str) -> str:
    return f"{project}/{timeline}"


def _strike(before: SavedState) -> None:
    journal = read_json(_path(JOURNAL))
    journal.pop(_key(before.project, before.timeline), None)
    if journal:
        write_json(_path(JOURNAL), journal)
    else:
        with contextlib.suppress(FileNotFoundError):
            _path(JOURNAL).unlink()


def _before(stored: Any) -> SavedState | None:
    try:
        tracks = {
            kind: [TrackState(**each) for each in each_kind]
            for kind, each_kind in stored["tracks"].items()
        }
        return SavedState(**{**stored, "tracks": tracks})
    except (TypeError, KeyError, AttributeError):
        return None


def _path(name: str) -> Path:
    return own_folders(this_machine()).data / name
