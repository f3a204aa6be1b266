"""Subtitles onto the timeline: appended to a track of our own, read back, else taken back.

Where an append lands depends on the version and on things that scripts cannot see, so nothing is
believed: the items that are new afterwards are counted and measured. A new track comes last; where
nothing lands there it is tried in front of the others, which is where some versions append to.
What Recue placed before goes only when the new subtitles are verified.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from editor_plugin.core.cues import Cue
from editor_plugin.core.timebase import nearest_frame
from editor_plugin.hosts.base import Placed, Subtitles
from editor_plugin.hosts.resolve import api, journal, ours
from editor_plugin.hosts.resolve.belongings import Before, TrackState, remember, set_state
from editor_plugin.hosts.resolve.clock import Clock
from editor_plugin.hosts.resolve.session import Session
from editor_plugin.hosts.resolve.srt import cues_of, srt_of

FIRST_LOOK = 0.6
"""Seconds until a first look at what was appended; reports say 0.5."""
LOOKS, LOOKS_FOR_NOTHING, BETWEEN_LOOKS = 12, 4, 0.4
BETWEEN_APPENDS = 1.5
"""Rapid appends crashed Resolve 21.1; 1.2 seconds were enough there."""
TOLERANCE = 1
"""Frames that an item may lie beside its cue: Resolve rounds the SRT's milliseconds."""


@dataclass(frozen=True)
class Way:
    """Whether our track comes in front of the others, and whether the item is appended plainly or
    in a dictionary that has nothing else."""

    in_front: bool
    plain: bool


WAYS = (Way(False, True), Way(True, True), Way(False, False))
"""Tried one after the other as long as nothing is right: two authors needed the dictionary, one
report has it crash Resolve."""


@dataclass(frozen=True)
class Task:
    """What is to be placed: the cues, their clock, the folder for files, and the engine's job."""

    cues: tuple[Cue, ...]
    clock: Clock
    folder: Path
    job: int = 0


def task_of(subtitles: Subtitles, clock: Clock, folder: Path, job: int = 0) -> Task:
    """The task of placing subtitles."""
    return Task(cues_of(subtitles.srt), clock, folder, job)


def place(session: Session, task: Task) -> Placed:
    """Place subtitles in stead of those that Recue placed before; everything else stays as it is.

    Raises EditorUnclear where another timeline was opened.
    """
    if not task.cues:
        return Placed(False, ("There is no subtitle to place; the timeline is as it was.",))
    before = remember(session)
    old = journal.recall(session)
    if old is not None and ours.index_of(session, old.track) is None:
        old = None  # somebody deleted its track
    before.ours = [ours.free_name(session)]
    replaced = True
    with journal.kept(session, before):
        new = _placed(session, task, before)
        if new is not None:
            replaced = _take_over(session, before, old)
            journal.store(session, journal.Record(before.ours[0], new, task.cues, task.job))
    if new is None:
        return Placed(False, _manual(task, api.text(api.call(session.timeline(), "GetName"))))
    count = f"{len(task.cues)} subtitles are on the track “{before.ours[0]}”"
    told = [f"{count}, each read back within a frame of its place."]
    if old is not None and not replaced:
        told.append(f"The track “{old.track}” was changed by hand and stays as it is.")
    if not _is_tidy(session, before):
        told.append("A dialog kept Resolve from being put back; the next run of Recue does it.")
    return Placed(True, tuple(told))


def _take_over(session: Session, before: Before, old: journal.Record | None) -> bool:
    """Remove what we placed earlier and give the new track its name; False where it stays."""
    if old is None or not ours.remove(session, old):
        return old is None
    before.tracks["subtitle"] = [
        each for each in before.tracks["subtitle"] if each.name != old.track
    ]
    index = ours.index_of(session, before.ours[0])
    if index and ours.index_of(session, old.track) is None:
        api.call(session.timeline(), "SetTrackName", "subtitle", index, old.track)
        if ours.index_of(session, old.track) == index:
            before.ours.insert(0, old.track)
    return True


