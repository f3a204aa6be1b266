"""The inputs of jobs: a media file or a timeline, or a part of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from editor_plugin.core.errors import RangeInvalid, RecueError, TimelineUnreadable
from editor_plugin.core.jobs.request import InputOptions
from editor_plugin.core.microphone_bleed import without_bleed
from editor_plugin.core.projection import Index, ProjectedWord, findings, needed, project
from editor_plugin.core.timebase import frame_of, frame_time, parse_position
from editor_plugin.core.timeline import Media, Span, Timeline
from editor_plugin.core.transcript import Word
from editor_plugin.engine.interchange import FOLDER_SUFFIXES, TIMELINE_SUFFIXES, read_timeline
from editor_plugin.engine.media.probe import probe
from editor_plugin.engine.plain_files import refuse_special
from editor_plugin.engine.store.store import KEPT_RECOGNITIONS

END = Fraction(10**7)
"""Later than the end of any recording (115 days): the end of a source whose length is not known."""


@dataclass(frozen=True)
class Project:
    """An input that has been read. `needed` are the source ranges to recognise, `span` the wanted
    part of record time, None for all of it. `timeline` is None for a plain media file, where record
    time is source time. `length` is the seconds of audio in `needed`, as far as they are known (for
    progress). `rate` is the frames per second of the timeline or of the file's picture, None
    without one."""

    path: Path
    needed: Mapping[Media, tuple[Span, ...]]
    span: Span | None
    length: Fraction
    rate: Fraction | None
    timeline: Timeline | None = None
    notes: tuple[str, ...] = ()


def read_input(path: Path, options: InputOptions, cancel: threading.Event | None = None) -> Project:
    """Read a timeline or probe a media file. Raises InputError's children. Clips of a timeline that
    cannot be used are reported in `notes`; a timeline without a usable clip raises
    TimelineUnreadable; `cancel` raises Cancelled while a timeline is read."""
    if path.suffix.lower() in TIMELINE_SUFFIXES:
        _refuse_special(path)
        timeline = read_timeline(path, options.media_folders, options.rate, cancel)
        return _of_timeline(path, timeline, options)
    info = probe(path)
    media = Media(str(path.absolute()), options.stream, options.channel)
    span = _span(options.span, None) if options.span else None
    if span and options.span and info.duration is not None and span.start >= info.duration:
        raise RangeInvalid(*options.span, f"the file lasts {float(info.duration):.1f} s")
    whole = span or Span(Fraction(0), END)
    length = min(whole.end, info.duration or whole.end) - whole.start
    return Project(path, {media: (whole,)}, span, length, info.video_rate)


def _refuse_special(path: Path) -> None:
    """Raise TimelineUnreadable for what no reader is to open."""
    try:
        if not (path.suffix.lower() in FOLDER_SUFFIXES and path.is_dir()):
            refuse_special(path)
    except OSError as error:
        raise TimelineUnreadable(str(path), error.strerror or "it cannot be opened") from None


def from_snapshot(timeline: Timeline, options: InputOptions) -> Project:
    """The project of an editor's snapshot. Raises RangeInvalid, TimelineUnreadable."""
    return _of_timeline(Path(timeline.name), timeline, options)


def words_of(project_: Project, words: Mapping[Media, Sequence[Word]]) -> tuple[ProjectedWord, ...]:
    """Convert source words to record time, and keep those with their middle in the wanted part.
    Of words that two tracks have alike, as from two microphones in a room, one is kept."""
    if project_.timeline is not None:
        placed = without_bleed(project(words, project_.timeline, _index))
    else:
        placed = tuple(
            ProjectedWord(word, word, media, 0, 0) for media, ws in words.items() for word in ws
        )
    span = project_.span
    if span is None:
        return placed
    return tuple(
        each for each in placed if span.start <= (each.word.start + each.word.end) / 2 < span.end
    )


class _Indexes:
    """The indexes of the sources used last, by the identity of their words: the store returns the
    same tuple until it has other words."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Sequence[Word], Index]] = {}
        self._gate = threading.Lock()

    def of(self, words: Sequence[Word]) -> Index:
        if not isinstance(words, tuple):  # a list may have changed
            return Index.of(words)
        with self._gate:
            kept = self._kept.pop(id(words), None)
        if kept is None:
            kept = (words, Index.of(words))  # with the words, so that no others get their identity
        with self._gate:
            self._kept[id(words)] = kept
            while len(self._kept) > KEPT_RECOGNITIONS:
                self._kept.pop(next(iter(self._kept)))
        return kept[1]


_index = _Indexes().of


def _of_timeline(path: Path, timeline: Timeline, options: InputOptions) -> Project:
    span = _span(options.span, timeline) if options.span else None
    heard = needed(timeline if span is None else _restricted(timeline, span))
    notes = (*timeline.notes, *findings(timeline))
    if not heard:
        why = " ".join(("none of its clips has usable audio.", *notes[:3]))
        raise TimelineUnreadable(str(path), why.removesuffix("."))
    length = sum((each.duration for spans in heard.values() for each in spans), Fraction(0))
    return Project(path, heard, span, length, timeline.rate, timeline, notes)


def _restricted(timeline: Timeline, span: Span) -> Timeline:
    """The timeline with what is heard within `span` of record time alone."""
    tracks = []
    for track in timeline.tracks:
        clips = []
        for clip in track.clips:
            record = Span(max(clip.record.start, span.start), min(clip.record.end, span.end))
            if record.duration > 0:
                moved = (record.start - clip.record.start) * clip.speed
                clips.append(replace(clip, record=record, source_in=clip.source_in + moved))
        tracks.append(replace(track, clips=tuple(clips)))
    return replace(timeline, tracks=tuple(tracks))


def _span(texts: tuple[str, str], timeline: Timeline | None) -> Span:
    """Read the in and out points: seconds or clock time; for a timeline also its own timecode."""
    try:
        start, end = (_position(text, timeline) for text in texts)
    except RangeInvalid:
        raise
    except RecueError as error:
        raise RangeInvalid(*texts, error.message.rstrip(".")) from None
    if start < 0 or end <= start:
        raise RangeInvalid(*texts, "the in point must come before the out point")
    return Span(start, end)


def _position(text: str, timeline: Timeline | None) -> Fraction:
    if timeline is not None and text.count(":") + text.count(";") == 3:
        frame = frame_of(text, timeline.rate, timeline.drop_frame) - timeline.start_frame
        return frame_time(frame, timeline.rate)
    return parse_position(text, None if timeline is None else timeline.rate)
