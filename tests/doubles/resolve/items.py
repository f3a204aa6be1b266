"""Timeline items: where they lie, where they play from, and in which unit each getter tells it.

GetLeftOffset            picture: source frames; sound: timeline frames; retimed: divided by the
                         speed; a still: a big number that means nothing
GetSourceStartFrame      the media's own rate, from the file's first frame, 0 or -1 off
GetSourceEndFrame        exclusive where media and timeline rates agree, else inclusive
GetSourceStartTime/End   seconds, the media's start timecode included
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from tests.doubles.resolve import clock, subtitles
from tests.doubles.resolve import world as w
from tests.doubles.resolve.markers import Marked
from tests.doubles.resolve.surface import DATA, Handle
from tests.doubles.resolve.tracks import numbered

STILL_OFFSET = 107_892_000


class TimelineItem(Marked):
    """An item on a track."""

    _role = "TimelineItem"

    def _exists(self) -> bool:
        return self._uid in self._app.ghosts or self._app.find_item(self._uid) is not None

    def _found(self) -> tuple[w.Timeline, w.Track, w.Item] | None:
        return self._app.find_item(self._uid)

    def _item(self) -> w.Item:
        found = self._found()
        return found[2] if found else self._app.ghosts[self._uid]

    def _media(self) -> w.PoolItem | None:
        return self._app.find_pool_item(self._item().pool)

    def _rate(self) -> Fraction:
        found, project = self._found(), self._app.open_project()
        return w.rate(project, found[0]) if found else clock.rate_of(project.rate)

    def _markers(self) -> list[w.Marker]:
        return self._item().markers

    # Where it lies.

    def GetName(self) -> str:
        item = self._item()
        if item.kind != "subtitle":
            return item.name
        literal = self._app.switches.names == "literal"
        return "Subtitle" if literal else subtitles.flattened(item.text)

    def SetName(self, name: str) -> bool:
        if self._item().kind == "subtitle":
            return False
        self._item().name = name
        return True

    def GetUniqueId(self) -> str:
        return self._uid

    def GetStart(self, subframe: Any = False) -> Any:
        return _frames(self._item().start, subframe)

    def GetEnd(self, subframe: Any = False) -> Any:
        return _frames(self._item().end, subframe)

    def GetDuration(self, subframe: Any = False) -> Any:
        start, end = self._item().span
        return _frames(end - start, True) if subframe else int(end) - int(start)

    def GetTrackTypeAndIndex(self) -> list[Any]:
        found = self._found()
        if found is None:
            return []
        return [found[1].kind, found[0].of_kind(found[1].kind).index(found[1]) + 1]

    def GetMediaPoolItem(self) -> Handle | None:
        media = self._media()
        return self._app.handle("MediaPoolItem", media.uid) if media else None

    def GetLinkedItems(self) -> list[Handle]:
        return [self._app.handle("TimelineItem", uid) for uid in self._item().linked]

    # Where it plays from.

    def _source(self) -> tuple[Fraction, Fraction]:
        """Source times at its start and at its end, in seconds."""
        item = self._item()
        length = (item.end - item.start) / self._rate() * item.speed
        first, last = item.source_in, item.source_in + length
        if item.speed >= 0 or self._app.switches.reverse == "negative":
            return first, last
        return (last, first) if self._app.switches.reverse == "positive" else (last, last)

    def _offset(self, left: bool) -> Fraction:
        media, item, found = self._media(), self._item(), self._found()
        if media is None or found is None or item.speed == 0:
            return Fraction(0)
        if media.kind == "still":
            return Fraction(STILL_OFFSET)
        low, high = sorted(self._source())
        seconds = low if left else media.frames / media.fps - high
        rate = self._rate() if found[1].kind == "audio" else media.fps
        return seconds * rate / abs(item.speed)

    def GetLeftOffset(self, subframe: Any = False) -> Any:
        return _frames(self._offset(True), subframe)

    def GetRightOffset(self, subframe: Any = False) -> Any:
        return _frames(self._offset(False), subframe)

    def GetSourceStartFrame(self) -> int:
        media, item = self._media(), self._item()
        if media is None or item.lost_source:
            return 0
        slipped = self._app.switches.source_slip if int(item.start) % 3 == 0 else 0
        return max(0, int(self._source()[0] * media.fps) + slipped)

    def GetSourceEndFrame(self) -> int:
        media, item = self._media(), self._item()
        if media is None or item.lost_source:
            return 0
        end = int(self._source()[1] * media.fps)
        return end if media.fps == self._rate() else max(0, end - 1)

    def _absolute(self, seconds: Fraction) -> float:
        media = self._media()
        if media is None or self._item().lost_source:
            return 0.0
        label = clock.frame_of(media.start_timecode, media.fps)
        return float(seconds + label / media.fps)

    def GetSourceStartTime(self) -> float:
        return self._absolute(self._source()[0])

    def GetSourceEndTime(self) -> float:
        return self._absolute(self._source()[1])

    def GetSpeed(self) -> dict[str, Any]:
        return {
            "Percentage": float(self._item().speed * 100),
            "PitchCorrection": True,
            "StretchKeyframesToFit": False,
            "RippleTimeline": False,
        }

    def GetSourceAudioChannelMapping(self) -> str | None:
        media = self._media()
        mapping = self._item().mapping or (media.mapping if media else {})
        return json.dumps(mapping) if mapping else None

    # What it is.

    def GetType(self) -> str:
        item, found = self._item(), self._found()
        if item.kind in ("transition", "generator", "title"):
            return "generator" if item.kind == "title" else item.kind
        return found[1].kind if found else ""

    def GetClipEnabled(self) -> bool:
        return self._item().enabled

    def SetClipEnabled(self, flag: Any) -> bool:
        self._item().enabled = bool(flag)
        return True

    def GetProperty(self, key: str = "") -> Any:
        """No speed among them; sound and transitions have none."""
        found, item = self._found(), self._item()
        bare = found is None or found[1].kind != "video" or item.kind == "transition"
        properties = {} if bare else {"Pan": 0.0, "Tilt": 0.0, "ZoomX": 1.0, **item.properties}
        return properties.get(key) if key else properties

    def GetProperties(self) -> dict[str, Any]:
        found, item = self._found(), self._item()
        sound = {"AudioVolume": 0.0} if found and found[1].kind == "audio" else {}
        return {**sound, **item.properties}

    def GetFusionCompCount(self) -> int:
        return int(self._item().kind == "title")

    def GetTakesCount(self) -> int:
        return 0

    def GetClipColor(self) -> str:
        return self._item().color

    def SetClipColor(self, color: str) -> bool:
        if color not in DATA["clip_colors"]:
            return False
        self._item().color = color
        return True

    def ClearClipColor(self) -> bool:
        self._item().color = ""
        return True

    def GetFlagList(self) -> list[str]:
        return []

    def GetFlags(self) -> dict[Any, Any]:
        return numbered(self._app, [])


def _frames(value: Fraction, subframe: Any) -> Any:
    return float(value) if subframe else int(value)
