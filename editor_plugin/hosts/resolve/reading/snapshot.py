"""Reads the open timeline as a snapshot. What cannot be read is reported, never guessed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction
from typing import Any

from editor_plugin.core.timeline import NO_FILE, Clip, Span, Timeline, Track
from editor_plugin.hosts.resolve import api
from editor_plugin.hosts.resolve.edition import limits
from editor_plugin.hosts.resolve.reading.clips import clip_of
from editor_plugin.hosts.resolve.reading.clock import TimelineClock, clock_of
from editor_plugin.hosts.resolve.state.saved_state import marks_of
from editor_plugin.hosts.resolve.state.session import Session


def snapshot(session: Session, only: Collection[str] | None = None) -> Timeline:
    """Read the timeline; `only` has the ids of the items that are wanted, None means all.

    Raises EditorUnclear where another timeline is open: its mutes would all read as muted.
    """
    session.must_be_current()
    clock = clock_of(session)
    notes = list(limits(session.edition))
    indexes = session.tracks("audio")
    tracks = tuple(_track(session, index, clock, (only, notes)) for index in indexes)
    name = api.text(api.call(session.timeline(), "GetName"))
    shot_changes = _shot_changes(session, clock)
    # A dialog that opened meanwhile makes every answer after it an empty one.
    session.must_be_current()
    times = (clock.start_frame, clock.drop_frame, shot_changes)
    return Timeline(name, clock.rate, tracks, *times, tuple(dict.fromkeys(notes)))


def marked(session: Session, clock: TimelineClock) -> Span | None:
    """The in and out point in record seconds, the out point's frame included; None without them.

    Marks over the whole timeline may be left from a render and mean nothing.
    """
    marks = marks_of(session.timeline())
    edges = marks.get("audio") or marks.get("video") or marks.get("all") or {}
    length = clock.end_frame - clock.start_frame
    first, last = edges.get("in", 0), edges.get("out", length - 1)
    if not edges or last < first or (first == 0 and last >= length - 1):
        return None
    return Span(first / clock.rate, (last + 1) / clock.rate)


def selected(session: Session) -> set[str]:
    """The ids of the selected items and those linked to them; before 21.0.4 at the playhead."""
    timeline = session.timeline()
    chosen = api.listed(api.call(timeline, "GetSelectedClips"))
    if not chosen and not session.edition.selection:
        item = api.call(timeline, "GetCurrentVideoItem")
        chosen = [item] if item is not None else []
    linked = [each for item in chosen for each in api.listed(api.call(item, "GetLinkedItems"))]
    return {api.uid(each) for each in [*chosen, *linked]} - {""}


def _track(
    session: Session,
    index: int,
    clock: TimelineClock,
    wanted: tuple[Collection[str] | None, list[str]],
) -> Track:
    only, notes = wanted
    timeline = session.timeline()
    name = session.track_name("audio", index)
    muted = api.call(timeline, "GetIsTrackEnabled", "audio", index) is not True
    clips = []
    for item in session.items("audio", index):
        if only is not None and api.uid(item) not in only:
            continue
        read = clip_of(item, clock)
        if read is not None:
            clips.append(read[0])
            notes.extend([read[1]] if read[1] and not muted else [])
    return Track(name, index, _without_transitions(clips), muted)


def _without_transitions(clips: list[Clip]) -> tuple[Clip, ...]:
    """A transition has no file and lies over the clips that it joins: it is no sound of its own."""
    real = [clip for clip in clips if clip.fault != NO_FILE]
    return tuple(
        clip
        for clip in clips
        if clip in real or not any(_overlap(clip.record, each.record) for each in real)
    )


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _shot_changes(session: Session, clock: TimelineClock) -> tuple[Fraction, ...]:
    """The shot changes: where clips of enabled video tracks begin and end. The end of the programme
    is none, though a subtitle may reach beyond it and lengthen the timeline."""
    timeline = session.timeline()
    ends = {edge for _, _, item in session.all_items("video", "audio") for edge in _edges(item)}
    edges: set[int] = set()
    for index in session.tracks("video"):
        if api.call(timeline, "GetIsTrackEnabled", "video", index) is not True:
            continue
        for item in session.items("video", index):
            if api.call(item, "GetMediaPoolItem") is not None:
                edges.update(_edges(item))
    inside = sorted(each for each in edges if clock.start_frame < each < max(ends, default=0))
    return tuple(clock.seconds(each) for each in inside)


def _edges(item: Any) -> list[int]:
    reported = (api.number(api.call(item, name)) for name in ("GetStart", "GetEnd"))
    return [round(each) for each in reported if each is not None]


def with_renders(timeline: Timeline, rendered: dict[tuple[int, Fraction], Clip]) -> Timeline:
    """The snapshot with rendered clips in stead of those at (track index, record start)."""
    tracks = []
    for track in timeline.tracks:
        clips = (rendered.get((track.index, clip.record.start), clip) for clip in track.clips)
        tracks.append(replace(track, clips=tuple(clips)))
    return replace(timeline, tracks=tuple(tracks))
