"""FCPXML 1.8 to 1.13, as Final Cut Pro and DaVinci Resolve write it (.fcpxml, .fcpxmld).

Recue has its own reader: OpenTimelineIO's adapter finds no media path from version 1.9 on, ignores
`tcStart` and `enabled`, and misplaces clips at 23.976, 29.97 and 59.94.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from heapq import heappop, heappush
from pathlib import Path
from xml.etree.ElementTree import Element

from editor_plugin.core.timebase import nearest_frame
from editor_plugin.engine.interchange.draft import (
    RATE_ASSUMED,
    Draft,
    DraftClip,
    DraftTrack,
    TimelineFormat,
    Unreadable,
)
from editor_plugin.engine.interchange.expansion import Expansion
from editor_plugin.engine.interchange.fcpxml_resources import Resources, seconds
from editor_plugin.engine.interchange.fcpxml_story import Story, StoryClock
from editor_plugin.engine.interchange.xml_file import read_xml


def read_fcpxml(path: Path, rate: Fraction | None = None) -> Draft:
    """Read an .fcpxml file, or an .fcpxmld folder."""
    root = read_xml(path / "Info.fcpxml" if path.is_dir() else path)
    if root.tag != "fcpxml":
        raise Unreadable(f"it is XML of another kind (“{root.tag[:40]}”)")
    projects = list(root.iter("project"))
    sequence = next((p.find("sequence") for p in projects if p.find("sequence") is not None), None)
    if sequence is None:
        raise Unreadable("there is no project in it")
    return _draft(root, projects, sequence, rate)


def _draft(
    root: Element, projects: list[Element], sequence: Element, rate: Fraction | None
) -> Draft:
    resources = Resources.of(root)
    stated = resources.rate(sequence)
    chosen = stated or rate or Fraction(24)
    start = seconds(sequence, "tcStart")
    draft = Draft(
        projects[0].get("name", ""),
        chosen,
        start_frame=nearest_frame(start, chosen),
        drop_frame=sequence.get("tcFormat") == "DF",
    )
    if stated is None and rate is None:
        draft.notes.append(RATE_ASSUMED)
    if len(projects) > 1:
        draft.notes.append(f"The file has {len(projects)} projects; “{draft.name}” is read.")
    story = Story(resources, draft.notes, Expansion(root, "compound clips"))
    for spine in sequence.findall("spine"):
        story.spine(spine, StoryClock(local=start, rate=chosen), start)
    draft.tracks += [
        DraftTrack(_lane_name(lane), True, tuple(clips))
        for lane, sounds in sorted(story.sounds.items(), key=lambda each: (abs(each[0]), each[0]))
        for clips in _without_overlap(sounds)
    ]
    draft.tracks.append(DraftTrack("Picture", False, tuple(story.pictures)))
    return draft


def _lane_name(lane: int) -> str:
    return f"Lane {lane}" if lane else "Primary storyline"


def _without_overlap(clips: Iterable[DraftClip]) -> list[list[DraftClip]]:
    """Spread clips over as many tracks as are needed: each goes to the first one that is free."""
    tracks: list[list[DraftClip]] = []
    taken: list[tuple[Fraction, int]] = []  # with the times from which on they are free
    free: list[int] = []
    for clip in sorted(clips, key=lambda each: each.record.start):
        while taken and taken[0][0] <= clip.record.start:
            heappush(free, heappop(taken)[1])
        if not free:
            free.append(len(tracks))
            tracks.append([])
        track = heappop(free)
        tracks[track].append(clip)
        heappush(taken, (clip.record.end, track))
    return tracks


FORMATS = (
    TimelineFormat(".fcpxml", read_fcpxml),
    TimelineFormat(".fcpxmld", read_fcpxml, is_folder=True),
)
