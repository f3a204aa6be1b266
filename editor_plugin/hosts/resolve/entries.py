"""The entries of the menu, each from the snapshot to the report."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from editor_plugin.core.checks import check
from editor_plugin.core.errors import Cancelled
from editor_plugin.core.projection import findings, needed
from editor_plugin.core.reports import report_lines
from editor_plugin.core.styles import PLAIN, STYLES
from editor_plugin.core.timeline import Timeline
from editor_plugin.hosts.base import Wish, request_for
from editor_plugin.hosts.folders import own_folders, this_machine
from editor_plugin.hosts.resolve import api, asking, edits, journal, markers, ours, preferences
from editor_plugin.hosts.resolve.clock import Clock, clock_of
from editor_plugin.hosts.resolve.face import Face
from editor_plugin.hosts.resolve.place import merged, place, task_of
from editor_plugin.hosts.resolve.read_back import cues_on, read_back
from editor_plugin.hosts.resolve.render import rendered, unreadable
from editor_plugin.hosts.resolve.session import Session
from editor_plugin.hosts.resolve.snapshot import marked, selected, snapshot
from editor_plugin.hosts.resolve.srt import srt_of
from editor_plugin.hosts.resolve.work import Connect, Job

MOST_SENTENCES = 40
"""More than that nobody reads in a report."""


@dataclass(frozen=True)
class Run:
    """What each entry is given: the session, the face, and the way to the engine."""

    session: Session
    face: Face
    connect: Connect


@dataclass(frozen=True)
class Part:
    """Which part of the timeline: an in and out point in seconds, ids of items, or all of it."""

    span: tuple[Fraction, Fraction] | None = None
    items: Collection[str] | None = None


def generate(run: Run) -> None:
    """Subtitles for the whole timeline."""
    _subtitles(run, Part())


def refresh(run: Run) -> None:
    """Subtitles for the whole timeline as it is now, with the choices that were made last, in
    stead of those that Recue placed; what was changed in those by hand is kept as corrections."""
    _subtitles(run, Part(), asks=False)


def transcribe_in_out(run: Run) -> None:
    """Subtitles from the in point to the out point; the others of ours stay."""
    if not run.session.edition.marks:
        run.face.report(
            "Recue",
            [
                "This version of Resolve does not tell the in and out point.",
                "Generate subtitles "
                "for the whole timeline; what was recognised before is not recognised again.",
            ],
        )
        return
    span = marked(run.session, clock_of(run.session))
    if span is None:
        run.face.report("Recue", ["No in and out point is set.", "Set them, and start this again."])
        return
    _subtitles(run, Part(span))


def transcribe_selected(run: Run) -> None:
    """Subtitles for the selected clips, before 21.0.4 for those under the playhead."""
    items = selected(run.session)
    if not items:
        run.face.report(
            "Recue", ["No clip is selected.", "Select clips on the timeline, and start this again."]
        )
        return
    _subtitles(run, Part(items=items))


def export_srt(run: Run) -> None:
    """The subtitles of our track as an SRT file in the user's Documents."""
    session = run.session
    record = journal.recall(session)
    if record is None:
        run.face.report(
            "Recue",
            ["There are no subtitles of Recue’s on this timeline yet.", "Generate some first."],
        )
        return
    now = read_back(session, clock_of(session))
    cues = record.cues if now is None else edits.with_lines(record, now, clock_of(session))
    name = api.text(api.call(session.timeline(), "GetName"))
    path = _unused(Path.home(), name)
    path.write_bytes(srt_of(cues).encode("utf-8"))
    told = [f"{len(cues)} subtitles are in “{path}”."]
    if now is None:
        told.append("This version of Resolve does not tell what was changed in them by hand.")
    run.face.report("Recue", told)


def check_subtitles(run: Run) -> None:
    """What the style objects to in our subtitles, or else in those of the first subtitle track."""
    session, clock = run.session, clock_of(run.session)
    record = journal.recall(session)
    now = read_back(session, clock)
    if record is not None:
        cues = record.cues if now is None else edits.with_lines(record, now, clock)
    else:
        cues = cues_on(session, clock, 1) if session.tracks("subtitle") else ()
    chosen = preferences.load().style
    style = next((each for each in STYLES if each.name == chosen), PLAIN)
    found = check(cues, style, clock.rate, snapshot(session).cuts)
    lines = report_lines(found)[-MOST_SENTENCES:]
    run.face.report(f"Recue: {len(cues)} subtitles, style {style.name}", lines)


