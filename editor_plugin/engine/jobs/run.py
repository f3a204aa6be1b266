"""A run: it makes the subtitles of the orders of one job.

Inputs are processed one after the other with one loaded model; while one is recognised, the next is
read and extracted.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Protocol

from editor_plugin.core.errors import (
    EnvironmentBroken,
    InnerError,
    InputError,
    NoSpeech,
    OutputError,
    RecueError,
    StoreDamaged,
)
from editor_plugin.core.intervals import subtract
from editor_plugin.core.jobs.events import (
    Emit,
    InputFailed,
    InputFinished,
    InputStarted,
    Note,
    StageProgress,
)
from editor_plugin.core.jobs.request import Order
from editor_plugin.core.transcript import SAMPLE_RATE, Window
from editor_plugin.engine.export.files import refuse_inputs, refuse_target
from editor_plugin.engine.jobs.audio_chunks import (
    MARGIN,
    AudioChunk,
    Gathered,
    Gatherer,
    gather,
    spread,
)
from editor_plugin.engine.jobs.committing import Committing
from editor_plugin.engine.jobs.inputs import Project, from_snapshot, read_input
from editor_plugin.engine.jobs.plan import Plan, Planned
from editor_plugin.engine.jobs.settings import RunSettings
from editor_plugin.engine.jobs.writing import FinishedInput, build, note_made, put_all, taken_over
from editor_plugin.engine.log import LOG
from editor_plugin.engine.media.ffmpeg_process import ProgressControl
from editor_plugin.engine.media.shot_changes import find_shot_changes
from editor_plugin.engine.media.silence import is_silent
from editor_plugin.engine.recognition.recogniser import Recogniser
from editor_plugin.engine.recognition.types import Limits, RecognitionItem
from editor_plugin.engine.store import Store
from editor_plugin.engine.subtitles.building import SubtitleOptions

CHUNKS = "takes-"
"""The prefix of the folders with extracted audio in the work folder."""
PER_INPUT = (InputError, OutputError, EnvironmentBroken)
"""Errors that concern one input only, but for StoreDamaged: the others go on."""
Work = list[tuple[AudioChunk, tuple[Window, ...]]]
"""Audio chunks with the windows to recognise in each, in samples of the source."""


class RunRecord(Protocol):
    """Stores what must outlive a run: plans and results. Inputs count from 0; `plan` is that of an
    earlier run of the same order, empty where there was none; `is_done` tells whether an earlier
    run of the same job, which was interrupted, has finished an input."""

    def is_done(self, number: int) -> bool: ...
    def plan(self, number: int) -> Plan: ...
    def keep_plan(self, number: int, plan: Plan) -> None: ...
    def keep_result(self, number: int, built: FinishedInput) -> None: ...


@dataclass(frozen=True)
class RunResources:
    """The open store, the recogniser and the work folder, for one run at a time."""

    store: Store
    recogniser: Recogniser
    work_folder: Path


def transcribe(
    engine: RunResources,
    orders: Sequence[Order],
    settings: RunSettings,
    emit: Emit,
    cancel: threading.Event,
    record: RunRecord | None = None,
) -> bool:
    """Process every order; return whether all of them succeeded. An error of one input is emitted
    as InputFailed, and the others go on. Raises what concerns the run as a whole: ModelError,
    RunnerError, DiskFull, Cancelled. Finished windows are kept in the store in every case."""
    model = engine.store.model(settings.model.path)
    limits = _recalled(engine.store, model, settings)
    engine.recogniser.prepare(settings.model, limits)
    good = True
    engine.work_folder.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=engine.work_folder, prefix=CHUNKS))
    stop = _Stop(cancel)
    run = _Run(engine, orders, settings, model, limits, folder, emit, stop, record)
    try:
        with ThreadPoolExecutor(1) as ahead:
            try:
                upcoming = [ahead.submit(run.gather, 0)]
                for number, order in enumerate(orders):
                    emit(InputStarted(order.input, number + 1, len(orders)))
                    if number + 1 < len(orders):
                        upcoming.append(ahead.submit(run.gather, number + 1))
                    good = run.one(number, upcoming.pop(0)) and good
            except BaseException:
                stop.set()  # so that an extraction that runs ahead is not waited for
                raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return good


@dataclass
class _Run:
    engine: RunResources
    orders: Sequence[Order]
    settings: RunSettings
    model: str
    limits: Limits
    folder: Path
    emit: Emit
    cancel: threading.Event
    record: RunRecord | None
    heard_again: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """By provisional recognition, what this run has heard again and put in its place."""
    is_warm_noted: bool = False

    def gather(self, number: int) -> Gathered:
        """Read the input of an order and extract its audio, which may be done ahead of its turn."""
        order = self.orders[number]
        inputs = [] if order.timeline is not None else [order.input]
        for output in order.outputs:
            refuse_inputs(output.path, inputs)
            refuse_target(output.path)
        if order.timeline is None:
            project = read_input(order.input, order.options, self.cancel)
        else:
            project = from_snapshot(order.timeline, order.options)
        for media in project.needed:
            for output in order.outputs:
                refuse_inputs(output.path, [Path(media.path)])
        gatherer = Gatherer(
            self.engine.store,
            Path(tempfile.mkdtemp(dir=self.folder)),
            self.model,
            self.settings.model.language,
            self.cancel,
            self.record.plan(number) if self.record is not None else (),
            order.again and not (self.record is not None and self.record.is_done(number)),
        )
        gathered = gather(gatherer, project, self._progress(order, "extracting"))
        return replace(gathered, shot_changes=self._shot_changes(project))

    def _shot_changes(self, project: Project) -> tuple[Fraction, ...]:
        """The timeline's shot changes; those of a plain file where the settings ask for them."""
        if project.timeline is not None:
            return project.timeline.shot_changes
        if not self.settings.find_shot_changes:
            return ()
        return find_shot_changes(project.path, ProgressControl(None, self.cancel))

    def one(self, number: int, upcoming: Future[Gathered]) -> bool:
        """Finish an order; return whether it succeeded."""
        order = self.orders[number]
        try:
            gathered = upcoming.result()
            for text in (*gathered.project.notes, *gathered.notes):
                self.emit(Note(order.input, text))
            work = self._work(gathered.chunks)
            if self.record is not None:
                self.record.keep_plan(number, _plan(work, self.record.plan(number)))
            whole = self._recognise(order, work)
            self._write(number, self._replaced(gathered), work)
            return whole
        except RecueError as error:
            if not isinstance(error, PER_INPUT) or isinstance(error, StoreDamaged):
                raise
            self.emit(InputFailed(order.input, error))
            return False
        except Exception:
            LOG.exception("input %d of %d", number + 1, len(self.orders))
            self.emit(InputFailed(order.input, InnerError()))
            return False

    def _work(self, chunks: Sequence[AudioChunk]) -> Work:
        """Cut chunks into windows, or take those of the plan, without what an earlier input of the
        same source has recognised meanwhile."""
        limit = min(self.settings.window_seconds, self.limits.window_seconds) * SAMPLE_RATE
        work: Work = []
        for chunk in chunks:
            heard = self.engine.store.covered(chunk.source.recognition)
            heard += self.heard_again.get(chunk.source.recognition, [])
            if chunk.windows:
                windows = tuple(
                    each for each in chunk.windows if subtract([(each.start, each.end)], heard)
                )
            else:
                chunk = replace(chunk, ranges=tuple(subtract(chunk.ranges, heard)))
                ranges = [(start - chunk.start, end - chunk.start) for start, end in chunk.ranges]
                planned = self.engine.recogniser.plan(
                    chunk.audio, ranges, limit - 2 * MARGIN, self.cancel
                )
                windows = spread(chunk, [each.shifted(chunk.start) for each in planned])
            if windows:
                work.append((chunk, windows))
        return work

    def _recognise(self, order: Order, work: Work) -> bool:
        if not work:
            return True
        by_item = {str(number): chunk for number, (chunk, _) in enumerate(work)}
        listener = Committing(self.engine.store, by_item, order.input, self.emit)
        items = [
            RecognitionItem(
                str(number), chunk.audio, tuple(each.shifted(-chunk.start) for each in windows)
            )
            for number, (chunk, windows) in enumerate(work)
        ]
        outcome = self.engine.recogniser.transcribe(items, listener, self.cancel)
        self.engine.store.measure(self.model, outcome.audio_seconds, outcome.work_seconds)
        if outcome.was_warm and not self.is_warm_noted:
            self.is_warm_noted = True
            self.emit(Note(order.input, "The model was loaded already."))
        if outcome.limits != self.limits:
            self.limits = outcome.limits
            learned = _worth_remembering(outcome.limits, self.settings)
            self.engine.store.remember(self.model, learned)
        for chunk, _ in work:
            chunk.audio.unlink(missing_ok=True)
        return listener.whole

    def _replaced(self, gathered: Gathered) -> Gathered:
        """Put what was heard again in the place of what was known; the sources as they are then."""
        sources = []
        for source in gathered.sources:
            if source.replaces is not None:
                fresh = self.engine.store.replace_by(source.replaces, source.recognition)
                self.heard_again.setdefault(source.recognition, []).extend(fresh)
                source = replace(source, recognition=source.replaces, replaces=None)
            sources.append(source)
        return replace(gathered, sources=tuple(sources))

    def _write(self, number: int, gathered: Gathered, work: Work) -> None:
        order, store = self.orders[number], self.engine.store
        for text in taken_over(order, store):
            self.emit(Note(order.input, text))
        options = SubtitleOptions(self.settings.style, self.settings.model.language)
        built = build(gathered, store, options, self.settings.project)
        for text in built.notes:
            self.emit(Note(order.input, text))
        result = built.result
        if not result.words:
            raise NoSpeech(str(order.input), is_silent(gathered.project, self.folder, self.cancel))
        for text in put_all(order, built, store):
            self.emit(Note(order.input, text))
        recognised = sum(each.end - each.start for _, windows in work for each in windows)
        outputs = tuple(output.path for output in order.outputs)
        counts = len(result.cues), len(result.words)
        self.emit(InputFinished(order.input, outputs, *counts, recognised / SAMPLE_RATE))
        note_made(order, built, store)
        if self.record is not None:
            self.record.keep_result(number, built)

    def _progress(self, order: Order, stage: str) -> Callable[[float, float], None]:
        return lambda done, of: self.emit(StageProgress(order.input, stage, done, of))


