"""Drafts of timelines, which the readers of timeline files make.

A draft still has picture and audio tracks, names of media instead of files, and source times in the
media's own timecode.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from editor_plugin.core.timeline import Span

RATE_ASSUMED = "The timeline does not state its frame rate; 24 is assumed."


class Unreadable(ValueError):
    """The timeline file cannot be read; the message is the reason, to follow “cannot be read:”."""


class RateNeeded(Exception):
    """The timeline file does not state its frame rate, and none was given. It is that of the first
    video among the media `wanted` (as in DraftSource), else `guess`, else not known."""

    def __init__(self, wanted: tuple[tuple[str, ...], ...], guess: Fraction | None) -> None:
        super().__init__("no frame rate")
        self.wanted = wanted
        self.guess = guess


@dataclass(frozen=True)
class DraftSource:
    """The media of a clip, as the timeline file names it. `wanted` are paths, URLs or names, the
    surest first. `starts_at` is the time of the media's first frame on the scale of the clips'
    source times; None where the timeline file does not state it. `channels` are the (stream,
    channel) pairs that are heard, from 0; empty means all."""

    wanted: tuple[str, ...]
    starts_at: Fraction | None = None
    channels: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True)
class DraftClip:
    """A clip; times as in `core.timeline.Clip`, but source times may begin at a timecode."""

    name: str
    record: Span
    source_in: Fraction = Fraction(0)
    speed: Fraction = Fraction(1)
    source: DraftSource | None = None
    enabled: bool = True
    unreadable: str | None = None


@dataclass(frozen=True)
class DraftTrack:
    """A track, of sound or picture."""

    name: str
    is_audio: bool
    clips: tuple[DraftClip, ...]
    muted: bool = False


@dataclass
class Draft:
    """A timeline as the file states it; the readers fill it in."""

    name: str
    rate: Fraction
    tracks: list[DraftTrack] = field(default_factory=list)
    start_frame: int = 0
    drop_frame: bool = False
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class TimelineFormat:
    """A timeline format: its suffix, its reader, and whether it is a folder.

    `read` gets the path and the frame rate that the user chose, if any. It runs in a process of its
    own, which knows nothing but the file, and raises Unreadable and RateNeeded.
    """

    suffix: str
    read: Callable[[Path, Fraction | None], Draft]
    is_folder: bool = False