def settings_and_doctor(run: Run) -> None:
    """The choices that every run starts from, and what recue doctor says."""
    if not asking.settle(run.face, own_folders(this_machine())):
        return
    run.face.report("Recue", [run.session.edition.shown, *asking.doctor()])


def _subtitles(run: Run, part: Part, asks: bool = True) -> None:
    session, face = run.session, run.face
    clock = clock_of(session)
    timeline = snapshot(session, part.items)
    chosen: preferences.Preferences | None = preferences.load()
    if asks:
        chosen, timeline = asking.choose(face, timeline, own_folders(this_machine()))
    if chosen is None:
        return
    told = edits.before_replacing(session, clock, run.connect, face)
    if told is None:
        face.report("Recue", ["The subtitles on the timeline were left as they are."])
        return
    work = _Work(run, _Plan(part, clock, chosen, timeline))
    face.drive("Recue", work.steps())
    face.report("Recue", [*told, *work.told][:MOST_SENTENCES])


@dataclass(frozen=True)
class _Plan:
    """What is to be done, with which choices, on which snapshot."""

    part: Part
    clock: Clock
    chosen: preferences.Preferences
    timeline: Timeline


class _Work:
    """From the snapshot to the subtitles on the timeline, in steps; `told` is the report."""

    def __init__(self, run: Run, plan: _Plan) -> None:
        self._run, self._part, self._clock = run, plan.part, plan.clock
        self._chosen, self._timeline = plan.chosen, plan.timeline
        self.told: list[str] = []

    def steps(self) -> Iterator[float]:
        session, face = self._run.session, self._run.face
        folders = own_folders(this_machine())
        timeline = self._timeline
        if self._chosen.render and unreadable(timeline):
            timeline = rendered(session, timeline, folders.cache / "resolve-renders", face)
            yield 0.0
        self.told.extend(_preflight(session, timeline))
        if not needed(timeline):
            self.told.append("Nothing that can be heard has a file to read, so nothing was done.")
            return
        for sentence in self.told[:5]:
            face.tell(sentence)
        job = Job(self._run.connect, face, self._request(timeline))
        yield from job.steps()
        if job.subtitles is None or face.cancelled():
            raise Cancelled
        face.progress("Placing the subtitles", 100, None)
        yield 0.0
        self._place(job, folders.data / "resolve")

    def _request(self, timeline: Timeline) -> dict[str, Any]:
        chosen = self._chosen
        project = api.text(api.call(self._run.session.project(), "GetName"))
        wish = Wish(
            chosen.model or None,
            chosen.style or None,
            chosen.language or None,
            project,
            self._part.span,
        )
        return request_for(timeline, wish)

    def _place(self, job: Job, folder: Path) -> None:
        session, clock = self._run.session, self._clock
        subtitles = job.subtitles
        if subtitles is None:
            return
        old = journal.recall(session)
        span = self._part.span or _extent(self._timeline, self._part.items)
        made = merged(old, subtitles, span)
        placed = place(session, task_of(made, clock, folder, job.number if span is None else 0))
        if self._chosen.markers and placed.verified:
            count = markers.renew(session, subtitles.doubtful, clock)
            self.told.append(f"{count} markers show words to check.")
        elif placed.verified:
            markers.clear(session)
        self.told[:0] = placed.sentences
        self.told.extend([*job.notes, *subtitles.findings])
        self.told[:] = dict.fromkeys(self.told)


def _preflight(session: Session, timeline: Timeline) -> list[str]:
    """What the user should know before anything is done, one sentence each."""
    told = [*findings(timeline), *timeline.notes]
    record = journal.recall(session)
    for index, name in enumerate(ours.names(session), 1):
        is_ours = record is not None and name == record.track
        if not is_ours and session.items("subtitle", index):
            told.append(f"The subtitles on the track “{name}” stay as they are.")
    return told


def _extent(timeline: Timeline, items: Collection[str] | None) -> tuple[Fraction, Fraction] | None:
    """The stretch that chosen clips take up; None for the whole timeline."""
    clips = [clip for track in timeline.tracks for clip in track.clips]
    if items is None or not clips:
        return None
    return min(c.record.start for c in clips), max(c.record.end for c in clips)


def _unused(home: Path, name: str) -> Path:
    """A file in Documents, or at home, that is not there yet."""
    folder = next((each for each in (home / "Documents", home) if each.is_dir()), home)
    plain = "".join(each if each.isalnum() or each in " -_." else "-" for each in name) or "Recue"
    paths = (folder / f"{plain}{number}.srt" for number in ("", *(f" {n}" for n in range(2, 9999))))
    return next(path for path in paths if not path.exists())
