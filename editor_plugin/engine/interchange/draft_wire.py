"""JSON form of drafts, in which the process that reads a timeline file hands its result over.

That process has read a file of any origin, so nothing in its answer is taken on trust.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from editor_plugin.core.timeline import Span
from editor_plugin.engine.interchange.draft import Draft, DraftClip, DraftSource, DraftTrack

_FRACTION = re.compile(r"-?[0-9]{1,2000}(?:/[0-9]{1,2000})?")
_LATEST = 10**12
"""Frames; of a timeline that starts later than any."""


class DraftInvalid(ValueError):
    """The JSON is no draft."""


def draft_to_wire(draft: Draft) -> dict[str, Any]:
    """Return the JSON form; each source, which many clips can have, is in it once."""
    numbers: dict[DraftSource, int] = {}
    tracks = [_track_to_wire(track, numbers) for track in draft.tracks]
    return {
        "name": draft.name,
        "rate": str(draft.rate),
        "start_frame": draft.start_frame,
        "drop_frame": draft.drop_frame,
        "notes": draft.notes,
        "sources": [_source_to_wire(source) for source in numbers],
        "tracks": tracks,
    }


def draft_from_wire(wire: Any) -> Draft:
    """Parse the JSON form. Raises DraftInvalid."""
    try:
        sources = [_source(each) for each in _is(wire["sources"], list)]
        draft = Draft(
            _is(wire["name"], str),
            _fraction(wire["rate"]),
            [_track(each, sources) for each in _is(wire["tracks"], list)],
            _is(wire["start_frame"], int),
            _is(wire["drop_frame"], bool),
            [_is(each, str) for each in _is(wire["notes"], list)],
        )
    except (KeyError, TypeError, ValueError, IndexError, ArithmeticError) as error:
        raise DraftInvalid(f"{type(error).__name__}: {error}") from None
    if draft.rate <= 0 or abs(draft.start_frame) > _LATEST:
        raise DraftInvalid(f"{draft.start_frame} at a rate of {draft.rate}")
    return draft


def _source_to_wire(source: DraftSource) -> list[Any]:
    start = None if source.starts_at is None else str(source.starts_at)
    return [list(source.wanted), start, [list(pair) for pair in sorted(source.channels)]]


def _track_to_wire(track: DraftTrack, numbers: dict[DraftSource, int]) -> list[Any]:
    clips = [_clip_to_wire(clip, numbers) for clip in track.clips]
    return [track.name, track.is_audio, track.muted, clips]


def _clip_to_wire(clip: DraftClip, numbers: dict[DraftSource, int]) -> list[Any]:
    number = None if clip.source is None else numbers.setdefault(clip.source, len(numbers))
    times = (clip.record.start, clip.record.end, clip.source_in, clip.speed)
    return [clip.name, *map(str, times), number, clip.enabled, clip.unreadable]


def _source(wire: Any) -> DraftSource:
    wanted, start, channels = wire
    return DraftSource(
        tuple(_is(each, str) for each in wanted),
        None if start is None else _fraction(start),
        frozenset((_count(stream), _count(channel)) for stream, channel in channels),
    )


def _track(wire: Any, sources: list[DraftSource]) -> DraftTrack:
    name, is_audio, muted, clips = wire
    found = tuple(_clip(each, sources) for each in _is(clips, list))
    return DraftTrack(_is(name, str), _is(is_audio, bool), found, _is(muted, bool))


def _clip(wire: Any, sources: list[DraftSource]) -> DraftClip:
    name, start, end, source_in, speed, number, enabled, unreadable = wire
    return DraftClip(
        _is(name, str),
        Span(_fraction(start), _fraction(end)),
        _fraction(source_in),
        _fraction(speed),
        None if number is None else sources[_count(number)],
        _is(enabled, bool),
        None if unreadable is None else _is(unreadable, str),
    )


def _fraction(value: Any) -> Fraction:
    # Fraction would take "1e999999999", too.
    if not _FRACTION.fullmatch(_is(value, str)):
        raise ValueError(f"{value[:40]!r} is no time")
    return Fraction(value)


def _count(value: Any) -> int:
    if _is(value, int) < 0:
        raise ValueError(f"{value} is no count")
    return int(value)


def _is(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{str(value)[:40]!r} is no {kind.__name__}")
    return value
