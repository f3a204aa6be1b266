"""Measures by how many frames Resolve placed appended items early or late."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from editor_plugin.core.cues import Cue
from editor_plugin.core.jobs.status import count
from editor_plugin.core.timebase import nearest_frame
from editor_plugin.hosts.resolve.placing import placed_items
from editor_plugin.hosts.resolve.reading.clock import TimelineClock
from editor_plugin.hosts.resolve.state.session import Session

FIRST_LOOK = 0.6
"""Seconds until a first look at what was appended; reports say 0.5."""
LOOKS, LOOKS_FOR_NOTHING, BETWEEN_LOOKS = 12, 4, 0.4
TOLERANCE = 1
"""Frames that an item may lie beside its cue: Resolve rounds the SRT's milliseconds."""
LAST = Fraction(360_000)
"""Seconds that an SRT has no times for: its hours have two digits."""


def look(session: Session, there: set[str], expected: int) -> list[placed_items.Item]:
    """The new items, when as many are there as expected and no more come."""
    session.sleep(FIRST_LOOK)
    last: list[placed_items.Item] = []
    for look in range(LOOKS):
        found = placed_items.new_items(session, there)
        if found and found == last and len(found) >= expected:
            return found
        if look >= LOOKS_FOR_NOTHING and not found:
            return []
        last = found
        session.sleep(BETWEEN_LOOKS)
    return last


def lateness(
    session: Session,
    found: list[placed_items.Item],
    cues: tuple[Cue, ...],
    where: tuple[TimelineClock, str],
) -> list[int] | None:
    """By how many frames each cue is late on the track of a name; None where not all lie there."""
    clock, name = where
    index = placed_items.index_of(session, name)
    expected = sorted(clock.start_frame + nearest_frame(cue.start, clock.rate) for cue in cues)
    starts = sorted(each.start for each in found)
    if len(starts) != len(expected):
        return None
    if not all(each.kind == "subtitle" and each.index == index for each in found):
        return None
    return [one - other for one, other in zip(starts, expected)]


def is_right(late: list[int] | None) -> bool:
    """Whether every cue is where it belongs."""
    return late is not None and all(abs(each) <= TOLERANCE for each in late)


def constant(late: list[int] | None) -> int:
    """The frames by which all cues are late, give or take a rounding; 0 where they differ."""
    if not late or max(late) - min(late) > TOLERANCE:
        return 0
    return sorted(late)[len(late) // 2]


def earlier(cues: tuple[Cue, ...], frames: int, rate: Fraction) -> tuple[Cue, ...] | None:
    """The cues earlier by so many frames; None where an SRT has no such times."""
    by = frames / rate
    moved = tuple(replace(cue, start=cue.start - by, end=cue.end - by) for cue in cues)
    fits = min(cue.start for cue in moved) >= 0 and max(cue.end for cue in moved) < LAST
    return moved if fits else None


def in_words(off: int) -> str:
    """ "3 frames late"."""
    return f"{count(abs(off), 'frame')} {'late' if off > 0 else 'early'}"
