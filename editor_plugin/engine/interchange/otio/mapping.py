"""Conversion of an OpenTimelineIO timeline to a draft.

In OTIO a clip begins after the durations of all before it on its track; a transition has none.
`source_range.duration` is timeline duration, whatever the speed. Source times are on the scale of
the media reference's `available_range`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

import opentimelineio as otio

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.core.timebase import HIGHEST_RATE, exact_rate, nearest_frame
from editor_plugin.core.timeline import Span
from editor_plugin.engine.interchange.clock import ContainerClock, bounded
from editor_plugin.engine.interchange.draft import (
    RATE_ASSUMED,
    Draft,
    DraftClip,
    DraftSource,
    DraftTrack,
    Unreadable,
)
from editor_plugin.engine.interchange.otio_file import RESOLVE, UNKNOWN, OtioRemarks

DEEPEST = 32
"""How many compositions may be nested in each other."""


def to_draft(timeline: Any, rate: Fraction | None = None, remarks: OtioRemarks = UNKNOWN) -> Draft:
    """Return the draft of an `otio.schema.Timeline`; `rate` is used where it does not state its
    own. Raises Unreadable, or an error of OpenTimelineIO, where the timeline contradicts itself."""
    notes: list[str] = []
    own_rate = _frame_rate(timeline)
    if own_rate is None and rate is None:
        notes.append(RATE_ASSUMED)
    chosen = own_rate or rate or Fraction(24)
    draft = Draft(timeline.name or "", chosen, notes=notes)
    if timeline.global_start_time is not None:
        draft.start_frame = nearest_frame(seconds(timeline.global_start_time), chosen)
    top = [each for each in timeline.tracks if isinstance(each, otio.schema.Track)]
    soloed = any(_resolve(track).get("SoloOn") is True for track in top)
    for number, track in enumerate(top, 1):
        is_audio = _is_audio(track)
        muted = not track.enabled or (soloed and is_audio and not _resolve(track).get("SoloOn"))
        place = _Place(is_audio=is_audio, remarks=remarks).entering(timeline.tracks, Fraction(0))
        layers = _track_layers(track, place.entering(track, Fraction(0)), DEEPEST)
        name = track.name or f"{'A' if is_audio else 'V'}{number}"
        for layer in layers or [[]]:
            draft.tracks.append(DraftTrack(name, is_audio, tuple(layer), muted))
    return draft


def seconds(time: Any) -> Fraction:
    """Return an OTIO RationalTime in seconds, exact: its rate 23.976 means 24000/1001."""
    return _seconds(time.value, time.rate)


@lru_cache(maxsize=16384)
def _seconds(count: float, per_second: float) -> Fraction:
    try:
        value, rate = Fraction(repr(count)), Fraction(repr(per_second))
        if value == 0:
            return value
        return value / (exact_rate(per_second) if 1 <= rate <= HIGHEST_RATE else rate)
    except (ValueError, ZeroDivisionError, SettingsInvalid):
        raise Unreadable(f"{count} at rate {per_second} is no time") from None


@dataclass(frozen=True)
class _Place(ContainerClock):
    """A composition's local time, whether it is on an audio track, and the timeline's remarks."""

    is_audio: bool = True
    remarks: OtioRemarks = UNKNOWN

    def entering(self, item: Any, now: Fraction, speed: Fraction = Fraction(1)) -> _Place:
        """The place inside a composition at the local time `now`."""
        shown = _shown_range(item)
        start = self.at(now)
        inside = replace(self, record=start, local=Fraction(0), speed=self.speed * speed)
        if shown is None:
            return inside
        window = self.shown(self.span(now, shown.duration))
        return replace(inside, local=shown.start, window=window)


Layers = list[list[DraftClip]]


def _track_layers(track: Any, place: _Place, depth: int) -> Layers:
    """The track's clips, then those on further tracks of its nested compositions."""
    layers: Layers = []
    now = Fraction(0)
    for item in track:
        if isinstance(item, otio.schema.Transition):
            continue
        length = seconds(item.duration())
        for number, layer in enumerate(_item_layers(item, now, length, place, depth)):
            if number == len(layers):
                layers.append([])
            layers[number].extend(layer)
        now = bounded(now + length)
    return layers