class _Stop(threading.Event):
    """Set when the run fails, and also as soon as the caller's own event is set."""

    def __init__(self, asked: threading.Event) -> None:
        super().__init__()
        self._asked = asked

    def is_set(self) -> bool:
        return super().is_set() or self._asked.is_set()


def _plan(work: Work, earlier: Plan) -> Plan:
    """The whole earlier plan, and what is new: a damaged store may lose recognised windows, and a
    source that is missing now may be there the next time."""
    planned = tuple(
        Planned(chunk.source.recognition, chunk.outer, windows) for chunk, windows in work
    )
    known = {(each.recognition, each.outer) for each in earlier}
    return earlier + tuple(each for each in planned if (each.recognition, each.outer) not in known)


def _recalled(store: Store, model: str, settings: RunSettings) -> Limits:
    """The limits stored for the model, as far as this version of Recue knows them."""
    known = {each.name for each in fields(Limits)}
    found = {name: value for name, value in store.recall(model).items() if name in known}
    limits = replace(Limits(window_seconds=settings.window_seconds), **found)  # type: ignore[arg-type]
    asked = settings.model.precision
    return limits if asked == "auto" else replace(limits, precision=asked)


def _worth_remembering(limits: Limits, settings: RunSettings) -> dict[str, object]:
    """The limits found on this machine, without the user's choices, which are in the settings."""
    learned = asdict(limits)
    if limits.window_seconds >= settings.window_seconds:
        del learned["window_seconds"]
    if settings.model.precision != "auto":
        del learned["precision"]
    return learned
