"""Projection of words from source time to record time through every clip, and back.

A word belongs to a clip where at least half of it lies in the clip's source range. A cut is made in
the pause beside a word, but word times are good to a few hundredths of a second: with a stricter
rule a first or last word would be lost over one frame, with a looser one a stray syllable of the
word that the editor cut away would be written out.

Clips that continue each other without a gap in record or source time (a razor cut that removed
nothing) are treated as one, so that a word across the cut stays one word.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from editor_plugin.core.timebase import has_drop_frame, nearest_frame, quick, timecode
from editor_plugin.core.timeline import Clip, Media, Span, Timeline, Track
from editor_plugin.core.transcript import Word


@dataclass(frozen=True)
class ProjectedWord:
    """A word as it is heard on the timeline.

    `word` is in record time, `source` is the same word in the source time of `media`. `track` and
    `clip` are positions: `timeline.tracks[track].clips[clip]` is the clip that the word starts in.
    """

    word: Word
    source: Word
    media: Media
    track: int
    clip: int


_Placed = tuple[tuple[float, Fraction, int], ProjectedWord]
"""A word, and its place in record order."""


@dataclass(frozen=True)
class SourcePosition:
    """A moment of a source that is heard at some record time; `track` and `clip` are positions."""

    media: Media
    time: Fraction
    track: int
    clip: int


def needed(timeline: Timeline) -> dict[Media, tuple[Span, ...]]:
    """Return the source ranges that can be heard, for each source: ascending, merged."""
    ranges: dict[Media, list[Span]] = {}
    for track in timeline.tracks:
        for clip in track.clips:
            if clip.media is not None and _is_heard(track, clip):
                source = clip.source
                start = source.start if source.start.numerator >= 0 else Fraction(0)
                if start < source.end:
                    ranges.setdefault(clip.media, []).append(Span(start, source.end))
    return {media: _merged(spans) for media, spans in ranges.items()}


def project(
    transcripts: Mapping[Media, Sequence[Word]],
    timeline: Timeline,
    index: Callable[[Sequence[Word]], Index] | None = None,
) -> tuple[ProjectedWord, ...]:
    """Return every word that is heard on the timeline, in record order, then by track.

    `transcripts` gives the words of each source in source time; a source without an entry gives no
    words. Words that a clip's edge cuts into are clamped to the clip. The same words of the same
    source at the same time on two tracks are heard once. `index` may cache the results of
    `Index.of`.
    """
    index = index or Index.of
    indexes = {media: index(words) for media, words in transcripts.items()}
    heard = [
        word
        for position, track in enumerate(timeline.tracks)
        for run in _runs(track, position, Fraction(1) / timeline.rate)
        if run.media in indexes
        for word in run.project(indexes[run.media])
    ]
    heard.sort(key=lambda each: each[0])
    return tuple(_once(heard))


def unproject(timeline: Timeline, record_time: Fraction) -> tuple[SourcePosition, ...]:
    """Return what is heard at a record time: one source position for each clip there."""
    return tuple(
        SourcePosition(clip.media, source_time(clip, record_time), position, number)
        for position, track in enumerate(timeline.tracks)
        for number, clip in enumerate(track.clips)
        if clip.media is not None
        and _is_heard(track, clip)
        and clip.record.start <= record_time < clip.record.end
    )


def source_time(clip: Clip, record_time: Fraction) -> Fraction:
    """Return the source time that the clip plays at a record time."""
    return clip.source_in + (record_time - clip.record.start) * clip.speed


def record_time(clip: Clip, source_time: Fraction) -> Fraction:
    """Return the record time at which the clip plays a source time; its speed must not be 0."""
    return clip.record.start + (source_time - clip.source_in) / clip.speed


def findings(timeline: Timeline) -> tuple[str, ...]:
    """Return one sentence for each track or clip that gives no subtitles, in record order."""
    sentences = [
        (Fraction(-1), f"Track “{track.name or track.index}” is muted: no subtitles from it.")
        for track in timeline.tracks
        if track.muted and track.clips
    ]
    for track in timeline.tracks:
        for clip in () if track.muted else track.clips:
            reason = _why_silent(clip)
            if reason:
                place = f"Clip “{clip.name}” at {_label(timeline, clip.record.start)}"
                sentences.append((clip.record.start, f"{place} {reason}: no subtitles there."))
    sentences.sort(key=lambda each: each[0])
    return tuple(dict.fromkeys(sentence for _, sentence in sentences))


def _why_silent(clip: Clip) -> str:
    if not clip.enabled:
        return "is disabled"
    if clip.media is None or clip.unreadable:
        return f"cannot be read ({clip.unreadable or 'no source'})"
    if clip.speed == 0:
        return "is a freeze frame"
    return "plays in reverse" if clip.speed < 0 else ""


def _label(timeline: Timeline, record_time: Fraction) -> str:
    frame = timeline.start_frame + nearest_frame(record_time, timeline.rate)
    return timecode(frame, timeline.rate, timeline.drop_frame and has_drop_frame(timeline.rate))


def _is_heard(track: Track, clip: Clip) -> bool:
    return not track.muted and not _why_silent(clip) and clip.record.duration > 0


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in sorted(spans, key=lambda each: quick(each.start)):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


@dataclass(frozen=True)
class _Times:
    """Ascending times, and the floats nearest to them, which make searching many times faster."""

    exact: list[Fraction]
    near: list[float]

    @classmethod
    def of(cls, times: list[Fraction]) -> _Times:
        return cls(times, [quick(time)[0] for time in times])

    def before(self, time: Fraction) -> int:
        """Return how many times are before `time`."""
        return bisect_left(self.exact, time, *self._about(time))

    def until(self, time: Fraction) -> int:
        """Return how many times are before `time` or equal to it."""
        return bisect_right(self.exact, time, *self._about(time))

    def _about(self, time: Fraction) -> tuple[int, int]:
        near = quick(time)[0]
        return bisect_left(self.near, near), bisect_right(self.near, near)


@dataclass(frozen=True)
class Index:
    """A source's words by start, and for each the latest end up to it: both ascend."""

    words: Sequence[Word]
    starts: _Times
    reach: _Times

    @classmethod
    def of(cls, words: Sequence[Word]) -> Index:
        """Index a source's words, which may come in any order."""
        ordered = sorted(words, key=lambda word: quick(word.start))
        reach: list[Fraction] = []
        latest = (-math.inf, Fraction(0))
        for word in ordered:
            latest = max(latest, quick(word.end))
            reach.append(latest[1])
        return cls(ordered, _Times.of([word.start for word in ordered]), _Times.of(reach))

    def within(self, source: Span) -> range:
        """Return the positions of words that may overlap a source range."""
        return range(self.reach.before(source.start), self.starts.before(source.end))

    def inside(self, source: Span) -> range:
        """Return the positions of words that lie wholly inside a source range."""
        return range(self.starts.before(source.start), self.reach.until(source.end))


