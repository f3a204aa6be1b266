"""JSON form of a timeline snapshot, as an editor's script sends it to the engine.

Times are texts of fractions ("1001/24"), so that nothing is rounded on the way.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from editor_plugin.core.errors import SnapshotInvalid
from editor_plugin.core.timeline import Clip, Media, Span, Timeline, Track


def timeline_to_wire(timeline: Timeline) -> dict[str, Any]:
    """Return the JSON form of a snapshot."""
    return {
        "name": timeline.name,
        "rate": str(timeline.rate),
        "start_frame": timeline.start_frame,
        "drop_frame": timeline.drop_frame,
        "shot_changes": [str(cut) for cut in timeline.shot_changes],
        "notes": list(timeline.notes),
        "tracks": [_track_to_wire(track) for track in timeline.tracks],
    }


def timeline_from_wire(wire: Any) -> Timeline:
    """Parse the JSON form. Raises SnapshotInvalid, naming what is wrong."""
    try:
        timeline = Timeline(
            _text(wire["name"]),
            Fraction(wire["rate"]),
            tuple(_track(each) for each in wire["tracks"]),
            int(wire["start_frame"]),
            bool(wire["drop_frame"]),
            tuple(Fraction(cut) for cut in wire.get("shot_changes", wire.get("cuts", ()))),
            tuple(_text(note) for note in wire["notes"]),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise SnapshotInvalid(f"{type(error).__name__}: {error}") from None
    if timeline.rate <= 0:
        raise SnapshotInvalid(f"a rate of {timeline.rate}")
    return timeline


def _track_to_wire(track: Track) -> dict[str, Any]:
    return {
        "name": track.name,
        "index": track.index,
        "muted": track.muted,
        "clips": [_clip_to_wire(clip) for clip in track.clips],
    }


def _clip_to_wire(clip: Clip) -> dict[str, Any]:
    media = clip.media
    return {
        "name": clip.name,
        "record": [str(clip.record.start), str(clip.record.end)],
        "source_in": str(clip.source_in),
        "speed": str(clip.speed),
        "media": None if media is None else [media.path, media.stream, media.channel],
        "enabled": clip.enabled,
        "unreadable": clip.unreadable,
        "fault": clip.fault,
    }


def _track(wire: Any) -> Track:
    clips = tuple(_clip(each) for each in wire["clips"])
    return Track(_text(wire["name"]), int(wire["index"]), clips, bool(wire["muted"]))


def _clip(wire: Any) -> Clip:
    start, end = wire["record"]
    unreadable, fault = wire["unreadable"], wire.get("fault")  # Recue 0.1 kept none
    return Clip(
        _text(wire["name"]),
        Span(Fraction(start), Fraction(end)),
        Fraction(wire["source_in"]),
        Fraction(wire["speed"]),
        None if wire["media"] is None else _media(wire["media"]),
        bool(wire["enabled"]),
        None if unreadable is None else _text(unreadable),
        None if fault is None else _text(fault),
    )


def _media(wire: Any) -> Media:
    path, stream, channel = wire
    return Media(_text(path), _number(stream), _number(channel))


def _number(value: Any) -> int | None:
    if value is not None and (type(value) is not int or value < 0):
        raise ValueError(f"{value!r} is no number of a stream or channel")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
