"""Sets and removes markers at words that the model was not sure of, known by custom data."""

from __future__ import annotations

from collections.abc import Iterable

from editor_plugin.core.jobs.result import DoubtfulWord
from editor_plugin.core.timebase import frame_at
from editor_plugin.hosts.resolve import api
from editor_plugin.hosts.resolve.reading.clock import TimelineClock
from editor_plugin.hosts.resolve.state.session import Session

MARK = "recue-word-to-check"
COLOUR = "Yellow"
NAME = "Word to check"
TRIES = 5
"""Frames to try where one has a marker already: there is only one for each frame."""
MOST = 5000


def renew(session: Session, doubts: Iterable[DoubtfulWord], clock: TimelineClock) -> int:
    """Remove our markers and set new ones; returns how many are there."""
    clear(session)
    for doubt in list(doubts)[:MOST]:
        frame = frame_at(doubt.start, clock.rate)
        note = f"{doubt.text} ({doubt.confidence:.0%} sure)"
        for at in range(frame, frame + TRIES):
            if api.call(session.timeline(), "AddMarker", at, COLOUR, NAME, note, 1, MARK) is True:
                break
    return _count(session)


def clear(session: Session) -> bool:
    """Remove our markers, one after the other; returns whether all are gone."""
    for _ in range(_count(session)):
        api.call(session.timeline(), "DeleteMarkerByCustomData", MARK)
    return _count(session) == 0


def _count(session: Session) -> int:
    markers = api.call(session.timeline(), "GetMarkers")
    found = markers.values() if isinstance(markers, dict) else ()
    return sum(isinstance(each, dict) and each.get("customData") == MARK for each in found)
