"""The tracks of a timeline: adding, deleting, states, names, and their items."""

from __future__ import annotations

import copy
from typing import Any

from tests.doubles.resolve import world as w
from tests.doubles.resolve.application import Application
from tests.doubles.resolve.surface import Handle

DEFAULT_NAMES = {
    "en": {"video": "Video {}", "audio": "Audio {}", "subtitle": "Subtitle {}"},
    "de": {"video": "Video {}", "audio": "Audio {}", "subtitle": "Untertitel {}"},
    "ja": {"video": "ビデオ {}", "audio": "オーディオ {}", "subtitle": "字幕 {}"},
}


class Tracked(Handle):
    """The part of a timeline's handle that is about tracks."""

    def _timeline(self) -> w.Timeline:
        raise NotImplementedError

    def _track(self, kind: Any, index: Any) -> w.Track | None:
        """A track by its index from 1. Asking for one that is not there is a violation."""
        if kind not in w.KINDS or type(index) is not int:
            self._app.violation(f"no track {kind!r} {index!r}")
            return None
        tracks = self._timeline().of_kind(kind)
        if not 1 <= index <= len(tracks):
            self._app.violation(f"no {kind} track {index} of {len(tracks)}")
            return None
        return tracks[index - 1]

    def _is_current(self) -> bool:
        current = self._app.current
        return current is not None and current.uid == self._uid

    def GetTrackCount(self, kind: str) -> int:
        if kind not in w.KINDS:
            self._app.violation(f"GetTrackCount: {kind!r}")
        return len(self._timeline().of_kind(kind))

    def AddTrack(self, kind: str, options: Any = None) -> bool:
        """A dictionary of options is known from 19.0 on."""
        old = self._app.profile.key < (19, 0, 0)
        if kind not in w.KINDS or (old and isinstance(options, dict)):
            return False
        app, timeline = self._app, self._timeline()
        app.changing(timeline)
        track = w.Track(app.world.uid("track"), kind)
        wanted = options.get("index") if isinstance(options, dict) else None
        if kind == "audio":
            name = options.get("audioType") if isinstance(options, dict) else options
            track.subtype = name or "mono"
        if kind == "subtitle":
            track.enabled = not app.switches.new_track_disabled
            wanted = 1 if app.switches.new_track == "first" else wanted
        others = timeline.of_kind(kind)
        # Index 1 is before the first of its kind; anything else that is not there is the end.
        before = others[wanted - 1] if wanted and wanted <= len(others) else None
        at = timeline.tracks.index(before) if before else len(timeline.tracks)
        timeline.tracks.insert(at, track)
        return True

    def DeleteTrack(self, kind: str, index: int) -> bool:
        track, timeline = self._track(kind, index), self._timeline()
        if track is None:
            return False
        self._app.changing(timeline)
        timeline.tracks.remove(track)
        return True

    def GetTrackSubType(self, kind: str, index: int) -> str:
        track = self._track(kind, index)
        return track.subtype if track else ""

    def SetTrackEnable(self, kind: str, index: int, flag: Any) -> bool:
        track = self._track(kind, index)
        if track is not None:
            track.enabled = bool(flag)
        return track is not None

    def GetIsTrackEnabled(self, kind: str, index: int) -> bool:
        track = self._track(kind, index)
        return bool(track and track.enabled and self._tells_states())

    def SetTrackLock(self, kind: str, index: int, flag: Any) -> bool:
        track = self._track(kind, index)
        if track is not None:
            track.locked = bool(flag)
        return track is not None

    def GetIsTrackLocked(self, kind: str, index: int) -> bool:
        track = self._track(kind, index)
        return bool(track and track.locked and self._tells_states())

    def _tells_states(self) -> bool:
        return self._is_current() or not self._app.switches.off_current_mutes

    def GetTrackName(self, kind: str, index: int) -> str:
        track = self._track(kind, index)
        if track is None:
            return ""
        return track.name or DEFAULT_NAMES[self._app.switches.language][kind].format(index)

    def SetTrackName(self, kind: str, index: int, name: str) -> bool:
        track = self._track(kind, index)
        if track is not None:
            track.name = name
        return track is not None

    def GetItemListInTrack(self, kind: str, index: int) -> list[Handle] | None:
        track = self._track(kind, index)
        if track is None:
            return None
        return [self._app.handle("TimelineItem", item.uid) for item in _listed(self._app, track)]

    def GetItemsInTrack(self, kind: str, index: int) -> dict[Any, Handle]:
        return numbered(self._app, Tracked.GetItemListInTrack(self, kind, index))

    def DeleteClips(self, items: Any, ripple: Any = False) -> bool:
        """On the Edit page only. A locked track keeps its items. Ripple would move the user's."""
        app = self._app
        if not isinstance(items, (list, tuple)) or not all(isinstance(i, Handle) for i in items):
            app.violation(f"DeleteClips: {items!r}")
            return False
        if ripple:
            app.violation("DeleteClips: ripple moves what is behind")
        if app.switches.delete_page and app.world.page != "edit":
            return False
        if app.count("DeleteClips") <= app.switches.delete_fails:
            return False
        timeline, uids = self._timeline(), {each._uid for each in items}
        app.changing(timeline)
        gone = 0
        for track in timeline.tracks:
            if not track.locked:
                kept = [item for item in track.items if item.uid not in uids]
                gone += len(track.items) - len(kept)
                track.items = kept
        return gone == len(uids) > 0

    def SetClipsLinked(self, items: Any, flag: Any) -> bool:
        uids = [each._uid for each in items]
        for _, _, item in self._app.items():
            if item.uid in uids:
                item.linked = [uid for uid in uids if uid != item.uid] if flag else []
        return True


def _listed(app: Application, track: w.Track) -> list[w.Item]:
    """A track's items; once after a change those of before, where the switch says so."""
    old = app.lagging.pop(track.uid, None)
    if old is None:
        return track.items
    there = {item.uid for item in track.items}
    app.ghosts.update({item.uid: copy.deepcopy(item) for item in old if item.uid not in there})
    return old


def numbered(app: Application, values: Any) -> dict[Any, Any]:
    """The dictionary that a deprecated getter gives: keyed from 1."""
    number = float if app.switches.float_keys else int
    return {number(place): each for place, each in enumerate(values or [], 1)}
