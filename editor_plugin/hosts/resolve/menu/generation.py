"""Makes subtitles for the open timeline or for several, from the choices to the report."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from editor_plugin.core.errors import Cancelled, EditorError, InputError, RecueError, Surface
from editor_plugin.core.jobs.request import JobOptions, JobRequest
from editor_plugin.core.jobs.status import STATE_TEXTS, count
from editor_plugin.core.projection import findings, needed
from editor_plugin.core.timeline import Span, Timeline
from editor_plugin.hosts.folders import own_folders, this_machine
from editor_plugin.hosts.job_client import EngineTransport, JobClient, snapshot_request
from editor_plugin.hosts.resolve import api
from editor_plugin.hosts.resolve.menu import dialogs
from editor_plugin.hosts.resolve.menu.dialogs import RunChoices
from editor_plugin.hosts.resolve.placing import edits, markers, placed_items
from editor_plugin.hosts.resolve.placing.merging import merged, standing_now
from editor_plugin.hosts.resolve.placing.place import Placement, place
from editor_plugin.hosts.resolve.placing.recovery import recover
from editor_plugin.hosts.resolve.reading.clock import clock_of
from editor_plugin.hosts.resolve.reading.render import rendered, unreadable
from editor_plugin.hosts.resolve.reading.snapshot import snapshot
from editor_plugin.hosts.resolve.reading.timelines import TimelineSwitcher, offers
from editor_plugin.hosts.resolve.state import journal, preferences
from editor_plugin.hosts.resolve.state.session import Connect, Session
from editor_plugin.hosts.resolve.user_interface import UserInterface

STEP_SECONDS = 0.5
MOST_SENTENCES, MOST_EACH = 40, 10
"""More than that nobody reads in a report, or of each of several timelines."""


@dataclass(frozen=True)
class Run:
    """The context of a menu entry: the session, the user interface, and the engine's connector."""

    session: Session
    ui: UserInterface
    connect: Connect


@dataclass(frozen=True)
class TimelinePart:
    """Which part of the timeline: an in and out point in seconds, ids of items, or all of it."""

    span: Span | None = None
    items: Collection[str] | None = None


def make(run: Run, part: TimelinePart, asks: bool = True) -> None:
    """Make subtitles and report. For the whole of a timeline several may be chosen instead."""
    session, ui = run.session, run.ui
    timeline = snapshot(session, part.items)
    chosen = preferences.load()
    choice: RunChoices | None = RunChoices(chosen, None, (session.timeline_id,))
    if asks:
        whole = part == TimelinePart()
        sets = offers(session, chosen.timelines) if whole else offers(session, "")[:1]
        choice = dialogs.choose(ui, timeline, own_folders(this_machine()), sets)
    if choice is None:
        return
    if choice.timelines == (session.timeline_id,):
        sentences = _one(run, part, (choice, timeline), "Recue")
        ui.report("Recue", sentences[:MOST_SENTENCES])
    else:
        _several(run, choice)


def _several(run: Run, choice: RunChoices) -> None:
    """Do one timeline after the other. What goes wrong with one is reported, and the others go on;
    what concerns them all ends it, with a report of what is done."""
    sentences: list[str] = []
    tour = TimelineSwitcher(run.session)
    try:
        for number, uid in enumerate(choice.timelines, 1):
            name = api.text(api.call(run.session.find(uid), "GetName"))
            title = f"Recue: “{name}”, {number} of {len(choice.timelines)}"
            sentences.append(f"“{name}”:")
            try:
                session = tour.go(uid)
                recover(session)
                what = choice, snapshot(session)
                one = _one(replace(run, session=session), TimelinePart(), what, title)
                sentences.extend(one[:MOST_EACH])
            except (InputError, EditorError) as error:
                if not tour.holds():
                    raise
                sentences.extend([error.message, error.remedy(Surface.EDITOR)])
    except RecueError:
        sentences.append("The run ended here. Timelines that are not named above are unchanged.")
        raise
    finally:
        tour.back()
        run.ui.report("Recue", sentences)


