"""The use case: inputs in, subtitle files out.

The command line, and later the service and the page, are thin shells on this. Inputs are done one
after the other with one loaded model; while one is recognised, the next is read and extracted.
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

from editor_plugin.core.errors import (
    EnvironmentBroken,
    InputError,
    NoSpeech,
    OutputError,
    RecueError,
)
from editor_plugin.core.styles import PLAIN, Style
from editor_plugin.core.transcript import SAMPLE_RATE
from editor_plugin.engine.audio import Watch
from editor_plugin.engine.committing import Committing
from editor_plugin.engine.events import Failed, Finished, Note, Progress, Started, Tell
from editor_plugin.engine.export import WRITERS, Result
from editor_plugin.engine.export.files import put, refuse_inputs, refuse_unwritable
from editor_plugin.engine.fingerprint import fingerprint
from editor_plugin.engine.inputs import Choice, Project, read_input, words_of
from editor_plugin.engine.recognition import Recogniser
from editor_plugin.engine.shots import find_cuts
from editor_plugin.engine.silence import is_silent
from editor_plugin.engine.store import Store
from editor_plugin.engine.subtitling import Look, subtitled
from editor_plugin.engine.takes import (
    MARGIN,
    Gathered,
    Gatherer,
    Take,
    gather,
    spread,
    words_in_source,
)
from editor_plugin.engine.work import Limits, ModelChoice, Work

PER_INPUT = (InputError, OutputError, EnvironmentBroken)
"""Errors that concern one input only: the others go on."""


@dataclass(frozen=True)
class Order:
    """One input and the files to be written from it, as (format, path)."""

    input: Path
    outputs: tuple[tuple[str, Path], ...]
    choice: Choice = field(default_factory=Choice)


@dataclass(frozen=True)
class Settings:
    """What a run is done with. `window_seconds` is the longest window given to the model.

    With `find_cuts`, the picture cuts of a plain video file are looked for: all of its picture has
    to be decoded. A timeline brings its own.
    """

    model: ModelChoice
    window_seconds: int = 30
    style: Style = PLAIN
    find_cuts: bool = False


class Engine:
    """The store and the recogniser, open. Use it as a context manager; one run at a time."""

    def __init__(self, store: Store, recogniser: Recogniser, work_folder: Path) -> None:
        self.store = store
        self.recogniser = recogniser
        self.work_folder = work_folder

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.recogniser.close()
        self.store.close()


def transcribe(
    engine: Engine,
    orders: Sequence[Order],
    settings: Settings,
    tell: Tell,
    cancel: threading.Event,
) -> bool:
    """Do every order; return whether all of them succeeded.

    What goes wrong with one input is told as Failed, and the others go on. Raises what concerns
    the run as a whole: ModelError, RunnerError, DiskFull, Cancelled. Finished windows are kept in
    the store in every case.
    """
    model = fingerprint(settings.model.path)
    limits = _recalled(engine.store, model, settings)
    engine.recogniser.prepare(settings.model, limits)
    good = True
    engine.work_folder.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=engine.work_folder, prefix="takes-"))
    stop = _Stop(cancel)
    run = _Run(engine, settings, model, limits, folder, tell, stop)
    try:
        with ThreadPoolExecutor(1) as ahead:
            try:
                upcoming = [ahead.submit(run.gather, order) for order in orders[:1]]
                for number, order in enumerate(orders, start=1):
                    tell(Started(order.input, number, len(orders)))
                    following = orders[number : number + 1]
                    upcoming += [ahead.submit(run.gather, later) for later in following]
                    good = run.one(order, upcoming.pop(0)) and good
            except BaseException:
                stop.set()  # so that an extraction that runs ahead is not waited for
                raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return good


@dataclass
class _Run:
    engine: Engine
    settings: Settings
    model: str
    limits: Limits
    folder: Path
    tell: Tell
    cancel: threading.Event

    def gather(self, order: Order) -> Gathered:
        """Everything that can be done for an order before it is its turn."""
        for _, target in order.outputs:
            refuse_inputs(target, [order.input])
            refuse_unwritable(target.parent)
        project = read_input(order.input, order.choice)
        for media in project.needed:
            for _, target in order.outputs:
                refuse_inputs(target, [Path(media.path)])
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        language = self.settings.model.language
        gatherer = Gatherer(self.engine.store, folder, self.model, language, self.cancel)
        gathered = gather(gatherer, project, self._progress(order, "extracting"))
        return replace(gathered, cuts=self._cuts(project))

    def _cuts(self, project: Project) -> tuple[Fraction, ...]:
        """The timeline's own picture cuts; those of a plain file where they are asked for."""
        if project.timeline is not None:
            return project.timeline.cuts
        if not self.settings.find_cuts:
            return ()
        return find_cuts(project.path, Watch(None, self.cancel))

    def one(self, order: Order, upcoming: Future[Gathered]) -> bool:
        """Finish an order; return whether it succeeded."""
        try:
            gathered = upcoming.result()
            for text in (*gathered.project.notes, *gathered.notes):
                self.tell(Note(order.input, text))
            whole = self._recognise(order, gathered.takes)
            self._write(order, gathered)
            return whole
        except RecueError as error:
            if not isinstance(error, PER_INPUT):
                raise
            self.tell(Failed(order.input, error))
            return False

    def _recognise(self, order: Order, takes: Sequence[Take]) -> bool:
        limit = min(self.settings.window_seconds, self.limits.window_seconds) * SAMPLE_RATE
        work, by_item = [], {}
        for number, take in enumerate(takes):
            planned = self.engine.recogniser.plan(
                take.audio, take.ranges, limit - 2 * MARGIN, self.cancel
            )
            work.append(Work(str(number), take.audio, spread(take, planned)))
            by_item[str(number)] = take
        if not work:
            return True
        listener = Committing(self.engine.store, by_item, order.input, self.tell)
        outcome = self.engine.recogniser.transcribe(work, listener, self.cancel)
        if outcome.limits != self.limits:
            self.limits = outcome.limits
            learned = _worth_remembering(outcome.limits, self.settings)
            self.engine.store.remember(self.model, learned)
        for take in takes:
            take.audio.unlink(missing_ok=True)
        return listener.whole

    def _write(self, order: Order, gathered: Gathered) -> None:
        result = build(gathered, self.engine.store, self._look)
        if not result.words:
            raise NoSpeech(str(order.input), is_silent(gathered.project, self.folder, self.cancel))
        for name, target in order.outputs:
            kept = put(target, WRITERS[name][1](result), self.engine.store)
            if kept is not None:
                text = f"“{target.name}” had been changed; that version is now “{kept.name}”."
                self.tell(Note(order.input, text))
        recognised = sum(end - start for take in gathered.takes for start, end in take.ranges)
        outputs = tuple(target for _, target in order.outputs)
        self.tell(
            Finished(
                order.input,
                outputs,
                len(result.cues),
                len(result.words),
                recognised / SAMPLE_RATE,
            )
        )

    @property
    def _look(self) -> Look:
        return Look(self.settings.style, self.settings.model.language)

    def _progress(self, order: Order, stage: str) -> Callable[[float, float], None]:
        return lambda done, of: self.tell(Progress(order.input, stage, done, of))


