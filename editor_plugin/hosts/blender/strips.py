"""Maps Blender's strips to the clips of a snapshot: the arithmetic, without Blender.

A strip counts in scene frames. It is heard from its left handle `first` up to its right handle
`end`, which is not heard any more. Measured by the place of a beep in `sound.mixdown`, with Blender
3.4.1 and 5.0.1: at the left handle the file stands at

    (first - start + slip) / rate - shift      seconds

and from there on runs `speed` times as fast as the scene. `start` is Blender's `frame_start`,
`slip` its `animation_offset_start`, `shift` its `sound_offset` (4.5 and later), `speed` its
`speed_factor` (3.x). Cutting with a razor and trimming move the handles only. The handles of groups
and the scene's first frame act in the same way: a sound twice as fast that is cut there goes on
where it would be at normal speed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Union

from editor_plugin.core.timebase import nearest_frame
from editor_plugin.core.timeline import Clip, Media, Span, Timeline, Track


@dataclass(frozen=True)
class SceneClock:
    """A scene's time: frames per second, and the frame at which record time is 0."""

    rate: Fraction
    zero: int

    def seconds(self, frame: int) -> Fraction:
        """The record time at which a scene frame begins."""
        return (frame - self.zero) / self.rate

    def frame(self, seconds: Fraction) -> int:
        """The scene frame that begins nearest to a record time."""
        return self.zero + nearest_frame(seconds, self.rate)


@dataclass(frozen=True)
class SoundStrip:
    """A sound strip; see the module for its times. `trouble` is why it cannot be mapped, if so."""

    name: str
    channel: int
    first: int
    end: int
    start: Fraction
    path: str | None
    slip: int = 0
    shift: Fraction = Fraction(0)
    speed: Fraction = Fraction(1)
    heard: bool = True
    trouble: str | None = None


@dataclass(frozen=True)
class Group:
    """A meta strip, or a strip of another scene, with the strips inside it.

    `moved` are the frames from a time inside to the time outside: 0 for a meta strip, whose strips
    count in the scene's frames. Nothing is heard outside its handles.
    """

    name: str
    channel: int
    first: int
    end: int
    inside: tuple[Strip, ...]
    moved: int = 0
    heard: bool = True
    trouble: str | None = None


Strip = Union[SoundStrip, Group]


@dataclass(frozen=True)
class PictureStrip:
    """A strip with a picture; `covers` returns whether it hides what lies on lower channels."""

    channel: int
    first: int
    end: int
    covers: bool


@dataclass(frozen=True)
class Channel:
    """A channel of the sequencer, from 1."""

    index: int
    name: str
    muted: bool


@dataclass(frozen=True)
class Sequencer:
    """The content of a scene's sequencer, as far as it is mapped."""

    name: str
    clock: SceneClock
    channels: tuple[Channel, ...]
    strips: tuple[Strip, ...]
    pictures: tuple[PictureStrip, ...] = ()


def timeline_of(sequencer: Sequencer) -> Timeline:
    """The snapshot: a track for each channel with sound on it."""
    clock = sequencer.clock
    tracks = []
    for channel in sequencer.channels:
        there = [strip for strip in sequencer.strips if strip.channel == channel.index]
        clips = [clip for strip in there for clip in clips_of(strip, clock)]
        clips.sort(key=lambda clip: clip.record.start)
        if clips:
            tracks.append(Track(channel.name, channel.index, tuple(clips), channel.muted))
    shot_changes = map(clock.seconds, picture_cuts(sequencer.pictures, clock.zero))
    return Timeline(sequencer.name, clock.rate, tuple(tracks), shot_changes=tuple(shot_changes))


def clips_of(strip: Strip, clock: SceneClock) -> Iterator[Clip]:
    """The clips that a strip stands for, as far as they lie after the scene's first frame."""
    for sound in sounds_of(strip):
        first = max(sound.first, clock.zero)
        if first < sound.end:
            yield _clip(sound, first, clock)


def sounds_of(strip: Strip) -> Iterator[SoundStrip]:
    """The sound strips of a strip, in scene time; of an unmappable group one with its trouble."""
    if isinstance(strip, SoundStrip):
        yield strip
    elif strip.trouble is not None:
        place = (strip.name, strip.channel, strip.first, strip.end)
        whole = SoundStrip(*place, Fraction(strip.first), None)
        yield replace(whole, heard=strip.heard, trouble=strip.trouble)
    else:
        for inner in strip.inside:
            for sound in sounds_of(inner):
                placed = _trimmed(_moved(sound, strip.moved), strip)
                if placed.first < placed.end:
                    yield replace(placed, heard=placed.heard and strip.heard)


def picture_cuts(pictures: tuple[PictureStrip, ...], zero: int) -> list[int]:
    """The frames at which another picture is seen: where a strip begins or ends that none hides."""
    edges = {edge for picture in pictures for edge in (picture.first, picture.end)}
    return sorted(
        edge
        for edge in edges
        if edge > zero and any(_is_seen(edge, picture, pictures) for picture in pictures)
    )


def _is_seen(edge: int, picture: PictureStrip, pictures: tuple[PictureStrip, ...]) -> bool:
    return edge in (picture.first, picture.end) and not any(
        other.covers and other.channel > picture.channel and other.first < edge < other.end
        for other in pictures
    )


def _clip(sound: SoundStrip, first: int, clock: SceneClock) -> Clip:
    source_in = (first - sound.start + sound.slip) / clock.rate - sound.shift
    record = Span(clock.seconds(first), clock.seconds(sound.end))
    media = Media(sound.path) if sound.path is not None and sound.trouble is None else None
    return Clip(sound.name, record, source_in, sound.speed, media, sound.heard, sound.trouble)


def _moved(sound: SoundStrip, frames: int) -> SoundStrip:
    return replace(
        sound, first=sound.first + frames, end=sound.end + frames, start=sound.start + frames
    )


def _trimmed(sound: SoundStrip, around: Group) -> SoundStrip:
    """The sound as far as it is heard within the handles of a group."""
    return replace(sound, first=max(sound.first, around.first), end=min(sound.end, around.end))