def _one(run: Run, part: TimelinePart, what: tuple[RunChoices, Timeline], title: str) -> list[str]:
    """Subtitles for the open timeline; returns what there is to report."""
    clock = clock_of(run.session)
    sentences = edits.before_replacing(run.session, clock, run.connect, run.ui)
    if sentences is None:
        return ["The subtitles on the timeline were left as they are."]
    choice, timeline = what
    work = _Work(run, part, choice.preferences, choice.heard(timeline))
    run.ui.drive(title, work.steps())
    return [*sentences, *work.sentences]


class _Work:
    """From the snapshot to the subtitles on the timeline, in steps; `told` is the report."""

    def __init__(
        self, run: Run, part: TimelinePart, chosen: preferences.Preferences, timeline: Timeline
    ) -> None:
        self._run, self._part = run, part
        self._chosen, self._timeline = chosen, timeline
        self.sentences: list[str] = []

    def steps(self) -> Iterator[float]:
        session, ui = self._run.session, self._run.ui
        folders = own_folders(this_machine())
        timeline = self._timeline
        if self._chosen.render and unreadable(timeline):
            timeline = rendered(session, timeline, folders.cache / "resolve-renders", ui)
            yield 0.0
        self.sentences.extend(_preflight(session, timeline))
        if not needed(timeline):
            self.sentences.append("No audible clip has a readable media file, so nothing was done.")
            return
        for sentence in self.sentences[:5]:
            ui.announce(sentence)
        transport = EngineTransport(lambda: self._run.connect)
        client = JobClient(transport, self._request(timeline))
        yield from self._follow(client)
        ui.progress("Placing the subtitles", 100, None)
        yield 0.0
        self._place(client, folders.data / "resolve")

    def _follow(self, client: JobClient) -> Iterator[float]:
        ui = self._run.ui
        ui.progress("Starting the engine", 0, None)
        try:
            while not client.step():
                if ui.cancelled():
                    raise Cancelled
                status = client.status
                if status is not None:
                    ui.progress(STATE_TEXTS[status.state], status.percent, status.seconds_left)
                yield STEP_SECONDS
        finally:
            if client.result is None:
                client.abandon()

    def _request(self, timeline: Timeline) -> JobRequest:
        chosen = self._chosen
        project = api.text(api.call(self._run.session.project(), "GetName"))
        names = (chosen.model or None, chosen.style or None, chosen.language or None)
        options = JobOptions(*names, project=project)
        return snapshot_request(timeline, options, self._part.span)

    def _place(self, client: JobClient, folder: Path) -> None:
        session, result = self._run.session, client.result
        if result is None or client.status is None:
            return
        clock = clock_of(session)
        span = self._part.span or _extent(self._timeline, self._part.items)
        there = standing_now(session, clock)
        made = merged(there, result.cues, client.status.job, span)
        placed = place(session, Placement(made, clock, folder))
        if self._chosen.markers and placed.verified:
            number = markers.renew(session, result.doubtful, clock)
            self.sentences.append(f"{count(number, 'marker')} for words to check.")
        elif placed.verified:
            markers.clear(session)
        self.sentences[:0] = placed.sentences
        self.sentences.extend([*client.status.all_notes, *result.findings])
        self.sentences[:] = dict.fromkeys(self.sentences)


def _preflight(session: Session, timeline: Timeline) -> list[str]:
    """Sentences for the user before the job begins."""
    sentences = [*findings(timeline), *timeline.notes]
    record = journal.recall(session)
    for index, name in enumerate(placed_items.names(session), 1):
        is_ours = record is not None and name == record.track
        if not is_ours and session.items("subtitle", index):
            sentences.append(f"The subtitles on the track “{name}” stay as they are.")
    return sentences


def _extent(timeline: Timeline, items: Collection[str] | None) -> Span | None:
    """The span that chosen clips take up; None for the whole timeline."""
    clips = [clip for track in timeline.tracks for clip in track.clips]
    if items is None or not clips:
        return None
    return Span(min(c.record.start for c in clips), max(c.record.end for c in clips))
