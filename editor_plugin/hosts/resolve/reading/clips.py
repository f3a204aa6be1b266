"""Reads audio items as clips: their record times, and their source times and speed.

Each getter has its own unit and its own fault (measured on 19.1.3 and 21.0.3): GetLeftOffset of an
audio item counts frames of the timeline, and of a retimed one divided by the speed;
GetSourceStartFrame counts frames of the media and is sometimes one short; the source times are
seconds with the media's start timecode in them. So what is taken is what two of them agree on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from editor_plugin.core.timeline import NO_FILE, Clip, Span
from editor_plugin.hosts.resolve import api
from editor_plugin.hosts.resolve.reading.clock import TimelineClock
from editor_plugin.hosts.resolve.reading.sources import MediaFile, heard, source_of

SAME_SPEED = Fraction(1, 100)
"""How far a ratio of source to record duration may be from 1 and mean no retime."""
FLOAT_ERROR = Fraction(1, 100_000)
"""Seconds: what a float of a day's timecode is good for, and more."""


@dataclass(frozen=True)
class Played:
    """A clip's source time at its start and its speed, or why they are not known."""

    source_in: Fraction = Fraction(0)
    speed: Fraction = Fraction(1)
    unreadable: str = ""


def clip_of(item: Any, clock: TimelineClock) -> tuple[Clip, str] | None:
    """The clip of an audio item, and a sentence about it or ""; None for one without length."""
    start, end = api.frames(item, "GetStart"), api.frames(item, "GetEnd")
    if start is None or end is None or end <= start:
        return None
    name = api.text(api.call(item, "GetName"))
    record = Span(clock.seconds(start), clock.seconds(end))
    enabled = api.call(item, "GetClipEnabled") is True
    pool_item = api.call(item, "GetMediaPoolItem")
    without = Clip(name, record, Fraction(0), enabled=enabled)
    if pool_item is None:
        return replace(without, unreadable="no file behind it", fault=NO_FILE), ""
    source = source_of(pool_item)
    played = Played(unreadable=source.unreadable)
    if not source.unreadable:
        played = played_of(item, source, record, clock)
    sound = "" if played.unreadable else heard(item, pool_item, source)
    if isinstance(sound, str):
        reason = played.unreadable or sound
        return replace(without, unreadable=reason, fault=source.fault), ""
    source_in = played.source_in + sound.ahead
    note = sound.note
    if played.speed != 1 and not note:
        note = f"Clip “{name}” is retimed to {float(played.speed * 100):.4g} %."
    is_on = enabled and not sound.muted
    return Clip(name, record, source_in, played.speed, sound.media, is_on), note


def played_of(item: Any, source: MediaFile, record: Span, clock: TimelineClock) -> Played:
    """Where in its file an audio item begins, and how fast it runs."""
    offset = api.frames(item, "GetLeftOffset")
    if offset is None:
        return Played(unreadable="Resolve does not report its source position")
    if not api.has(item, "GetSourceEndTime"):
        return _by_handles(item, source, record, clock)
    first = api.number(api.call(item, "GetSourceStartTime"))
    last = api.number(api.call(item, "GetSourceEndTime"))
    if first is None or last is None or first == last:
        return Played(unreadable="freeze frame, or Resolve does not report its source range")
    if last < first:
        return Played(unreadable="plays in reverse")
    speed = _speed(item, (last - first) / record.duration, record, source)
    if isinstance(speed, str):
        return Played(unreadable=speed)
    by_offset = offset / clock.rate * speed
    others = []
    frame = api.whole(api.call(item, "GetSourceStartFrame"))
    if frame is not None and source.fps is not None:
        others.append(frame / source.fps)
    if source.start is not None:
        others.append(first - source.start)
    frame_length = max(1 / clock.rate, 1 / (source.fps or clock.rate))
    near = frame_length * max(speed, Fraction(1)) + FLOAT_ERROR
    if not others or any(abs(each - by_offset) <= near for each in others):
        # The offset is the better resolved one: fractions of a frame of a known rate.
        return Played(by_offset, speed)
    if len(others) == 2 and abs(others[0] - others[1]) <= near:
        return Played(max(others[1], Fraction(0)), speed)
    return Played(unreadable="Resolve reports conflicting source positions")


def _speed(item: Any, ratio: Fraction, record: Span, source: MediaFile) -> Fraction | str:
    """Source seconds per record second, or why it is not known. 21.1 reports it; before, it is the
    ratio of the durations, which does not distinguish a ramp from a steady retime."""
    reported = api.call(item, "GetSpeed")
    percent = api.number(reported.get("Percentage")) if isinstance(reported, dict) else None
    # A source range is good to a frame of the media, which matters for short clips.
    slack = max(SAME_SPEED, (1 / source.fps if source.fps else Fraction(0)) / record.duration)
    if percent is not None:
        if percent == 0:
            return "freeze frame"
        if percent < 0:
            return "plays in reverse"
        exact = percent / 100
        is_steady = abs(ratio - exact) <= slack * max(exact, Fraction(1))
        return exact if is_steady else "has a speed ramp"
    if abs(ratio - 1) <= SAME_SPEED:
        return Fraction(1)
    return ratio.limit_denominator(10_000)


def _by_handles(item: Any, source: MediaFile, record: Span, clock: TimelineClock) -> Played:
    """Before 19.0.2: handles and clip make up the whole file, unless it is retimed."""
    left, right = api.frames(item, "GetLeftOffset"), api.frames(item, "GetRightOffset")
    if left is None or right is None or source.frames is None or source.fps is None:
        return Played(unreadable="this version of Resolve does not report its source position")
    measured = (left + right) / clock.rate + record.duration
    there = source.frames / source.fps
    if abs(measured - there) > SAME_SPEED * there + 2 / clock.rate:
        return Played(unreadable="retimed, which this Resolve does not report exactly")
    return Played(left / clock.rate)
