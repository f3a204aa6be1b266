"""Keeps subtitles that were edited by hand as corrections before they are replaced.

Runs of a part leave subtitles of several jobs side by side. Of each job, all of its
subtitles are handed over with the edits in them; later jobs come last, as what they say holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from editor_plugin.core.cues import Cue
from editor_plugin.core.errors import RecueError
from editor_plugin.core.jobs.status import count
from editor_plugin.hosts.job_client import correction_body
from editor_plugin.hosts.resolve import api
from editor_plugin.hosts.resolve.placing import placed_items
from editor_plugin.hosts.resolve.placing.read_back import changed, plain, read_back
from editor_plugin.hosts.resolve.reading.clock import TimelineClock
from editor_plugin.hosts.resolve.state import journal
from editor_plugin.hosts.resolve.state.journal import PlacedCue
from editor_plugin.hosts.resolve.state.session import Connect, Session
from editor_plugin.hosts.resolve.user_interface import Question, UserInterface


def before_replacing(
    session: Session, clock: TimelineClock, connect: Connect, ui: UserInterface
) -> list[str] | None:
    """Save edited subtitles as corrections. Returns sentences for the report; None where nothing
    may be replaced.

    Where this version reports no texts, or the engine does not take them, the user decides.
    """
    record = journal.recall(session)
    if record is None or placed_items.index_of(session, record.track) is None:
        return []
    now = read_back(session, clock)
    if now is None:
        unknown = "This version of Resolve does not report whether subtitles were edited"
        return _decide(ui, unknown, 0)
    removed = max(0, len(record.cues) - len(now))
    number = len(changed(record.cues, now, clock)) + removed
    if number == 0:
        return []
    shown = f"{count(number, 'subtitle')} edited by hand"
    made = standing(record, now, clock)
    try:
        engine = connect()
        answers = [
            engine.correct(correction_body(tuple(e.cue for e in made if e.job == job), job))
            for job in _touched(record, made, clock)
        ]
    except (RecueError, AttributeError):
        return _decide(ui, f"{shown}, which cannot be kept as corrections", 1)
    sentences = [
        api.text(each) for answer in answers for each in api.listed(answer.get("sentences"))
    ]
    return [f"{shown}: kept as corrections.", *dict.fromkeys(sentences)]


def with_lines(
    record: journal.PlacedSubtitles, now: Sequence[Cue], clock: TimelineClock
) -> tuple[Cue, ...]:
    """The cues on the timeline; those that nobody changed with their line breaks and times."""
    different = {id(cue) for cue in changed(record.cues, now, clock)}
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


def standing(
    record: journal.PlacedSubtitles, now: Sequence[Cue], clock: TimelineClock
) -> tuple[PlacedCue, ...]:
    """What the record's jobs made, as it stands on the timeline now."""
    there = [each for each in record.made if each.shown]
    hidden = [each for each in record.made if not each.shown]
    shown = [PlacedCue(cue, _job_of(cue, there, clock)) for cue in with_lines(record, now, clock)]
    return tuple(sorted([*hidden, *shown], key=lambda each: each.cue.start))


def _job_of(cue: Cue, there: Sequence[PlacedCue], clock: TimelineClock) -> int:
    """The job of the cue that was placed there; of one that was moved or is new, that of the cue
    with its text, else of the nearest one."""

    def strangeness(each: PlacedCue) -> tuple[bool, bool, Fraction]:
        away = abs(each.cue.start - cue.start)
        return away * clock.rate > 1, plain(each.cue.text) != plain(cue.text), away

    return min(there, key=strangeness).job if there else 0


def _touched(
    record: journal.PlacedSubtitles, made: Sequence[PlacedCue], clock: TimelineClock
) -> list[int]:
    """The jobs to correct: the first one in which something changed, and all later ones."""
    jobs = sorted({each.job for each in record.made})
    for number, job in enumerate(jobs):
        before = [each.cue for each in record.made if each.job == job and each.shown]
        after = [each.cue for each in made if each.job == job and each.shown]
        if len(before) != len(after) or changed(before, after, clock):
            return jobs[number:]
    return jobs


def _decide(ui: UserInterface, what: str, chosen: int) -> list[str] | None:
    """Let the user decide; where nothing can be asked, `chosen` is what happens."""
    question = Question("Replace", what, ("replace them", "leave them as they are"), chosen)
    answers = ui.ask("Recue", [question])
    return [f"{what}; they were replaced."] if answers == [0] else None
