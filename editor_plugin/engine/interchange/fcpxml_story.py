"""The story of an FCPXML sequence: nested containers, each with its own local time.

An element is at `offset` in its parent's time for `duration`; its own time begins with `start`. An
asset-clip or audio element plays its own time, which is the media's timecode. A `timeMap` retimes
what is inside; connected clips (with a `lane`) are not retimed, and may reach beyond the clip that
they are connected to.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from xml.etree.ElementTree import Element

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.core.timebase import exact_rate
from editor_plugin.core.timeline import Span
from editor_plugin.engine.interchange.clock import ContainerClock, bounded
from editor_plugin.engine.interchange.draft import DraftClip, DraftSource, Unreadable
from editor_plugin.engine.interchange.expansion import Expansion
from editor_plugin.engine.interchange.fcpxml_resources import (
    Resources,
    heard_channels,
    seconds,
)

DEEPEST = 16
"""How many compound clips may be nested in each other."""

MOST_ROLES = 256
"""Roles that one clip switches off; a project has a few dozen."""

_SILENT = re.compile(r"\s*-(96(\.0*)?|inf(inity)?)(\s*dB)?\s*", re.IGNORECASE)
_STREAM = {"audio", "video"}
_SILENCE_FROM = {"video", "none"}
# Final Cut Pro changes the speed only between rates this close (23.98, 24, 25); for others it drops
# or repeats frames and keeps the speed.
_CONFORMED = (Fraction(94, 100), Fraction(106, 100))


@dataclass(frozen=True)
class StoryClock(ContainerClock):
    """The local time of a story element, and the settings of everything inside it. `rate` is that
    of the sequence around; `silent_roles` are not heard, `connected_roles` not in connected clips;
    `inside` are the ids of the compound and multicam clips around."""

    rate: Fraction = Fraction(24)
    heard: bool = True
    lane: int = 0
    silent_roles: frozenset[str] = frozenset()
    connected_roles: frozenset[str] = frozenset()
    depth: int = 0
    inside: frozenset[str] = frozenset()


class Story:
    """Collects the clips of spines: `sounds` by lane, and `pictures`, in record time. Raises
    Unreadable for a compound clip that contains itself, and where there is no end of them."""

    def __init__(self, resources: Resources, notes: list[str], expansion: Expansion) -> None:
        self.resources = resources
        self.notes = notes
        self.sounds: defaultdict[int, list[DraftClip]] = defaultdict(list)
        self.pictures: list[DraftClip] = []
        self._expansion = expansion

    def spine(self, spine: Element, clock: StoryClock, start: Fraction) -> None:
        """Collect the elements of a spine; `start` is the local time of its beginning."""
        self._expansion.read(spine)
        offsets = [seconds(each, "offset", start) for each in spine if each.get("offset")]
        # Some programs count offsets from 0, whatever the sequence's start timecode.
        now = start if not offsets or min(offsets) >= start else Fraction(0)
        clock = replace(clock, record=clock.at(start), local=now)
        for element in spine:
            if element.tag in _ITEMS:
                now = bounded(self.item(element, clock, now))

    def item(self, element: Element, clock: StoryClock, now: Fraction) -> Fraction:
        """Collect an element, which is at `now` unless it states its offset; return its end."""
        self._expansion.read(element)
        if element.tag == "audition":
            # The first one is the pick.
            picked = next((each for each in element if each.tag in _ITEMS), None)
            return now if picked is None else self.item(picked, clock, now)
        if element.tag == "spine":
            if element.get("lane"):
                self._storyline(element, clock, now)
            else:  # the storyline of a synchronised clip, in the clip's own clock
                self.spine(element, clock, seconds(element, "offset"))
            return now
        offset = seconds(element, "offset", now)
        duration = seconds(element, "duration", self._natural_duration(element))
        record = clock.span(offset, duration)
        start = seconds(element, "start", self._natural_start(element))
        own = replace(
            clock,
            record=record.start,
            local=start,
            speed=clock.speed * self._conform(element, clock),
            lane=clock.lane or _lane(element),
            depth=clock.depth + 1,
        )
        self._contents(element, own, replace(own, window=clock.shown(record)), record)
        holds = _Content(element)
        for child in element:
            if child.tag in _ITEMS and child.tag not in _STREAM and child not in holds:
                self.item(child, replace(own, silent_roles=own.connected_roles), start)
        return offset + duration

    def _storyline(self, spine: Element, clock: StoryClock, now: Fraction) -> None:
        at = clock.at(seconds(spine, "offset", now))
        own = replace(clock, record=at, local=Fraction(0), lane=clock.lane or _lane(spine))
        self.spine(spine, own, Fraction(0))

    def _contents(
        self, element: Element, own: StoryClock, inside: StoryClock, record: Span
    ) -> None:
        """Collect what an element plays, in the local time that its timeMap changes."""
        if element.get("enabled") == "0":
            inside = replace(inside, enabled=False)
        if element.get("srcEnable") in _SILENCE_FROM or _turned_down(element):
            inside = replace(inside, heard=False)
        if element.tag in ("gap", "title", "caption", "transition"):
            if element.tag == "title":
                self._picture(element, inside, record)
            return
        bent = self._bent(element, inside)
        if isinstance(bent, str):
            self._sound(DraftClip(_name(element), record, unreadable=bent), inside)
            self._picture(element, inside, record)
        elif element.tag in ("asset-clip", "audio", "video"):
            self._play(element, bent, record)
            for child in element:
                if child.tag in _STREAM:
                    self.item(child, replace(bent, window=own.window), bent.local)
        else:
            _CONTAINERS[element.tag](self, element, bent, record)

    def _bent(self, element: Element, clock: StoryClock) -> StoryClock | str:
        """The retimed local time inside an element, or the reason why it cannot be followed."""
        points = sorted(
            (seconds(each, "time"), seconds(each, "value"))
            for each in element.findall("timeMap/timept")
        )
        if len(points) < 2:
            return clock
        speeds = {
            (there[1] - here[1]) / (there[0] - here[0])
            for here, there in pairwise(points)
            if there[0] != here[0]
        }
        if len(speeds) != 1:
            return "variable speed"
        speed = speeds.pop()
        local = self._mapped(element, points[0], clock.local, speed)
        if local is None:
            return "retime that cannot be followed"
        if speed <= 0 and element.tag in _CONTAINERS:
            return "compound clip in reverse" if speed < 0 else "frozen compound clip"
        return replace(clock, local=local, speed=clock.speed * speed)

    def _mapped(
        self, element: Element, point: tuple[Fraction, Fraction], local: Fraction, speed: Fraction
    ) -> Fraction | None:
        """The media's time at the retimed time `local`. Final Cut Pro writes the points in the
        media's timecode, other programs count from its first frame: what lies in the media holds.
        """
        time, value = point
        asset = self.resources.assets.get(element.get("ref", ""))
        begin = Fraction(0) if asset is None else seconds(asset, "start")
        length = Fraction(0) if asset is None else seconds(asset, "duration")
        for base in (Fraction(0), begin):
            for counted in dict.fromkeys((local, local - base)):
                media = base + value + (counted - time) * speed
                if media >= begin and (length == 0 or media <= begin + length):
                    return media
        return None

    def _conform(self, element: Element, clock: StoryClock) -> Fraction:
        """The speed of media with another frame rate that is played frame for frame."""
        conform = element.find("conform-rate")
        if conform is None or conform.get("scaleEnabled") == "0":
            return Fraction(1)
        try:
            speed = clock.rate / exact_rate(conform.get("srcFrameRate", ""))
        except SettingsInvalid:
            return Fraction(1)
        if speed == 1 or not _CONFORMED[0] <= speed <= _CONFORMED[1]:
            return Fraction(1)
        self.notes.append(
            "Clips with another frame rate play at a changed speed (rate conform); check that "
            "their subtitles are in sync."
        )
        return speed

    def _play(self, element: Element, clock: StoryClock, record: Span) -> None:
        asset = self.resources.assets.get(element.get("ref", ""))
        if element.tag == "video" or (asset is not None and asset.get("hasVideo") == "1"):
            if element.tag != "audio":
                self._picture(element, clock, record)
            if element.tag == "video":
                return
        if asset is None:
            missing = DraftClip(_name(element), record, unreadable="no media")
            self._sound(missing, clock)
            return
        channels = heard_channels(element, asset)
        role = element.get("role") or element.get("audioRole") or "dialogue"
        if channels is None or not self.resources.has_sound(asset) or _is_silent(role, clock):
            return
        source = DraftSource(
            self.resources.wanted_media(asset, element), seconds(asset, "start"), channels
        )
        name = element.get("name") or asset.get("name") or ""
        self._sound(DraftClip(name, record, clock.local, clock.speed, source), clock)

    def _sound(self, clip: DraftClip, clock: StoryClock) -> None:
        if clock.heard:
            self.sounds[clock.lane].extend(clock.trimmed(clip))

    def _picture(self, element: Element, clock: StoryClock, record: Span) -> None:
        self.pictures.extend(clock.trimmed(DraftClip(_name(element), record)))

    # -- containers -----------------------------------------------------------------------------

    def _clip(self, element: Element, clock: StoryClock, record: Span) -> None:
        holds = _Content(element)
        for child in element:
            if child.tag in _ITEMS and (child.tag in _STREAM or child in holds):
                self.item(child, clock, clock.local)

    def _sync_clip(self, element: Element, clock: StoryClock, record: Span) -> None:
        silent = {
            each.get("sourceID"): _silent_roles(each) for each in element.findall("sync-source")
        }
        storyline = clock.silent_roles | silent.get("storyline", frozenset())
        connected = clock.connected_roles | silent.get("connected", frozenset())
        holds = _Content(element)
        for child in element:
            if child.tag in _ITEMS and (child.tag in _STREAM or child in holds):
                roles = connected if child.get("lane") else storyline
                own = replace(clock, silent_roles=roles, connected_roles=connected)
                self.item(child, own, clock.local)

    def _ref_clip(self, element: Element, clock: StoryClock, record: Span) -> None:
        media = self.resources.media.get(element.get("ref", ""))
        sequence = None if media is None else media.find("sequence")
        if sequence is None or clock.depth > DEEPEST:
            self._sound(DraftClip(_name(element), record, unreadable="compound clip"), clock)
            return
        own = self._entering(element, self._with_silent(clock, element))
        own = replace(own, rate=self.resources.rate(sequence) or own.rate)
        for spine in sequence.findall("spine"):
            self.spine(spine, own, seconds(sequence, "tcStart"))

    def _mc_clip(self, element: Element, clock: StoryClock, record: Span) -> None:
        media = self.resources.media.get(element.get("ref", ""))
        multicam = None if media is None else media.find("multicam")
        sources = element.findall("mc-source")
        if multicam is None or not sources or clock.depth > DEEPEST:
            self._sound(DraftClip(_name(element), record, unreadable="multicam clip"), clock)
            return
        clock = self._entering(element, clock)
        self._expansion.read(multicam)
        angles = {angle.get("angleID"): angle for angle in multicam.findall("mc-angle")}
        self._picture(element, clock, record)
        for source in sources:
            angle = angles.get(source.get("angleID"))
            if angle is not None and source.get("srcEnable") not in _SILENCE_FROM:
                own = self._with_silent(clock, source)
                self.spine(angle, own, seconds(multicam, "tcStart"))

    def _entering(self, element: Element, clock: StoryClock) -> StoryClock:
        """The clock in a compound or multicam clip. Raises Unreadable where it is in itself."""
        media = element.get("ref", "")
        if media in clock.inside:
            raise Unreadable(f"its compound clip “{_name(element)[:40]}” contains itself")
        return replace(clock, inside=clock.inside | {media})

    def _with_silent(self, clock: StoryClock, element: Element) -> StoryClock:
        silent = _silent_roles(element)
        return replace(
            clock,
            silent_roles=clock.silent_roles | silent,
            connected_roles=clock.connected_roles | silent,
        )

    # -- what an element does not say itself -----------------------------------------------------

    def _natural_start(self, element: Element) -> Fraction:
        if element.tag in ("ref-clip", "mc-clip"):
            inner = self._inner(element)
            return Fraction(0) if inner is None else seconds(inner, "tcStart")
        asset = self.resources.assets.get(element.get("ref", ""))
        return Fraction(0) if asset is None else seconds(asset, "start")

    def _natural_duration(self, element: Element) -> Fraction:
        inner = self._inner(element)
        if inner is not None:
            return seconds(inner, "duration")
        asset = self.resources.assets.get(element.get("ref", ""))
        if asset is None:
            return Fraction(0)
        begin = seconds(asset, "start")
        return max(
            Fraction(0), begin + seconds(asset, "duration") - seconds(element, "start", begin)
        )

    def _inner(self, element: Element) -> Element | None:
        media = self.resources.media.get(element.get("ref", ""))
        return None if media is None or not len(media) else media[0]


_CONTAINERS = {
    "clip": Story._clip,
    "sync-clip": Story._sync_clip,
    "ref-clip": Story._ref_clip,
    "mc-clip": Story._mc_clip,
}
_ITEMS = {
    *_CONTAINERS,
    *_STREAM,
    *("asset-clip", "gap", "title", "audition", "spine", "transition", "caption"),
}


class _Content:
    """The children that are an element's content, and not connected to it. In a synchronised clip,
    connected elements are content, too, unless it has a storyline."""

    def __init__(self, element: Element) -> None:
        self._none = element.tag not in ("clip", "sync-clip")
        self._all = element.tag == "sync-clip" and element.find("spine") is None

    def __contains__(self, child: Element) -> bool:
        return self._all or not (self._none or child.get("lane"))


def _lane(element: Element) -> int:
    lane = element.get("lane", "0")
    return int(lane) if re.fullmatch("-?[0-9]{1,6}", lane) else 0


def _name(element: Element) -> str:
    return element.get("name") or element.tag


def _turned_down(element: Element) -> bool:
    volume = element.find("adjust-volume")
    return volume is not None and bool(_SILENT.fullmatch(volume.get("amount", "")))


def _silent_roles(element: Element) -> frozenset[str]:
    silent = frozenset(
        _main(each.get("role", ""))
        for each in element.findall("audio-role-source")
        if "0" in (each.get("active"), each.get("enabled"))
    )
    if len(silent) > MOST_ROLES:
        raise Unreadable(f"it switches off more than {MOST_ROLES} roles in one clip")
    return silent


def _is_silent(role: str, clock: StoryClock) -> bool:
    return _main(role) in clock.silent_roles or role.partition(".")[0] in clock.silent_roles


def _main(role: str) -> str:
    # "dialogue" and its first sub-role "dialogue.dialogue-1" are the same.
    main, _, sub = role.partition(".")
    return main if sub == f"{main}-1" else role