def _placed(session: Session, task: Task, before: Before) -> tuple[str, ...] | None:
    """The ids of the items where everything is right; None where all was taken back."""
    session.open_page("edit")
    path = ours.write_fresh(srt_of(task.cues), task.folder)
    imported = _import(session, path)
    try:
        if imported is None:
            return None
        before.imported = imported
        journal.note(before)
        for how in WAYS:
            if how.in_front and not session.edition.track_index:
                continue
            if not session.is_current():
                return None
            ids = _on_new_track(session, task, before, (imported, how))
            if ids is not None:
                return ids
        return None
    finally:
        ours.drop_from_pool(session, imported)
        path.unlink()


def _on_new_track(
    session: Session, task: Task, before: Before, what: tuple[str, Way]
) -> tuple[str, ...] | None:
    imported, how = what
    name = before.ours[0]
    there = ours.ids(session)
    if not ours.add_track(session, name, how.in_front):
        return None
    if session.is_current():
        _open_only(session, name)
    for repair in (False, True):
        if repair:
            session.sleep(BETWEEN_APPENDS)
        if not session.is_current() or not _append(session, imported, how.plain):
            break
        found = _look(session, there, len(task.cues))
        if _is_right(session, found, task, name):
            return tuple(each.uid for each in found)
        if not found or not ours.delete_new(session, there):
            break
    ours.delete_new(session, there)
    ours.delete_track(session, name)
    session.sleep(BETWEEN_APPENDS)
    return None


def _append(session: Session, imported: str, plain: bool) -> bool:
    """Append to the open timeline; what is answered says nothing."""
    pool = session.pool()
    item = ours.in_pool(pool, imported)
    if item is not None:
        api.call(pool, "AppendToTimeline", [item if plain else {"mediaPoolItem": item}])
    return item is not None


def _look(session: Session, there: set[str], expected: int) -> list[ours.Item]:
    """The new items, when as many are there as expected and no more come."""
    session.sleep(FIRST_LOOK)
    last: list[ours.Item] = []
    for look in range(LOOKS):
        found = ours.new_items(session, there)
        if found and found == last and len(found) >= expected:
            return found
        if look >= LOOKS_FOR_NOTHING and not found:
            return []
        last = found
        session.sleep(BETWEEN_LOOKS)
    return last


def _is_right(session: Session, found: list[ours.Item], task: Task, name: str) -> bool:
    index = ours.index_of(session, name)
    start, rate = task.clock.start_frame, task.clock.rate
    expected = sorted(start + nearest_frame(cue.start, rate) for cue in task.cues)
    starts = sorted(each.start for each in found)
    return (
        all(each.kind == "subtitle" and each.index == index for each in found)
        and len(starts) == len(expected)
        and all(abs(one - other) <= TOLERANCE for one, other in zip(starts, expected))
    )


def _open_only(session: Session, name: str) -> None:
    """Enable and unlock the track of this name, disable and lock the other subtitle tracks."""
    target = ours.index_of(session, name)
    for index in session.tracks("subtitle"):
        is_target = index == target
        set_state(session, "subtitle", index, TrackState("", is_target, not is_target))


def _import(session: Session, path: Path) -> str | None:
    """Import an SRT; returns the pool item's id."""
    found = api.listed(api.call(session.pool(), "ImportMedia", [str(path)]))
    return (api.uid(found[0]) or None) if found else None


def _manual(task: Task, name: str) -> tuple[str, ...]:
    path = ours.write_fresh(srt_of(task.cues), task.folder, name)
    return (
        "Resolve would not put the subtitles in their place, so everything is as it was; they lie "
        f"in “{path}”.",
        "Choose File > Import > Subtitle, pick that file, and drag it from the media pool to the "
        "start of the timeline.",
    )


def _is_tidy(session: Session, before: Before) -> bool:
    return session.is_alive() and session.page() == before.page


def merged(
    old: journal.Record | None, new: Subtitles, span: tuple[Fraction, Fraction] | None
) -> Subtitles:
    """New subtitles of a stretch [in, out) in seconds, between those placed before around it."""
    if old is None or span is None:
        return new
    fresh = cues_of(new.srt)
    around = [
        cue
        for cue in old.cues
        if (cue.end <= span[0] or cue.start >= span[1])
        and not any(cue.start < each.end and each.start < cue.end for each in fresh)
    ]
    cues = sorted([*around, *fresh], key=lambda cue: cue.start)
    return replace(new, cues=tuple(cues), srt=srt_of(cues))
