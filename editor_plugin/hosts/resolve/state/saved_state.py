"""Saves the state of the editor that Recue changes while it works, and restores it.

Page, track states, in and out point, playhead, bin and the bin's selection. It is JSON, so that
`journal` can keep it on disk: a run that was killed half-way is undone by the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from editor_plugin.hosts.resolve import api
from editor_plugin.hosts.resolve.state.session import Session

KINDS = ("audio", "subtitle")


@dataclass(frozen=True)
class TrackState:
    """A track: its name, whether it is enabled, whether it is locked."""

    name: str
    enabled: bool
    locked: bool


@dataclass
class SavedState:
    """The editor's state before a run. `marks` is what GetMarkInOut returned, `ours` the names of
    tracks we made; `preset`, `jobs` and `imports` are the render preset, the jobs and the pool
    items that we added, to be taken away."""

    project: str
    timeline: str
    page: str = ""
    playhead: str = ""
    bin: str = ""
    tracks: dict[str, list[TrackState]] = field(default_factory=dict)
    marks: dict[str, dict[str, int]] = field(default_factory=dict)
    has_marks: bool = False
    selected: list[str] = field(default_factory=list)
    ours: list[str] = field(default_factory=list)
    preset: str = ""
    jobs: list[str] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)


def remember(session: Session) -> SavedState:
    """Save the state; the timeline must be the open one, or its mutes are not reported."""
    session.must_be_current()
    timeline, pool = session.timeline(), session.pool()
    before = SavedState(session.project_id, session.timeline_id, session.page())
    before.playhead = api.text(api.call(timeline, "GetCurrentTimecode"))
    before.bin = api.uid(api.call(pool, "GetCurrentFolder"))
    before.tracks = {kind: states(session, kind) for kind in KINDS}
    before.has_marks = session.edition.marks
    before.marks = marks_of(timeline)
    before.selected = _selected(pool)
    return before


def states(session: Session, kind: str) -> list[TrackState]:
    """The states of the tracks of a kind, in their order."""
    timeline = session.timeline()
    return [
        TrackState(
            session.track_name(kind, index),
            api.call(timeline, "GetIsTrackEnabled", kind, index) is True,
            api.call(timeline, "GetIsTrackLocked", kind, index) is True,
        )
        for index in session.tracks(kind)
    ]


def marks_of(timeline: Any) -> dict[str, dict[str, int]]:
    """In and out points by kind, relative to the timeline's start; only those that are set."""
    answer = api.call(timeline, "GetMarkInOut")
    marks: dict[str, dict[str, int]] = {}
    for kind, edges in answer.items() if isinstance(answer, dict) else ():
        if isinstance(edges, dict):
            reported = {name: api.whole(edges.get(name)) for name in ("in", "out")}
            marks[str(kind)] = {
                name: value for name, value in reported.items() if value is not None
            }
    return {kind: edges for kind, edges in marks.items() if edges}


def put_back(session: Session, before: SavedState) -> bool:
    """Restore everything that has changed; returns whether all is as it was."""
    timeline = session.timeline()
    if timeline is None:
        return False
    good = True
    for kind in before.tracks:
        good = _restore_tracks(session, kind, before) and good
    if before.has_marks and marks_of(timeline) != before.marks:
        _restore_marks(timeline, before.marks)
        good = marks_of(timeline) == before.marks and good
    if before.playhead and api.text(api.call(timeline, "GetCurrentTimecode")) != before.playhead:
        api.call(timeline, "SetCurrentTimecode", before.playhead)
    _restore_bin(session.pool(), before)
    return session.open_page(before.page) and good


def _restore_tracks(session: Session, kind: str, before: SavedState) -> bool:
    """By order, with the tracks that we made left out; by name where a track is gone."""
    now = states(session, kind)
    theirs = [at for at, each in enumerate(now) if each.name not in before.ours]
    wanted = before.tracks[kind]
    if kind == "subtitle":
        wanted = [each for each in wanted if each.name not in before.ours]
    if len(theirs) == len(wanted):
        pairs = list(zip(theirs, wanted))
    else:
        pairs = [(at, each) for at in theirs for each in wanted if each.name == now[at].name]
    for at, old in pairs:
        set_state(session, kind, at + 1, old)
    if not session.is_current():
        return True  # it does not report them truly, so they were set without being asked for
    after = states(session, kind)
    now_and_old = ((after[at], old) for at, old in pairs if at < len(after))
    return all((n.enabled, n.locked) == (o.enabled, o.locked) for n, o in now_and_old)


def set_state(session: Session, kind: str, index: int, wanted: TrackState) -> None:
    """Enable or disable, lock or unlock a track, where it is not so already. The states of a
    timeline that is not open all read False, so there both are set."""
    timeline, is_current = session.timeline(), session.is_current()
    for getter, setter, state in (
        ("GetIsTrackEnabled", "SetTrackEnable", wanted.enabled),
        ("GetIsTrackLocked", "SetTrackLock", wanted.locked),
    ):
        if not is_current or (api.call(timeline, getter, kind, index) is True) != state:
            api.call(timeline, setter, kind, index, state)


def _restore_marks(timeline: Any, marks: dict[str, dict[str, int]]) -> None:
    api.call(timeline, "ClearMarkInOut", "all")
    for kind, edges in marks.items():
        if "in" in edges and "out" in edges:
            api.call(timeline, "SetMarkInOut", edges["in"], edges["out"], kind)


def _restore_bin(pool: Any, before: SavedState) -> None:
    if before.bin and api.uid(api.call(pool, "GetCurrentFolder")) != before.bin:
        folder = find_folder(pool, lambda each: api.uid(each) == before.bin)
        if folder is not None:
            api.call(pool, "SetCurrentFolder", folder)
    if _selected(pool) != before.selected and len(before.selected) == 1:
        for item in api.listed(api.call(api.call(pool, "GetCurrentFolder"), "GetClipList")):
            if api.uid(item) == before.selected[0]:
                api.call(pool, "SetSelectedClip", item)


def find_folder(pool: Any, is_wanted: Callable[[Any], bool]) -> Any:
    """The first bin of the pool that is wanted, or None."""
    waiting = [api.call(pool, "GetRootFolder")]
    while waiting:
        folder = waiting.pop(0)
        if folder is None:
            continue
        if is_wanted(folder):
            return folder
        waiting.extend(api.listed(api.call(folder, "GetSubFolderList")))
    return None


def _selected(pool: Any) -> list[str]:
    return [api.uid(each) for each in api.listed(api.call(pool, "GetSelectedClips"))]
