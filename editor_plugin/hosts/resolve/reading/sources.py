"""Reads the file behind a timeline item: its path, rate, start timecode, and the channel heard.

Synced sound lies in another file than the clip's own; the audio mapping, JSON text from 19.0 on,
tells which: channels count from 1, the clip's own first, then those of each linked file in order.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.core.timebase import exact_rate
from editor_plugin.core.timeline import OFFLINE, Media
from editor_plugin.hosts.resolve import api
from editor_plugin.hosts.resolve.reading.clock import labelled

_SEQUENCE = re.compile(r"\[\d+-\d+\]\.\w+$")
_NESTED = {
    "compound": "compound clip",
    "multicam": "multicam clip",
    "timeline": "nested timeline",
    "fusion": "Fusion clip",
    "generator": "generator",
}


@dataclass(frozen=True)
class MediaFile:
    """A file's path and facts; `fps` and `start` (seconds of its start timecode) may be unknown.

    `unreadable` says in a few words why there is no file to read; `fault` is as of a clip.
    """

    path: str = ""
    fps: Fraction | None = None
    start: Fraction | None = None
    frames: Fraction | None = None
    sample_rate: Fraction | None = None
    unreadable: str = ""
    fault: str | None = None


@dataclass(frozen=True)
class Heard:
    """The sound of a clip: which media, how many seconds its time is ahead of the clip's own file,
    whether all of it is muted, and a sentence where not all of it is heard."""

    media: Media
    ahead: Fraction = Fraction(0)
    muted: bool = False
    note: str = ""


def source_of(pool_item: Any) -> MediaFile:
    """Read a pool item. Texts of Resolve's that are translated serve as hints only."""
    path = _property(pool_item, "File Path")
    if not path:
        hint = _property(pool_item, "Type").lower().split(" ")[0]
        return MediaFile(unreadable=_NESTED.get(hint, "clip without a file"))
    if _SEQUENCE.search(path):
        return MediaFile(path, unreadable="image sequence")
    if not _is_there(path):
        return MediaFile(path, unreadable=f"offline: “{path}” is not there", fault=OFFLINE)
    fps, start = _rate(_property(pool_item, "FPS")), None
    if fps is not None:
        drop = _property(pool_item, "Drop frame") == "1"
        frame = labelled(_property(pool_item, "Start TC"), fps, drop)
        start = None if frame is None else frame / fps
    frames, rate = (api.number(_property(pool_item, name)) for name in ("Frames", "Sample Rate"))
    return MediaFile(path, fps, start, frames, rate)


def heard(item: Any, pool_item: Any, source: MediaFile) -> Heard | str:
    """Which file and channel an audio item plays; a few words where that cannot be told."""
    mapping = _mapping(item, pool_item)
    entry = _entry(item, pool_item, mapping)
    if entry is None:
        return Heard(Media(source.path))
    if entry.get("mute") is True:
        return Heard(Media(source.path), muted=True)
    channels = [api.whole(each) for each in api.listed(entry.get("channel_idx"))]
    chosen = [each for each in channels if each is not None and each > 0]
    if not chosen:
        return "none of its audio channels is used"
    return _of_channels(chosen, mapping, source)


def _of_channels(chosen: list[int], mapping: dict[str, Any], source: MediaFile) -> Heard | str:
    """One file has them: all of its channels together, or the first of those that are used."""
    own = api.whole(mapping.get("embedded_audio_channels")) or 0
    files = [(source.path, own, Fraction(0)), *_linked(mapping)]
    first = min(chosen)
    before = 0
    for path, count, offset in files:
        if first <= before + count:
            inside = sorted({each - before for each in chosen if each <= before + count})
            if path != source.path and not _is_there(path):
                return f"offline: its synced sound “{path}” is not there"
            if offset and source.sample_rate is None:
                return "Resolve does not report the sample rate of its synced sound"
            ahead = -offset / source.sample_rate if source.sample_rate and offset else Fraction(0)
            whole = len(inside) == count and len(inside) == len(set(chosen))
            note = ""
            if not whole and len(chosen) > 1:
                name = os.path.basename(path)
                note = f"Only channel {inside[0]} of {count} of “{name}” is transcribed."
            media = Media(path, None, None if whole else inside[0] - 1)
            return Heard(media, ahead, note=note)
        before += count
    return "it uses an audio channel that its file does not have"


def _linked(mapping: dict[str, Any]) -> list[tuple[str, int, Fraction]]:
    linked = mapping.get("linked_audio")
    return [
        (
            api.text(each.get("path")),
            api.whole(each.get("channels")) or 0,
            api.number(each.get("offset")) or Fraction(0),
        )
        for each in api.listed(linked)
        if isinstance(each, dict)
    ]


def _mapping(item: Any, pool_item: Any) -> dict[str, Any]:
    for owner, name in ((item, "GetSourceAudioChannelMapping"), (pool_item, "GetAudioMapping")):
        try:
            reported = json.loads(api.text(api.call(owner, name)))
        except ValueError:
            continue
        if isinstance(reported, dict) and reported:
            return reported
    return {}


def _entry(item: Any, pool_item: Any, mapping: dict[str, Any]) -> dict[str, Any] | None:
    """The entry of the mapping that is this item's: one for each audio item of a clip."""
    entries = [each for each in api.listed(mapping.get("track_mapping")) if isinstance(each, dict)]
    if len(entries) <= 1:
        return entries[0] if entries else None
    source = api.uid(pool_item)
    places = []
    for each in [item, *api.listed(api.call(item, "GetLinkedItems"))]:
        place = api.listed(api.call(each, "GetTrackTypeAndIndex"))
        same = api.uid(api.call(each, "GetMediaPoolItem")) == source
        if same and len(place) == 2 and place[0] == "audio":
            places.append((api.whole(place[1]) or 0, api.uid(each)))
    order = [uid for _, uid in sorted(set(places))]
    audible = [each for each in entries if each.get("mute") is not True] or entries
    if api.uid(item) in order and len(order) == len(entries):
        return entries[order.index(api.uid(item))]
    return audible[0]


def _is_there(path: str) -> bool:
    """Whether there is such a file. In an ASCII locale Python finds no accents but as bytes."""
    try:
        return os.path.isfile(path if os.name == "nt" else path.encode("utf-8", "surrogateescape"))
    except ValueError:
        return False


def _property(pool_item: Any, name: str) -> str:
    return api.text(api.call(pool_item, "GetClipProperty", name))


def _rate(reported: str) -> Fraction | None:
    try:
        return exact_rate(reported)
    except SettingsInvalid:
        return None
