"""Reads Recue's subtitles back from the timeline, and finds those that were edited by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable

from editor_plugin.core.cues import Cue
from editor_plugin.hosts.resolve import api
from editor_plugin.hosts.resolve.placing import placed_items
from editor_plugin.hosts.resolve.reading.clock import TimelineClock
from editor_plugin.hosts.resolve.state import journal
from editor_plugin.hosts.resolve.state.session import Session

LITERAL = "Subtitle"
"""What Resolve 20.2 calls every subtitle, whatever its text."""


def read_back(session: Session, clock: TimelineClock) -> tuple[Cue, ...] | None:
    """The cues on our track, their lines as one; None without a track or without their texts."""
    record = journal.recall(session)
    index = placed_items.index_of(session, record.track) if record else None
    if index is None or not session.edition.subtitle_texts:
        return None
    cues = cues_on(session, clock, index)
    if cues and all(cue.text == LITERAL for cue in cues):
        return None
    return cues


def cues_on(session: Session, clock: TimelineClock, index: int) -> tuple[Cue, ...]:
    """The cues of a subtitle track."""
    cues = []
    for item in session.items("subtitle", index):
        start, end = (api.number(api.call(item, name)) for name in ("GetStart", "GetEnd"))
        if start is not None and end is not None and end > start:
            lines = (api.text(api.call(item, "GetName")),)
            cues.append(Cue(clock.seconds(start), clock.seconds(end), lines))
    return tuple(sorted(cues, key=lambda cue: cue.start))


def changed(placed: Iterable[Cue], now: Iterable[Cue], clock: TimelineClock) -> list[Cue]:
    """The cues that are not as they were placed: another text, moved, or new. A text's line breaks
    and what stands in angle brackets are lost in a name, so they do not count."""
    texts = {round(cue.start * clock.rate): plain(cue.text) for cue in placed}
    different = []
    for cue in now:
        frame = round(cue.start * clock.rate)
        if plain(cue.text) not in {texts.get(each) for each in (frame - 1, frame, frame + 1)}:
            different.append(cue)
    return different


def plain(text: str) -> str:
    """A text as far as a subtitle's name keeps it."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]*>?", "", text)).replace("\u2060", "")
