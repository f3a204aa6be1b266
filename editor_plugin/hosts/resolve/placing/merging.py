"""Merges new subtitles of a part of the timeline with those that are there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from editor_plugin.core.cues import Cue
from editor_plugin.core.timeline import Span
from editor_plugin.hosts.resolve.placing import edits, placed_items
from editor_plugin.hosts.resolve.placing.read_back import read_back
from editor_plugin.hosts.resolve.reading.clock import TimelineClock
from editor_plugin.hosts.resolve.state import journal
from editor_plugin.hosts.resolve.state.journal import PlacedCue
from editor_plugin.hosts.resolve.state.session import Session


def standing_now(session: Session, clock: TimelineClock) -> tuple[PlacedCue, ...]:
    """Our subtitles as they stand on the timeline, with what was edited in them; where this version
    does not report that, as they were placed."""
    record = journal.recall(session)
    if record is None or placed_items.index_of(session, record.track) is None:
        return ()
    now = read_back(session, clock)
    return record.made if now is None else edits.standing(record, now, clock)


def merged(
    there: Sequence[PlacedCue], fresh: Sequence[Cue], job: int, span: Span | None
) -> tuple[PlacedCue, ...]:
    """The cues of a job in place of those that are there in its span, or of all where it has none.

    What had to give way is kept hidden, as long as something else of its job is shown.
    """
    new = [PlacedCue(cue, job) for cue in fresh]
    if span is None:
        return tuple(new)
    old = [replace(each, shown=each.shown and _stays(each.cue, fresh, span)) for each in there]
    jobs = {each.job for each in old if each.shown}
    kept = [each for each in old if each.job in jobs]
    return tuple(sorted([*kept, *new], key=lambda each: each.cue.start))


def _stays(cue: Cue, fresh: Sequence[Cue], span: Span) -> bool:
    outside = cue.end <= span.start or cue.start >= span.end
    return outside and not any(cue.start < each.end and each.start < cue.end for each in fresh)
