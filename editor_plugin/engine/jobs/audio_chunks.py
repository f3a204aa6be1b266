"""Extraction of the audio that the store has no words of, in chunks for the recogniser.

One media file's missing ranges become audio chunks: a WAV each, cut from the source with a margin
at both ends, in which the runner plans its windows. Only the recogniser counts the samples of a WAV
(`Window.shifted`); everything else, the store included, counts those of the source.

A file that changes while it is read is read again once; one that still changes is being recorded or
copied, and is refused. So no word is ever kept for audio that it was not recognised in.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from editor_plugin.core.errors import InputError, MediaChanged, RangeInvalid, Surface
from editor_plugin.core.intervals import intersect, merge, subtract
from editor_plugin.core.timeline import Media, Span
from editor_plugin.core.transcript import SAMPLE_RATE, HeardWindow, Window
from editor_plugin.engine.jobs.inputs import Project
from editor_plugin.engine.jobs.plan import Plan, Planned
from editor_plugin.engine.media.extraction import extract
from editor_plugin.engine.media.ffmpeg_process import ProgressControl
from editor_plugin.engine.store import FileStat, Known, RecognitionKey, Store

MARGIN = SAMPLE_RATE
"""Samples of context beyond each end of a range, so that a word at its edge is whole."""
NEAR = 10 * SAMPLE_RATE
"""Ranges closer than this are extracted together: one ffmpeg run instead of two."""
BRIDGE = 2 * SAMPLE_RATE
"""Ranges closer than this are recognised as one: shorter than the two margins between them."""

Ranges = list[tuple[int, int]]
EmitSeconds = Callable[[float, float], None]


@dataclass(frozen=True)
class WantedMedia:
    """A media file with its rows in the store, and the wanted ranges, in samples. Where they are
    heard again, `recognition` is the provisional one, and `replaces` the one that it replaces."""

    media: Media
    known: Known
    recognition: int
    wanted: tuple[tuple[int, int], ...]
    replaces: int | None = None


@dataclass(frozen=True)
class AudioChunk:
    """A range of a source, extracted to the WAV `audio`. Every number is a sample of the source.
    The WAV holds [start, end), of what was asked for, `outer`, as much as the source has. `ranges`
    are to be recognised in it; `windows` are what an earlier plan cut them into."""

    source: WantedMedia
    audio: Path
    start: int
    end: int
    ranges: tuple[tuple[int, int], ...]
    outer: tuple[int, int]
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True)
class Gathered:
    """A project with its sources, the audio chunks to recognise, and notes on what went wrong.
    `shot_changes` are seconds of record time."""

    project: Project
    sources: tuple[WantedMedia, ...]
    chunks: tuple[AudioChunk, ...]
    notes: tuple[str, ...]
    shot_changes: tuple[Fraction, ...] = ()


@dataclass(frozen=True)
class Gatherer:
    """The settings of `gather`. `model` is the model file's digest, `plan` that of an earlier run
    of the same order. With `again`, known words do not count."""

    store: Store
    folder: Path
    model: str
    language: str | None
    cancel: threading.Event
    plan: Plan = ()
    again: bool = False


@dataclass(frozen=True)
class _Lacking:
    """Ranges of a source that the store lacks, extracted as one, `outer`, with margins."""

    source: WantedMedia
    outer: tuple[int, int]
    inner: tuple[tuple[int, int], ...]
    windows: tuple[Window, ...] = ()


def gather(gatherer: Gatherer, project: Project, emit: EmitSeconds) -> Gathered:
    """Extract the audio of a project that the store has no words of. `emit(done, of)` gets seconds
    of audio. A source that cannot be read is left out, with a note; if there is no other, its error
    is raised. Raises DiskFull, Cancelled."""
    read = _Read([], [], [], [])
    for media, spans in project.needed.items():
        with read.kept_errors():
            read.sources.append(_source(gatherer, media, spans))
            if gatherer.again and read.sources[-1].replaces is None:
                read.notes.append(_not_again(read.sources[-1]))
    lacking = [_lacking(gatherer, source) for source in read.sources]
    seconds = sum(each.outer[1] - each.outer[0] for part in lacking for each in part) / SAMPLE_RATE
    progress = _Extraction(emit, min(seconds, float(project.length)))
    for number, part in enumerate(lacking):
        try:
            _extract(gatherer, part, progress, read)
        except MediaChanged:
            media = read.sources[number].media
            with read.kept_errors():
                source = _source(gatherer, media, project.needed[media])
                read.sources[number] = source
                _extract(gatherer, _lacking(gatherer, source), progress, read)
    if read.errors and len(read.errors) >= len(project.needed):
        raise read.errors[0]
    # A note is read on every surface, so it names no command.
    read.notes += [error.sentence(Surface.EDITOR) for error in read.errors]
    notes = tuple(dict.fromkeys(read.notes))
    return Gathered(project, tuple(read.sources), tuple(read.chunks), notes)


def spread(chunk: AudioChunk, windows: Sequence[Window]) -> tuple[Window, ...]:
    """Extend the first and last window of each range by the margin beside it, as context."""
    starts = {start: max(chunk.start, start - MARGIN) for start, _ in chunk.ranges}
    ends = {end: min(chunk.end, end + MARGIN) for _, end in chunk.ranges}
    return tuple(
        replace(
            window,
            context_start=min(window.context_start, starts.get(window.start, window.context_start)),
            context_end=max(window.context_end, ends.get(window.end, window.context_end)),
        )
        for window in windows
    )


def in_source(heard: HeardWindow, offset: int) -> HeardWindow:
    """Return a window of a WAV, and its words, in the source time of its first sample, `offset`."""
    by = Fraction(offset, SAMPLE_RATE)
    words = tuple(replace(word, start=word.start + by, end=word.end + by) for word in heard.words)
    return HeardWindow(heard.window.shifted(offset), words)


@dataclass
class _Read:
    """The sources and chunks of a project so far, with notes and errors."""

    sources: list[WantedMedia]
    chunks: list[AudioChunk]
    notes: list[str]
    errors: list[InputError]

    @contextmanager
    def kept_errors(self, but: type[InputError] | None = None) -> Iterator[None]:
        """Keep an InputError of one source, so that the others go on."""
        try:
            yield
        except InputError as error:
            if but is not None and isinstance(error, but):
                raise
            self.errors.append(error)


def _source(gatherer: Gatherer, media: Media, spans: Iterable[Span]) -> WantedMedia:
    known = gatherer.store.known(Path(media.path))
    key = RecognitionKey(
        known.media, media.stream, media.channel, gatherer.model, gatherer.language
    )
    ranges = [(_samples(span.start), -_samples(-span.end)) for span in spans]
    recognition = gatherer.store.recognition(key)
    wanted = tuple(merge(ranges, BRIDGE))
    if gatherer.again and known.stat is not None:  # what is missing cannot be heard again
        provisional = gatherer.store.provisional(recognition)
        return WantedMedia(media, known, provisional, wanted, recognition)
    return WantedMedia(media, known, recognition, wanted)


def _lacking(gatherer: Gatherer, source: WantedMedia) -> list[_Lacking]:
    """The ranges to extract: unfinished windows of an earlier plan as planned, then the rest."""
    missing = gatherer.store.missing(source.recognition, source.wanted)
    lacking = []
    for planned in gatherer.plan:
        windows = _open(planned, missing) if planned.recognition == source.recognition else ()
        if windows:
            cores = tuple((window.start, window.end) for window in windows)
            lacking.append(_Lacking(source, planned.outer, cores, windows))
            missing = subtract(missing, planned.cores)
    return lacking + [
        _Lacking(
            source,
            (max(0, start - MARGIN), end + MARGIN),
            tuple(each for each in missing if start <= each[0] < end),
        )
        for start, end in merge(missing, NEAR)
    ]


def _open(planned: Planned, missing: Sequence[tuple[int, int]]) -> tuple[Window, ...]:
    return tuple(
        window for window in planned.windows if intersect([(window.start, window.end)], missing)
    )


def _extract(
    gatherer: Gatherer, lacking: Sequence[_Lacking], progress: _Extraction, read: _Read
) -> None:
    """Extract what one source lacks. Raises MediaChanged, and has added nothing then."""
    chunks: list[AudioChunk] = []
    notes: list[str] = []
    with read.kept_errors(but=MediaChanged):
        for each in lacking:
            chunk, said = _chunk(gatherer, each, progress)
            chunks += [chunk] if chunk is not None else []
            notes += said
    if lacking and lacking[0].source.known.renewed:
        notes.append(_renewed(lacking[0].source))
    read.chunks += chunks
    read.notes += notes


def _chunk(
    gatherer: Gatherer, lacking: _Lacking, progress: _Extraction
) -> tuple[AudioChunk | None, tuple[str, ...]]:
    source, (start, end) = lacking.source, lacking.outer
    target = gatherer.folder / f"{source.recognition}-{start}.wav"
    span = Span(Fraction(start, SAMPLE_RATE), Fraction(end, SAMPLE_RATE))
    try:
        got = extract(source.media, span, target, ProgressControl(progress.emit, gatherer.cancel))
    except InputError as error:
        _refuse_changed(source)
        if not isinstance(error, RangeInvalid):
            raise
        # The clip is longer than the file: remember the file's end, and go on.
        gatherer.store.set_extent(source.recognition, lacking.inner[0][0])
        return None, ()
    _refuse_changed(source)
    progress.finish(got.samples)
    first = round(got.start * SAMPLE_RATE)
    last = first + got.samples
    if last < end:
        gatherer.store.set_extent(source.recognition, last)
    held = tuple((begin, min(stop, last)) for begin, stop in lacking.inner if begin < last)
    chunk = AudioChunk(source, got.path, first, last, held, lacking.outer, lacking.windows)
    return (chunk if held else None), got.notes


def _refuse_changed(source: WantedMedia) -> None:
    """Raise MediaChanged where a file has changed since its words were looked up. One that has
    disappeared since, with its drive, was read to its end."""
    path, before = Path(source.media.path), source.known.stat
    try:
        now = FileStat.at(path)
    except InputError:
        return
    if before is None or (now.size, now.changed) != (before.size, before.changed):
        raise MediaChanged(str(path))


def _not_again(source: WantedMedia) -> str:
    name = Path(source.media.path).name
    return f"“{name}” is not there now, so its known words are used, and nothing is heard again."


def _renewed(source: WantedMedia) -> str:
    name = Path(source.media.path).name
    return f"“{name}” has been changed since it was last transcribed, and is transcribed again."


class _Extraction:
    """Adds up the progress of several extractions, in seconds of audio."""

    def __init__(self, emit: EmitSeconds, total: float) -> None:
        self._emit = emit
        self._total = total
        self._before = 0.0

    def emit(self, done: float) -> None:
        """Report the seconds that are done of the current extraction."""
        self._emit(self._before + done, max(self._total, self._before + done))

    def finish(self, samples: int) -> None:
        """The current extraction is done, with so many samples."""
        self._before += samples / SAMPLE_RATE


def _samples(seconds: Fraction) -> int:
    """Whole samples, rounded down."""
    return seconds * SAMPLE_RATE // 1