def _item_layers(item: Any, now: Fraction, length: Fraction, place: _Place, depth: int) -> Layers:
    record = place.span(now, length)
    if isinstance(item, otio.schema.Clip):
        clip = _clip(item, record, length, place.remarks)
        if place.speed != 1:
            clip = replace(clip, speed=clip.speed * place.speed)
        return [list(place.trimmed(clip))]
    if not isinstance(item, otio.core.Composition):
        return []
    speed = _speed(item)
    if depth == 0 or speed is None or speed <= 0:
        why = "nested too deep" if depth == 0 else "retimed compound clip"
        return [list(place.trimmed(DraftClip(item.name, record, unreadable=why)))]
    inside = replace(place.entering(item, now, speed), enabled=place.enabled and item.enabled)
    if isinstance(item, otio.schema.Track):
        return _track_layers(item, inside, depth - 1)
    return _stack_layers(item, inside, depth - 1)


def _stack_layers(stack: Any, place: _Place, depth: int) -> Layers:
    tracks = [each for each in stack if isinstance(each, otio.schema.Track)]
    others = [each for each in stack if not isinstance(each, otio.schema.Track)]
    audio = [each for each in tracks if _is_audio(each)]
    if place.is_audio and audio:
        tracks, others = audio, []
    elif not place.is_audio:
        tracks = [each for each in tracks if not _is_audio(each)]
    layers: Layers = []
    for item in (*tracks, *others):
        layers += _item_layers(item, Fraction(0), seconds(item.duration()), place, depth)
    return layers


def _clip(clip: Any, record: Span, length: Fraction, remarks: OtioRemarks) -> DraftClip:
    """The clip at a record range; `length` is its duration in the local time around it."""
    reference = clip.media_reference
    trimmed = clip.trimmed_range()
    speed = _speed(clip) if remarks.effects else Fraction(1)
    source_in = seconds(trimmed.start_time)
    if speed is not None and speed < 0:
        # Played backwards, the range's end is heard first.
        source_in -= length * speed
    source = None
    unreadable = "variable speed" if speed is None else None
    if isinstance(reference, otio.schema.ExternalReference):
        names = (reference.target_url, reference.name, clip.name)
        source = DraftSource(
            tuple(dict.fromkeys(name for name in names if name)),
            _starts_at(reference),
            _channels(clip) if remarks.resolve else frozenset(),
        )
    elif unreadable is None:
        is_made = isinstance(reference, otio.schema.GeneratorReference)
        unreadable = "generator" if is_made else "no media"
    heard_at = Fraction(1) if speed is None else speed
    return DraftClip(clip.name, record, source_in, heard_at, source, clip.enabled, unreadable)


def _starts_at(reference: Any) -> Fraction | None:
    available = reference.available_range
    return None if available is None else seconds(available.start_time)


def _channels(clip: Any) -> frozenset[tuple[int, int]]:
    """The clip's channels in DaVinci Resolve's metadata; empty where they are not stated."""
    stated = _resolve(clip).get("Channels")
    pairs = [
        (each.get("Source Track ID"), each.get("Source Channel ID"))
        for each in (stated if isinstance(stated, Iterable) and not isinstance(stated, str) else ())
        if hasattr(each, "get")
    ]
    if not all(type(number) is int and number >= 0 for pair in pairs for number in pair):
        return frozenset()
    return frozenset(pairs)


def _resolve(item: Any) -> Any:
    metadata = item.metadata.get(RESOLVE)
    return metadata if hasattr(metadata, "get") else {}


def _speed(item: Any) -> Fraction | None:
    """Source seconds per record second; None where it changes within the item."""
    speed = Fraction(1)
    for effect in item.effects:
        if isinstance(effect, otio.schema.LinearTimeWarp):
            try:
                speed = bounded(speed * Fraction(repr(effect.time_scalar)))
            except ValueError:
                raise Unreadable(f"{effect.time_scalar} is no speed") from None
        elif isinstance(effect, otio.schema.TimeEffect):
            return None
    return speed


def _shown_range(item: Any) -> Span | None:
    shown = item.source_range
    if shown is None:
        return None
    start = seconds(shown.start_time)
    return Span(start, start + seconds(shown.duration))


def _frame_rate(timeline: Any) -> Fraction | None:
    times = [timeline.global_start_time] if timeline.global_start_time is not None else []
    # Picture tracks first: the rate of an audio track can be its sample rate.
    clips = sorted(timeline.find_clips(), key=_is_sound)
    times += [clip.source_range.duration for clip in clips if clip.source_range is not None]
    for time in times:
        try:
            return exact_rate(time.rate)
        except SettingsInvalid:
            continue
    return None


def _is_sound(clip: Any) -> bool:
    parent = clip.parent()
    return isinstance(parent, otio.schema.Track) and _is_audio(parent)


def _is_audio(track: Any) -> bool:
    return bool(track.kind == otio.schema.TrackKind.Audio)
