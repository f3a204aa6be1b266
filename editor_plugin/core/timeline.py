"""The snapshot of an editor's timeline: tracks, clips, and where each clip comes from.

Record time is seconds from the timeline's first frame; source time is seconds from the media
file's first frame. Both are Fractions. The timecode that the first frame carries is a label
(`start_frame`, `drop_frame`) and never enters the arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Span:
    """A time range [start, end) in seconds."""

    start: Fraction
    end: Fraction

    @property
    def duration(self) -> Fraction:
        """Length in seconds."""
        return self.end - self.start


@dataclass(frozen=True)
class Media:
    """A source file, with the audio stream and channel that are used.

    `stream` and `channel` count from 0; None means the first stream, and all channels mixed.
    """

    path: str
    stream: int | None = None
    channel: int | None = None


OFFLINE, NO_FILE = "offline", "no-file"
"""Faults of clips: the file is not there; there is none, as behind a title or a transition."""


@dataclass(frozen=True)
class Clip:
    """A clip on an audio track.

    `record` is where it lies on the timeline. `source_in` is the source time that is heard at
    `record.start`. `speed` is source seconds per record second: 1 is normal, 4/5 is 80 %,
    negative is reverse, 0 is a freeze. `media` is None and `unreadable` says why in a few words
    where the source is not known (offline, compound clip, generator); `fault` is a code beside
    those words where something depends on it: OFFLINE or NO_FILE.
    """

    name: str
    record: Span
    source_in: Fraction
    speed: Fraction = Fraction(1)
    media: Media | None = None
    enabled: bool = True
    unreadable: str | None = None
    fault: str | None = None

    @property
    def source(self) -> Span:
        """The source range that is heard, in ascending order whatever the speed's sign."""
        other = self.source_in + self.record.duration * self.speed
        return Span(min(self.source_in, other), max(self.source_in, other))


@dataclass(frozen=True)
class Track:
    """An audio track. `index` counts from 1, as editors show it."""

    name: str
    index: int
    clips: tuple[Clip, ...]
    muted: bool = False


@dataclass(frozen=True)
class Timeline:
    """The snapshot of a timeline. `rate` is frames per second (24000/1001 for 23.976).

    `start_frame` is the number of the first frame counted from 00:00:00:00 at `rate`.
    `shot_changes` are the shot changes as record times, ascending; empty where the host gives none.
    `notes` are sentences about what could not be read.
    """

    name: str
    rate: Fraction
    tracks: tuple[Track, ...]
    start_frame: int = 0
    drop_frame: bool = False
    shot_changes: tuple[Fraction, ...] = ()
    notes: tuple[str, ...] = ()
