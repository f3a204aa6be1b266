"""What somebody changed in our subtitles by hand: handed to the engine before they are replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from editor_plugin.core.cues import Cue
from editor_plugin.core.errors import RecueError
from editor_plugin.hosts.resolve import api, journal, ours
from editor_plugin.hosts.resolve.clock import Clock
from editor_plugin.hosts.resolve.face import Face, Question
from editor_plugin.hosts.resolve.read_back import changed, read_back, removed
from editor_plugin.hosts.resolve.session import Session
from editor_plugin.hosts.resolve.work import Connect


def before_replacing(
    session: Session, clock: Clock, connect: Connect, face: Face
) -> list[str] | None:
    """Save what was changed by hand. Sentences for the report; None where nothing may be replaced.

    Where this version does not tell the texts, or the engine does not take them, the user decides.
    """
    record = journal.recall(session)
    if record is None or ours.index_of(session, record.track) is None:
        return []
    now = read_back(session, clock)
    if now is None:
        return _decide(
            face, "Resolve does not tell here whether the subtitles were changed by hand", 0
        )
    count = len(changed(record, now, clock)) + removed(record, now)
    if count == 0:
        return []
    shown = f"{count} subtitle{'s were' if count > 1 else ' was'} changed by hand"
    try:
        answer = connect().correct(_body(with_lines(record, now, clock), record.job))
    except (RecueError, AttributeError):
        return _decide(face, f"{shown}, which cannot be kept", 1)
    sentences = [api.text(each) for each in api.listed(answer.get("sentences"))]
    return [f"{shown}: kept as corrections.", *sentences]


def with_lines(record: journal.Record, now: Sequence[Cue], clock: Clock) -> tuple[Cue, ...]:
    """The cues on the timeline; those that nobody changed with their line breaks and times."""
    different = {id(cue) for cue in changed(record, tuple(now), clock)}
    placed = {round(cue.start * clock.rate): cue for cue in record.cues}
    cues = []
    for cue in now:
        frame = round(cue.start * clock.rate)
        known = next((placed[at] for at in (frame, frame - 1, frame + 1) if at in placed), None)
        if known is None or id(cue) in different:
            cues.append(cue)
        elif abs(known.end - cue.end) * clock.rate <= 1:
            cues.append(known)
        else:
            cues.append(replace(cue, lines=known.lines))
    return tuple(cues)


def _body(cues: Sequence[Cue], job: int) -> dict[str, Any]:
    told = [{"start": str(c.start), "end": str(c.end), "text": c.text} for c in cues]
    return {"cues": told, "of": {"job": job, "input": 0}}


def _decide(face: Face, what: str, chosen: int) -> list[str] | None:
    """Let the user decide; where nothing can be asked, `chosen` is what happens."""
    question = Question("Replace", what, ("replace them", "leave them as they are"), chosen)
    answers = face.ask("Recue", [question])
    return [f"{what}; they were replaced."] if answers == [0] else None
