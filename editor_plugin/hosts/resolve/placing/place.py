"""Places subtitles: appends them to a track of Recue's own, reads them back, else removes them.

Where an append lands depends on the version and on things that scripts cannot see, so nothing is
believed: the items that are new afterwards are counted and measured. A new track comes last; where
nothing lands there it is tried in front of the others, which is where some versions append to.
Subtitles that are all early or late by the same number of frames are placed once more, with times
that compensate.
What Recue placed before goes only when the new subtitles are verified.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from editor_plugin.core.cues import Cue
from editor_plugin.core.jobs.status import count
from editor_plugin.core.timebase import nearest_frame, timecode
from editor_plugin.hosts.placed import Placed
from editor_plugin.hosts.resolve import api
from editor_plugin.hosts.resolve.placing import measure, placed_items
from editor_plugin.hosts.resolve.reading.clock import TimelineClock
from editor_plugin.hosts.resolve.state import journal
from editor_plugin.hosts.resolve.state.journal import PlacedCue
from editor_plugin.hosts.resolve.state.saved_state import (
    SavedState,
    TrackState,
    remember,
    set_state,
)
from editor_plugin.hosts.resolve.state.session import Session
from editor_plugin.hosts.srt import srt_text

BETWEEN_APPENDS = 1.5
"""Rapid appends crashed Resolve 21.1; 1.2 seconds were enough there."""


@dataclass(frozen=True)
class Way:
    """Whether our track comes in front, and the item is appended plainly, not in a dictionary."""

    in_front: bool
    plain: bool


WAYS = (Way(False, True), Way(True, True), Way(False, False))
"""The order of attempts: two authors needed the dictionary, one report has it crash Resolve."""


@dataclass(frozen=True)
class Placement:
    """The cues to be placed with the jobs that made them, their clock, and a folder for files."""

    made: tuple[PlacedCue, ...]
    clock: TimelineClock
    folder: Path

    @property
    def cues(self) -> tuple[Cue, ...]:
        """The cues that are to be shown."""
        return tuple(each.cue for each in self.made if each.shown)


@dataclass
class _Attempt:
    """A placement that is being tried. `paths` are the files that were imported, `off` how many
    frames late Resolve placed the cues where they had to be shifted."""

    session: Session
    task: Placement
    before: SavedState
    paths: list[Path] = field(default_factory=list)
    off: int = 0

    def bring(self, cues: tuple[Cue, ...]) -> str | None:
        """Import an SRT of these cues; returns the pool item's id."""
        self.paths.append(placed_items.write_fresh(srt_text(cues), self.task.folder))
        pool = self.session.pool()
        found = api.listed(api.call(pool, "ImportMedia", [str(self.paths[-1])]))
        uid = (api.uid(found[0]) or None) if found else None
        if uid is not None:
            self.before.imports.append(uid)
            journal.note(self.before)
        return uid

    def tidy(self) -> None:
        """Take what was imported out of the pool, and delete the files."""
        for uid in self.before.imports:
            placed_items.drop_from_pool(self.session, uid)
        for path in self.paths:
            path.unlink()


def place(session: Session, task: Placement) -> Placed:
    """Replace the subtitles that Recue placed before; everything else stays as it is.

    Raises EditorUnclear where another timeline was opened.
    """
    if not task.cues:
        return Placed(False, ("There is no subtitle to place; the timeline is as it was.",))
    before = remember(session)
    old = journal.recall(session)
    if old is not None and placed_items.index_of(session, old.track) is None:
        old = None  # somebody deleted its track
    before.ours = [placed_items.free_name(session)]
    replaced = True
    with journal.kept(session, before):
        attempt = _Attempt(session, task, before)
        new = _placed(attempt)
        if new is not None:
            replaced = _take_over(session, before, old)
            journal.store(session, journal.PlacedSubtitles(before.ours[0], new, task.made))
    if new is None:
        return Placed(False, _manual(task, api.text(api.call(session.timeline(), "GetName"))))
    placed = f"{count(len(task.cues), 'subtitle')} on the track “{before.ours[0]}”"
    sentences = [f"{placed}, each read back within a frame of its place."]
    if attempt.off:
        sentences.append(
            f"Resolve placed them {measure.in_words(attempt.off)}; Recue corrected this."
        )
    if old is not None and not replaced:
        sentences.append(f"The track “{old.track}” was edited by hand and stays as it is.")
    if not session.is_alive() or session.page() != before.page:
        sentences.append("An open dialog kept Recue from restoring the page; its next run does it.")
    return Placed(True, tuple(sentences))