@dataclass(frozen=True)
class _Run:
    """Clips that continue each other and are heard as one. `clips` has their positions."""

    track: int
    media: Media
    clips: tuple[tuple[int, Clip], ...]

    def project(self, index: Index) -> Iterator[_Placed]:
        ins = [clip.source_in for _, clip in self.clips]
        source = Span(ins[0], self.clips[-1][1].source.end)
        # Most words lie well inside the one clip of a run and need no further checks.
        plain = index.inside(source) if len(self.clips) == 1 else range(0)
        number, clip = self.clips[0]
        late = (clip.record.start - clip.source_in / clip.speed).as_integer_ratio()
        for at in index.within(source):
            word = index.words[at]
            if at in plain:
                start, end = word.start, word.end
                if clip.speed != 1:
                    start, end = start / clip.speed, end / clip.speed
                placed = _moved(word, _sum(start, late), _sum(end, late))
                yield _placed(ProjectedWord(placed, word, self.media, self.track, number))
            elif _is_kept(word, source):
                yield _placed(self._at_an_edge(word, ins))

    def _at_an_edge(self, word: Word, ins: Sequence[Fraction]) -> ProjectedWord:
        number, first = self.clips[max(bisect_right(ins, word.start) - 1, 0)]
        _, last = self.clips[max(bisect_left(ins, word.end) - 1, 0)]
        # A word of no length at a cut begins in the clip after it.
        start = _clamped(first, word.start)
        end = max(start, _clamped(last, word.end))
        return ProjectedWord(_moved(word, start, end), word, self.media, self.track, number)


def _moved(word: Word, start: Fraction, end: Fraction) -> Word:
    return Word(word.text, start, end, word.confidence, word.speaker)


def _sum(time: Fraction, late: tuple[int, int]) -> Fraction:
    over, under = time.as_integer_ratio()
    return Fraction(over * late[1] + late[0] * under, under * late[1])


def _is_kept(word: Word, source: Span) -> bool:
    inside = min(word.end, source.end) - max(word.start, source.start)
    return inside * 2 >= word.end - word.start


def _placed(each: ProjectedWord) -> _Placed:
    return (*quick(each.word.start), each.track), each


def _clamped(clip: Clip, source_time: Fraction) -> Fraction:
    return min(max(record_time(clip, source_time), clip.record.start), clip.record.end)


def _runs(track: Track, position: int, frame: Fraction) -> Iterator[_Run]:
    run: list[tuple[int, Clip]] = []
    for number, clip in sorted(enumerate(track.clips), key=lambda each: each[1].record.start):
        if run and not (_is_heard(track, clip) and _continues(run[-1][1], clip, frame)):
            yield from _as_run(position, run)
            run = []
        if _is_heard(track, clip):
            run.append((number, clip))
    yield from _as_run(position, run)


def _as_run(position: int, run: list[tuple[int, Clip]]) -> Iterator[_Run]:
    if run and run[0][1].media is not None:
        yield _Run(position, run[0][1].media, tuple(run))


def _continues(clip: Clip, next_clip: Clip, frame: Fraction) -> bool:
    # Less than a frame between them is no edit: editors round source points to whole frames, and
    # the halves of a retimed clip then do not quite meet.
    return (
        clip.media == next_clip.media
        and clip.record.end == next_clip.record.start
        and clip.source_in < next_clip.source_in
        and abs(next_clip.source_in - clip.source.end) < frame
    )


def _once(words: Sequence[_Placed]) -> Iterator[ProjectedWord]:
    first = 0
    for stop in range(1, len(words) + 1):
        if stop < len(words) and words[stop][0][:2] == words[first][0][:2]:
            continue
        if stop - first == 1:
            yield words[first][1]
        else:
            first_of: dict[tuple[Media, Word], ProjectedWord] = {}
            for _, each in words[first:stop]:
                first_of.setdefault((each.media, each.source), each)
            yield from first_of.values()
        first = stop