class _Stop(threading.Event):
    """Set when the run fails, and also as soon as the caller's own event is set."""

    def __init__(self, asked: threading.Event) -> None:
        super().__init__()
        self._asked = asked

    def is_set(self) -> bool:
        return super().is_set() or self._asked.is_set()


def build(gathered: Gathered, store: Store, look: Look) -> Result:
    """Build the subtitles of a project from the words that the store has."""
    project = gathered.project
    heard = {source.media: words_in_source(store, source) for source in gathered.sources}
    timeline = project.timeline
    result = Result(
        project.path.stem,
        project.rate,
        (),
        words_of(project, heard),
        0 if timeline is None else timeline.start_frame,
        timeline is not None and timeline.drop_frame,
    )
    return subtitled(result, replace(look, cuts=gathered.cuts))


def _recalled(store: Store, model: str, settings: Settings) -> Limits:
    """What was remembered for the model, as far as this version of Recue knows it."""
    known = {field.name for field in fields(Limits)}
    found = {name: value for name, value in store.recall(model).items() if name in known}
    limits = replace(Limits(window_seconds=settings.window_seconds), **found)  # type: ignore[arg-type]
    asked = settings.model.precision
    return limits if asked == "auto" else replace(limits, precision=asked)


def _worth_remembering(limits: Limits, settings: Settings) -> dict[str, object]:
    """What this machine taught; the user's own choices are not to outlive the user's settings."""
    learned = asdict(limits)
    if limits.window_seconds >= settings.window_seconds:
        del learned["window_seconds"]
    if settings.model.precision != "auto":
        del learned["precision"]
    return learned