def _take_over(session: Session, before: SavedState, old: journal.PlacedSubtitles | None) -> bool:
    """Remove what we placed earlier and give the new track its name; False where it stays."""
    if old is None or not placed_items.remove(session, old):
        return old is None
    tracks = before.tracks["subtitle"]
    before.tracks["subtitle"] = [each for each in tracks if each.name != old.track]
    index = placed_items.index_of(session, before.ours[0])
    if index and placed_items.index_of(session, old.track) is None:
        api.call(session.timeline(), "SetTrackName", "subtitle", index, old.track)
        if placed_items.index_of(session, old.track) == index:
            before.ours.insert(0, old.track)
    return True


def _placed(attempt: _Attempt) -> tuple[str, ...] | None:
    """The ids of the items where everything is right; None where all was taken back."""
    session = attempt.session
    session.open_page("edit")
    try:
        imported = attempt.bring(attempt.task.cues)
        for how in WAYS if imported is not None else ():
            if how.in_front and not session.edition.track_index:
                continue
            if not session.is_current():
                return None
            ids = _on_new_track(attempt, str(imported), how)
            if ids is not None:
                return ids
        return None
    finally:
        attempt.tidy()


def _on_new_track(attempt: _Attempt, imported: str, how: Way) -> tuple[str, ...] | None:
    session, name = attempt.session, attempt.before.ours[0]
    there = placed_items.ids(session)
    if not placed_items.add_track(session, name, how.in_front):
        return None
    if session.is_current():
        _open_only(session, name)
    ids = _appended(attempt, imported, how.plain, there)
    if ids is None:
        placed_items.delete_new(session, there)
        placed_items.delete_track(session, name)
        session.sleep(BETWEEN_APPENDS)
    return ids


def _appended(
    attempt: _Attempt, imported: str, plain: bool, there: set[str]
) -> tuple[str, ...] | None:
    """Append; once more where that was wrong, and then with times that compensate for the measured
    error. Returns the items' ids, None where nothing helped."""
    session, task, name = attempt.session, attempt.task, attempt.before.ours[0]
    source: str | None = imported
    off = 0
    for number in range(3):
        if number > 0:
            session.sleep(BETWEEN_APPENDS)
        if number == 2:
            earlier = measure.earlier(task.cues, off, task.clock.rate)
            source = attempt.bring(earlier) if off and earlier else None
        if source is None or not session.is_current() or not _append(session, source, plain):
            return None
        found = measure.look(session, there, len(task.cues))
        late = measure.lateness(session, found, task.cues, (task.clock, name))
        if measure.is_right(late):
            attempt.off = off if number == 2 else 0
            return tuple(each.uid for each in found)
        off = measure.constant(late)
        if not found or not placed_items.delete_new(session, there):
            return None
    return None


def _append(session: Session, imported: str, plain: bool) -> bool:
    """Append to the open timeline; Resolve's answer means nothing, so only the item is checked."""
    pool = session.pool()
    item = placed_items.in_pool(pool, imported)
    if item is not None:
        api.call(pool, "AppendToTimeline", [item if plain else {"mediaPoolItem": item}])
    return item is not None


def _open_only(session: Session, name: str) -> None:
    """Enable and unlock the track of this name, disable and lock the other subtitle tracks."""
    target = placed_items.index_of(session, name)
    for index in session.tracks("subtitle"):
        is_target = index == target
        set_state(session, "subtitle", index, TrackState("", is_target, not is_target))


def _manual(task: Placement, name: str) -> tuple[str, ...]:
    path = placed_items.write_fresh(srt_text(task.cues), task.folder, name)
    clock, cue = task.clock, min(task.cues, key=lambda each: each.start)
    frame = clock.start_frame + nearest_frame(cue.start, clock.rate)
    first = timecode(frame, clock.rate, clock.drop_frame)
    return (
        "Resolve did not place the subtitles correctly, so the timeline is unchanged; they are in "
        f"“{path}”.",
        "Choose File > Import > Subtitle and that file, right-click it in the media pool, and take "
        f"Insert Selected Subtitles to Timeline Using Timecode. The first one starts at {first}.",
    )
