"""Markers of timelines, timeline items and pool items: one per frame, names of colours as text."""

from __future__ import annotations

from typing import Any

from tests.doubles.resolve.surface import DATA, Handle
from tests.doubles.resolve.world import Marker


class Marked(Handle):
    """A handle of something that carries markers."""

    def _markers(self) -> list[Marker]:
        raise NotImplementedError

    def _at(self, frame: Any) -> Marker | None:
        return next((each for each in self._markers() if each.frame == frame), None)

    def _told(self, markers: list[Marker]) -> dict[Any, Any]:
        number = float if self._app.switches.float_keys else int
        return {number(each.frame): marker_told(each) for each in markers}

    def AddMarker(
        self, frame: Any, color: Any, name: Any, note: Any, duration: Any, custom: Any = ""
    ) -> bool:
        texts = all(isinstance(each, str) for each in (name, note, custom))
        numbers = isinstance(frame, (int, float)) and isinstance(duration, (int, float))
        good = numbers and texts and frame == int(frame) and frame >= 0 and duration >= 1
        if not good or color not in DATA["marker_colors"]:
            self._app.violation(f"AddMarker: {(frame, color, name, note, duration, custom)!r}")
            return False
        if self._at(frame) is not None:
            return False
        self._markers().append(Marker(int(frame), color, name, note, int(duration), custom))
        self._markers().sort(key=lambda each: each.frame)
        return True

    def GetMarkers(self) -> dict[Any, Any]:
        return self._told(self._markers())

    def GetMarkerByCustomData(self, custom: str) -> dict[Any, Any]:
        return self._told([m for m in self._markers() if m.custom_data == custom][:1])

    def UpdateMarkerCustomData(self, frame: Any, custom: str) -> bool:
        marker = self._at(frame)
        if marker is not None:
            marker.custom_data = custom
        return marker is not None

    def GetMarkerCustomData(self, frame: Any) -> str:
        marker = self._at(frame)
        return marker.custom_data if marker else ""

    def DeleteMarkersByColor(self, color: str) -> bool:
        """Takes the user's own too, so it is a violation."""
        self._app.violation("DeleteMarkersByColor: removes markers that are the user's")
        return self._remove([m for m in self._markers() if color in ("All", m.color)])

    def DeleteMarkerAtFrame(self, frame: Any) -> bool:
        marker = self._at(frame)
        return self._remove([marker] if marker else [])

    def DeleteMarkerByCustomData(self, custom: str) -> bool:
        return self._remove([m for m in self._markers() if m.custom_data == custom][:1])

    def _remove(self, markers: list[Marker]) -> bool:
        for each in markers:
            self._markers().remove(each)
        return bool(markers)


class Ranged(Handle):
    """A handle of something that has an in and an out point, by type of sound and picture."""

    def _ranges(self) -> dict[str, dict[str, int]]:
        raise NotImplementedError

    def GetMarkInOut(self) -> dict[str, dict[str, int]]:
        return {kind: dict(marks) for kind, marks in self._ranges().items() if marks}

    def SetMarkInOut(self, first: Any, last: Any, kind: str = "all") -> bool:
        if not all(isinstance(each, int) and each >= 0 for each in (first, last)):
            return False
        if first > last or kind not in ("all", "video", "audio"):
            return False
        for each in ("video", "audio") if kind == "all" else (kind,):
            self._ranges()[each] = {"in": first, "out": last}
        return True

    def ClearMarkInOut(self, kind: str = "all") -> bool:
        for each in ("video", "audio") if kind == "all" else (kind,):
            self._ranges().pop(each, None)
        return True


def marker_told(marker: Marker) -> dict[str, Any]:
    """A marker as GetMarkers tells it."""
    return {
        "color": marker.color,
        "duration": marker.duration,
        "note": marker.note,
        "name": marker.name,
        "customData": marker.custom_data,
    }
