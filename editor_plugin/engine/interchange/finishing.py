"""Conversion of drafts to timelines, with the media of this machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from editor_plugin.core.timebase import has_drop_frame
from editor_plugin.core.timeline import OFFLINE, Clip, Media, Timeline, Track
from editor_plugin.engine.interchange.draft import Draft, DraftClip, DraftTrack
from editor_plugin.engine.interchange.surroundings import Surroundings


def finish(draft: Draft, around: Surroundings) -> Timeline:
    """Make a timeline of a draft: choose the tracks that are heard, find their media, and count
    source time from the file's start. Picture tracks are heard where there is no audio track."""
    audio = [track for track in draft.tracks if track.is_audio]
    pictures = [track for track in draft.tracks if not track.is_audio]
    heard = _without_twins(audio or pictures)
    notes = list(draft.notes)
    if audio and not any(track.clips for track in audio) and any(p.clips for p in pictures):
        notes.append("The audio tracks of this timeline are empty, so nothing is heard on it.")
    tracks = tuple(
        Track(
            track.name,
            index,
            tuple(_located(clip, around, notes) for clip in track.clips),
            track.muted,
        )
        for index, track in enumerate(heard, 1)
    )
    return Timeline(
        draft.name,
        draft.rate,
        tracks,
        draft.start_frame,
        draft.drop_frame and has_drop_frame(draft.rate),
        _shot_changes(pictures),
        tuple(dict.fromkeys((*notes, *around.notes))),
    )


def _shot_changes(pictures: Iterable[DraftTrack]) -> tuple[Fraction, ...]:
    clips = [c for track in pictures if not track.muted for c in track.clips if c.enabled]
    return tuple(sorted({at for c in clips for at in (c.record.start, c.record.end)}))


def _without_twins(tracks: list[DraftTrack]) -> list[DraftTrack]:
    """Merge clips that play other channels of the same source at the same time into the first: a
    stereo clip is on two tracks in many timeline files, and its words must not come twice."""
    twins: dict[object, list[DraftClip]] = {}
    left: list[list[DraftClip | list[DraftClip]]] = []  # twins are at the place of the first one
    for track in tracks:
        left.append([])
        for clip in track.clips:
            if clip.source is None:
                left[-1].append(clip)
                continue
            together = twins.setdefault(_twin(track, clip), [])
            if not together:
                left[-1].append(together)
            together.append(clip)
    return [
        replace(
            track,
            clips=tuple(
                each if isinstance(each, DraftClip) else _with_channels(each) for each in clips
            ),
        )
        for track, clips in zip(tracks, left, strict=True)
    ]


def _with_channels(twins: Sequence[DraftClip]) -> DraftClip:
    """The first of several clips, with the channels of all."""
    first = twins[0]
    assert first.source is not None, "what has no source has no twins"
    each_one = [twin.source.channels for twin in twins if twin.source is not None]
    # No channels means all of them already.
    channels: frozenset[tuple[int, int]] = (
        frozenset().union(*each_one) if all(each_one) else frozenset()
    )
    if channels == first.source.channels:
        return first
    return replace(first, source=replace(first.source, channels=channels))


def _twin(track: DraftTrack, clip: DraftClip) -> object:
    """A key that is the same for clips which are heard, or not heard, as one."""
    # The halves of a stereo pair can have different names; the file is the first one in `wanted`.
    wanted = None if clip.source is None else clip.source.wanted[:1]
    heard = (track.muted, clip.enabled, clip.unreadable)
    return (clip.record, clip.source_in, clip.speed, wanted, heard)


def _located(draft: DraftClip, around: Surroundings, notes: list[str]) -> Clip:
    clip = Clip(
        draft.name or "(no name)",
        draft.record,
        draft.source_in,
        draft.speed,
        None,
        draft.enabled,
        draft.unreadable,
    )
    if draft.source is None or draft.unreadable:
        return replace(clip, unreadable=draft.unreadable or "no media")
    path = around.path(draft.source.wanted)
    if path is None:
        return replace(clip, unreadable="offline", fault=OFFLINE)
    starts_at = draft.source.starts_at
    if starts_at is None:
        starts_at = around.starts_at(path, clip.source)
    if starts_at is None:
        return replace(clip, unreadable="its source timecode is not in the file")
    media = _media(path, draft.source.channels, notes)
    return replace(clip, source_in=clip.source_in - starts_at, media=media)


def _media(path: str, channels: frozenset[tuple[int, int]], notes: list[str]) -> Media:
    streams = {stream for stream, _ in channels}
    if len(streams) > 1:
        notes.append(
            f"Clips of “{path}” play several audio streams; only stream {min(streams) + 1} is used."
        )
    stream = min(streams, default=0) or None
    return Media(path, stream, next(iter(channels))[1] if len(channels) == 1 else None)
