"""Final Cut Pro 7 XML (.xml), as Premiere Pro and DaVinci Resolve write it.

Recue has its own reader: OpenTimelineIO's adapter ignores speed, enabled flags and channels,
misplaces retimed clips, and refuses a whole file for one clip without media.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from xml.etree.ElementTree import Element

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.core.timebase import exact_rate, frame_of
from editor_plugin.engine.interchange.clock import ContainerClock
from editor_plugin.engine.interchange.draft import (
    RATE_ASSUMED,
    Draft,
    DraftClip,
    DraftSource,
    DraftTrack,
    TimelineFormat,
    Unreadable,
)
from editor_plugin.engine.interchange.expansion import Expansion
from editor_plugin.engine.interchange.fcp7_speed import number, source_start
from editor_plugin.engine.interchange.xml_file import read_xml

DEEPEST = 16
"""How many sequences may be nested in each other."""
MOST_STREAMS = 100
"""Audio streams of a file that are told apart; recorders write up to 64."""


def read_fcp7(path: Path, given: Fraction | None = None) -> Draft:
    """Read the first sequence of an .xml file."""
    root = read_xml(path)
    if root.tag != "xmeml":
        raise Unreadable(f"it is XML of another kind (“{root.tag[:40]}”)")
    sequences = [each for each in root.iter("sequence") if each.find("media") is not None]
    if not sequences:
        raise Unreadable("there is no sequence in it")
    sequence = sequences[0]
    stated = _rate(sequence)
    rate = stated or given or Fraction(24)
    draft = Draft(_text(sequence, "name"), rate)
    if stated is None and given is None:
        draft.notes.append(RATE_ASSUMED)
    draft.drop_frame = _text(sequence, "timecode/displayformat").upper() == "DF"
    draft.start_frame = _start_frame(sequence, rate, draft.drop_frame)
    draft.tracks += _Sequences(root).tracks(sequence, rate)
    return draft


def _start_frame(sequence: Element, rate: Fraction, drop_frame: bool) -> int:
    frame = number(sequence, "timecode/frame")
    if frame is not None:
        return int(frame)
    try:
        return frame_of(_text(sequence, "timecode/string"), rate, drop_frame)
    except SettingsInvalid:
        return 0


@dataclass(frozen=True)
class _Row:
    """A track of a sequence: its rate, its local time on the timeline, and the sequences around."""

    rate: Fraction
    clock: ContainerClock
    is_audio: bool
    around: tuple[Element, ...] = ()


@dataclass(frozen=True)
class _File:
    """A media file: its path and name, and how many channels each of its audio streams has."""

    wanted: tuple[str, str]
    streams: tuple[int, ...]

    @classmethod
    def of(cls, element: Element) -> _File:
        audio = element.findall("media/audio")[:MOST_STREAMS]
        streams = tuple(int(number(each, "channelcount") or 1) for each in audio)
        return cls((_text(element, "pathurl"), _text(element, "name")), streams)


class _Sequences:
    """The tracks of a sequence, with nested sequences expanded. An element that only repeats an id
    stands for the one with the content. Raises Unreadable for a sequence that contains itself, and
    where there is no end of them."""

    def __init__(self, root: Element) -> None:
        self._by_id: dict[tuple[str, str], Element] = {}
        indexes: dict[str, set[int]] = {}
        for each in root.iter():
            key = (each.tag, each.get("id", ""))
            if key[1] and len(each) > len(self._by_id.get(key, ())):
                self._by_id[key] = each
        for item in root.iter("clipitem"):
            indexes.setdefault(self._file_id(item), set()).add(_channel(item))
        # Index 1 alone can mean a whole stereo track as well as the first channel of a file. Only
        # where a file's channels are used apart does it mean a channel.
        self._apart = {file for file, used in indexes.items() if file and max(used) > 0}
        self._expansion = Expansion(root, "nested sequences")
        self._files: dict[int, _File] = {}

    def tracks(self, sequence: Element, rate: Fraction) -> Iterator[DraftTrack]:
        """Yield the tracks, picture first; a nested sequence adds tracks."""
        for kind, letter in (("video", "V"), ("audio", "A")):
            for count, track in enumerate(sequence.findall(f"media/{kind}/track"), 1):
                row = _Row(rate, ContainerClock(), kind == "audio", (sequence,))
                for layer in self._layers(track, row) or [[]]:
                    yield DraftTrack(
                        _text(track, "name") or f"{letter}{count}",
                        row.is_audio,
                        tuple(sorted(layer, key=lambda clip: clip.record.start)),
                        _is_off(track),
                    )

    def _layers(self, track: Element, row: _Row) -> list[list[DraftClip]]:
        layers: list[list[DraftClip]] = []
        self._expansion.read(track)
        items = [self._full(each) for each in track]
        for place, item in enumerate(items):
            if item.tag not in ("clipitem", "generatoritem"):
                continue
            self._expansion.read(item)
            if item is not track[place]:
                self._expansion.read_again(item)
            before = items[place - 1] if place else None
            after = items[place + 1] if place + 1 < len(items) else None
            for depth, layer in enumerate(self._item(item, before, after, row)):
                if depth == len(layers):
                    layers.append([])
                layers[depth].extend(layer)
        return layers

    def _item(
        self, item: Element, before: Element | None, after: Element | None, row: _Row
    ) -> list[list[DraftClip]]:
        start, hidden = _edge(item, "start", before)
        end, _ = _edge(item, "end", after)
        if start is None or end is None or end <= start:
            return []
        record = row.clock.span(start / row.rate, (end - start) / row.rate)
        name = _text(item, "name")
        if item.tag == "generatoritem":
            return [list(row.clock.trimmed(DraftClip(name, record, unreadable="generator")))]
        source_in, speed = source_start(item, end - start, _rate(item), row.rate)
        clip = DraftClip(name, record, enabled=not _is_off(item))
        if speed is None:
            clip = replace(clip, unreadable="variable speed")
            return [list(row.clock.trimmed(clip))]
        clip = replace(
            clip,
            source_in=source_in + hidden / row.rate * speed,
            speed=speed * row.clock.speed,
        )
        nested = item.find("sequence")
        if nested is not None:
            return self._nested(self._full(nested), clip, speed, row)
        return [list(row.clock.trimmed(self._with_source(item, clip)))]

    def _nested(
        self, sequence: Element, clip: DraftClip, speed: Fraction, row: _Row
    ) -> list[list[DraftClip]]:
        if sequence in row.around:
            name = _text(sequence, "name")[:40]
            raise Unreadable(f"its nested sequence “{name}” contains itself")
        self._expansion.read(sequence)
        if len(row.around) > DEEPEST or speed <= 0:
            why = "retimed nested sequence" if speed <= 0 else "nested too deep"
            return [list(row.clock.trimmed(replace(clip, unreadable=why)))]
        rate = _rate(sequence) or row.rate
        clock = ContainerClock(
            clip.record.start,
            clip.source_in,
            clip.speed,
            row.clock.shown(clip.record),
            row.clock.enabled and clip.enabled,
        )
        audio = sequence.findall("media/audio/track") if row.is_audio else []
        inner = _Row(rate, clock, row.is_audio, (*row.around, sequence))
        return [
            layer
            for track in audio or sequence.findall("media/video/track")
            if not _is_off(track)
            for layer in self._layers(track, inner)
        ]

    def _with_source(self, item: Element, clip: DraftClip) -> DraftClip:
        found = item.find("file")
        file = None if found is None else self._file(self._full(found))
        if item.find("multiclip") is not None:
            return replace(clip, unreadable="multicam clip")
        wanted = () if file is None else file.wanted
        wanted = tuple(dict.fromkeys(each for each in (*wanted, clip.name) if each))
        if file is None or not wanted:
            return replace(clip, unreadable="no media")
        # `in` counts from the file's first frame, whatever its timecode.
        source = DraftSource(wanted, Fraction(0), self._channels(item, file))
        return replace(clip, source=source)

    def _file(self, element: Element) -> _File:
        """The facts of a file element, which is read once, whatever number of clips refer to it."""
        if id(element) not in self._files:
            self._files[id(element)] = _File.of(element)
        return self._files[id(element)]

    def _channels(self, item: Element, file: _File) -> frozenset[tuple[int, int]]:
        if _text(item, "sourcetrack/mediatype") != "audio":
            return frozenset()
        if self._file_id(item) not in self._apart:
            return frozenset()
        index = _channel(item)
        for stream, count in enumerate(file.streams):
            if index < count:
                return frozenset({(stream, index)})
            index -= count
        return frozenset({(0, _channel(item))})

    def _file_id(self, item: Element) -> str:
        file = item.find("file")
        return "" if file is None else file.get("id", "") or _text(file, "pathurl")

    def _full(self, element: Element) -> Element:
        return self._by_id.get((element.tag, element.get("id", "")), element)


def _edge(item: Element, name: str, neighbour: Element | None) -> tuple[Fraction | None, Fraction]:
    """A clip's start or end in frames of its sequence, and how many frames a transition hides. -1
    means the cut point of the transition beside it, at whose beginning `in` is then."""
    frame = number(item, name)
    if frame is None or frame >= 0:
        return frame, Fraction(0)
    if neighbour is None or neighbour.tag != "transitionitem":
        return None, Fraction(0)
    start, end = number(neighbour, "start"), number(neighbour, "end")
    if start is None or end is None:
        return None, Fraction(0)
    alignment = _text(neighbour, "alignment")
    cut = {"start": start, "start-black": start, "end": end, "end-black": end}.get(
        alignment, Fraction((start + end) // 2)
    )
    return cut, cut - start


def _channel(item: Element) -> int:
    if _text(item, "sourcetrack/mediatype") != "audio":
        return 0
    return max(int(number(item, "sourcetrack/trackindex") or 1) - 1, 0)


def _is_off(element: Element) -> bool:
    return _text(element, "enabled").upper() == "FALSE"


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _rate(element: Element) -> Fraction | None:
    timebase = number(element, "rate/timebase")
    if timebase is None:
        return None
    ntsc = _text(element, "rate/ntsc").upper() == "TRUE"
    try:
        return exact_rate(timebase * Fraction(1000, 1001) if ntsc else timebase)
    except SettingsInvalid:
        return None


FORMATS = (TimelineFormat(".xml", read_fcp7),)
