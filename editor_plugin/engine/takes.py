"""What the store lacks of a project is extracted here, ready to be recognised.

One media file's missing ranges become *takes*: a WAV each, cut from the source with a margin at
both ends, in which the runner plans its windows. Windows are moved to source samples before they
are stored, so the store knows nothing of takes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from editor_plugin.core.errors import InputError, RangeInvalid
from editor_plugin.core.intervals import merge, subtract
from editor_plugin.core.seams import join
from editor_plugin.core.timeline import Media, Span
from editor_plugin.core.transcript import SAMPLE_RATE, HeardWindow, Window, Word
from editor_plugin.engine.audio import Watch, extract
from editor_plugin.engine.fingerprint import fingerprint
from editor_plugin.engine.inputs import Project
from editor_plugin.engine.store import HearingKey, Store

MARGIN = SAMPLE_RATE
"""Samples that are heard beyond each end of a range, so that a word at its edge is whole."""
NEAR = 10 * SAMPLE_RATE
"""Ranges closer than this are extracted together: one ffmpeg run instead of two."""
BRIDGE = 2 * SAMPLE_RATE
"""Ranges closer than this are recognised as one: shorter than the two margins between them."""

Ranges = list[tuple[int, int]]
ToldSeconds = Callable[[float, float], None]


@dataclass(frozen=True)
class Source:
    """One media file in the store: its row, and the ranges that are wanted, in samples."""

    media: Media
    hearing: int
    wanted: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Take:
    """Extracted audio. `offset` is the source sample of its first sample; `ranges`, in samples of
    the take, are what is to be recognised in it."""

    source: Source
    audio: Path
    offset: int
    samples: int
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Gathered:
    """A project with everything that recognition needs: sources, takes, and what went wrong.

    `cuts` are the picture cuts of the record, in seconds.
    """

    project: Project
    sources: tuple[Source, ...]
    takes: tuple[Take, ...]
    notes: tuple[str, ...]
    cuts: tuple[Fraction, ...] = ()


@dataclass(frozen=True)
class Gatherer:
    """What gathering needs to know. `model` is the model file's fingerprint."""

    store: Store
    folder: Path
    model: str
    language: str | None
    cancel: threading.Event


@dataclass(frozen=True)
class _Lacking:
    """Near ranges of a source under one outer range, which has the margins too."""

    source: Source
    outer: tuple[int, int]
    inner: tuple[tuple[int, int], ...]


def gather(gatherer: Gatherer, project: Project, tell: ToldSeconds) -> Gathered:
    """Extract what the store lacks for a project; `tell(done, of)` gets seconds of audio.

    A source that cannot be read is left out, with a note; if there is no other, its error is
    raised. Raises DiskFull, Cancelled.
    """
    sources: list[Source] = []
    errors: list[InputError] = []
    for media, spans in project.needed.items():
        try:
            sources.append(_source(gatherer, media, spans))
        except InputError as error:
            errors.append(error)
    lacking = [each for source in sources for each in _lacking(gatherer.store, source)]
    seconds = sum(each.outer[1] - each.outer[0] for each in lacking) / SAMPLE_RATE
    progress = _Extraction(tell, min(seconds, float(project.length)))
    takes: list[Take] = []
    notes: list[str] = []
    for each in lacking:
        try:
            take, said = _take(gatherer, each, progress)
        except InputError as error:
            errors.append(error)
            continue
        notes += said
        if take is not None:
            takes.append(take)
    if errors and len(errors) >= len(project.needed):
        raise errors[0]
    notes += [str(error) for error in errors]
    return Gathered(project, tuple(sources), tuple(takes), tuple(dict.fromkeys(notes)))


def spread(take: Take, windows: Sequence[Window]) -> tuple[Window, ...]:
    """Let the first and last window of each range hear the margin beside it, too."""
    starts = {start: max(0, start - MARGIN) for start, _ in take.ranges}
    ends = {end: min(take.samples, end + MARGIN) for _, end in take.ranges}
    return tuple(
        replace(
            window,
            context_start=min(window.context_start, starts.get(window.start, window.context_start)),
            context_end=max(window.context_end, ends.get(window.end, window.context_end)),
        )
        for window in windows
    )


def in_source(heard: HeardWindow, offset: int) -> HeardWindow:
    """Move a window and its words from samples of a take to samples of the source."""
    window = heard.window
    moved = Window(
        window.start + offset,
        window.end + offset,
        window.context_start + offset,
        window.context_end + offset,
    )
    by = Fraction(offset, SAMPLE_RATE)
    words = tuple(replace(word, start=word.start + by, end=word.end + by) for word in heard.words)
    return HeardWindow(moved, words)


def words_in_source(store: Store, source: Source) -> tuple[Word, ...]:
    """Every word of a source that the store has, joined across its windows."""
    return join(store.heard(source.hearing))


def _source(gatherer: Gatherer, media: Media, spans: Iterable[Span]) -> Source:
    key = HearingKey(
        fingerprint(Path(media.path)),
        media.stream,
        media.channel,
        gatherer.model,
        gatherer.language,
    )
    ranges = [(_samples(span.start), -_samples(-span.end)) for span in spans]
    return Source(media, gatherer.store.hearing(key), tuple(merge(ranges, BRIDGE)))


def _lacking(store: Store, source: Source) -> list[_Lacking]:
    extent = store.extent(source.hearing)
    wanted = [
        (start, end if extent is None else min(end, extent))
        for start, end in source.wanted
        if extent is None or start < extent
    ]
    ranges = subtract(wanted, store.covered(source.hearing))
    return [
        _Lacking(
            source,
            (max(0, start - MARGIN), end + MARGIN),
            tuple(each for each in ranges if start <= each[0] < end),
        )
        for start, end in merge(ranges, NEAR)
    ]


def _take(
    gatherer: Gatherer, lacking: _Lacking, progress: _Extraction
) -> tuple[Take | None, tuple[str, ...]]:
    source, (start, end) = lacking.source, lacking.outer
    target = gatherer.folder / f"{source.hearing}-{start}.wav"
    span = Span(Fraction(start, SAMPLE_RATE), Fraction(end, SAMPLE_RATE))
    try:
        got = extract(source.media, span, target, Watch(progress.tell, gatherer.cancel))
    except RangeInvalid:
        # The clip asks for more than the file holds: remember where that begins, and go on.
        gatherer.store.set_extent(source.hearing, lacking.inner[0][0])
        return None, ()
    progress.finish(got.samples)
    offset = round(got.start * SAMPLE_RATE)
    if offset + got.samples < end:
        gatherer.store.set_extent(source.hearing, offset + got.samples)
    held = tuple(
        (first - offset, min(last - offset, got.samples))
        for first, last in lacking.inner
        if first - offset < got.samples
    )
    return (Take(source, got.path, offset, got.samples, held) if held else None), got.notes


class _Extraction:
    """Adds up the progress of several extractions, in seconds of audio."""

    def __init__(self, tell: ToldSeconds, total: float) -> None:
        self._tell = tell
        self._total = total
        self._before = 0.0

    def tell(self, done: float) -> None:
        """So much of the extraction in work is done."""
        self._tell(self._before + done, max(self._total, self._before + done))

    def finish(self, samples: int) -> None:
        """The extraction in work is done; it gave so much."""
        self._before += samples / SAMPLE_RATE


def _samples(seconds: Fraction) -> int:
    """Whole samples, rounded down."""
    return seconds * SAMPLE_RATE // 1
