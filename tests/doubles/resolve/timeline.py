"""A timeline's handle. Where stale handles are switched on, only the newest one tells the truth."""

from __future__ import annotations

from typing import Any

from tests.doubles.resolve import clock
from tests.doubles.resolve import world as w
from tests.doubles.resolve.application import Application
from tests.doubles.resolve.markers import Marked, Ranged
from tests.doubles.resolve.surface import Handle
from tests.doubles.resolve.tracks import Tracked


class Timeline(Tracked, Marked, Ranged):
    """A timeline."""

    _role = "Timeline"

    def _exists(self) -> bool:
        timeline = self._app.find_timeline(self._uid)
        return timeline is not None and timeline.generation == self._generation

    def _lingers(self) -> bool:
        return (self._uid, self._generation) in self._app.old and (
            self._app.switches.stale_handles == "old"
        )

    def _timeline(self) -> w.Timeline:
        """Of a stale handle that still answers: the timeline as it was; changes are lost."""
        timeline = self._app.find_timeline(self._uid)
        if not self._exists() and self._lingers():
            timeline = self._app.old[(self._uid, self._generation)]
        assert timeline is not None
        return timeline

    def _project(self) -> w.Project:
        return self._app.open_project()

    def _rate(self) -> Any:
        return w.rate(self._project(), self._timeline())

    def _is_drop(self) -> bool:
        return clock.is_drop(w.rate_text(self._project(), self._timeline()))

    def _markers(self) -> list[w.Marker]:
        return self._timeline().markers

    def _ranges(self) -> dict[str, dict[str, int]]:
        return self._timeline().marks

    def GetName(self) -> str:
        return self._timeline().name

    def SetName(self, name: str) -> bool:
        if any(each.name == name for each in self._project().timelines):
            return False
        self._timeline().name = name
        return True

    def GetUniqueId(self) -> str:
        return self._uid

    def GetStartFrame(self) -> int:
        return w.start_frame(self._project(), self._timeline())

    def GetEndFrame(self) -> int:
        return int(w.end_frame(self._project(), self._timeline()))

    def GetStartTimecode(self) -> str:
        return self._timeline().start_timecode

    def SetStartTimecode(self, timecode: str) -> bool:
        self._app.violation("SetStartTimecode: changes the user's timeline")
        self._timeline().start_timecode = timecode
        return True

    def GetCurrentTimecode(self) -> str:
        return clock.timecode(
            playhead(self._project(), self._timeline()), self._rate(), self._is_drop()
        )

    def SetCurrentTimecode(self, timecode: str) -> bool:
        try:
            frame = clock.frame_of(timecode, self._rate())
        except (ValueError, TypeError):
            self._app.violation(f"SetCurrentTimecode: {timecode!r}")
            return False
        project, timeline = self._project(), self._timeline()
        last = w.end_frame(project, timeline)
        if not w.start_frame(project, timeline) <= frame <= last:
            return False
        timeline.playhead = frame
        return True

    def GetCurrentVideoItem(self) -> Handle | None:
        frame = playhead(self._project(), self._timeline())
        for track in reversed(self._timeline().of_kind("video")):
            for item in track.items:
                if track.enabled and item.start <= frame < item.end:
                    return self._app.handle("TimelineItem", item.uid)
        return None

    def GetSetting(self, name: str = "") -> Any:
        settings = timeline_settings(self._app, self._project(), self._timeline())
        return settings.get(name, "") if name else settings

    def GetSettings(self) -> dict[str, Any]:
        return timeline_settings(self._app, self._project(), self._timeline())

    def SetSetting(self, name: str, value: Any) -> bool:
        self._app.violation(f"Timeline.SetSetting {name}: changes the user's timeline")
        self._timeline().settings[name] = str(value)
        return True

    def GetMediaPoolItem(self) -> Handle | None:
        pool = self._timeline().pool
        return self._app.handle("MediaPoolItem", pool) if pool else None

    def GetSelectedClips(self) -> list[Handle]:
        there = {item.uid for track in self._timeline().tracks for item in track.items}
        return [
            self._app.handle("TimelineItem", uid)
            for uid in self._timeline().selection
            if uid in there
        ]

    def ImportIntoTimeline(self, path: str, options: Any = None) -> bool:
        """AAF only, which the double has not."""
        return False

    def CreateSubtitlesFromAudio(self, settings: Any = None) -> bool:
        """Studio makes subtitles of its own; an adapter of ours has no business with it."""
        self._app.violation("CreateSubtitlesFromAudio: writes subtitles that are not ours")
        return False


def playhead(project: w.Project, timeline: w.Timeline) -> int:
    """The frame that the playhead stands on."""
    return timeline.playhead if timeline.playhead >= 0 else w.start_frame(project, timeline)


def rate_told(app: Application, text: str) -> Any:
    """A rate as GetSetting gives it in this build."""
    style, number = app.switches.rate_style, text.split()[0]
    if style == "text":
        return text
    return str(float(number)) if style == "decimal" else float(number)


def timeline_settings(app: Application, project: w.Project, timeline: w.Timeline) -> dict[str, Any]:
    """The settings that a timeline tells: its own rate only where it has one."""
    text = w.rate_text(project, timeline)
    hidden = app.switches.own_rate_hidden
    return {
        "useCustomSettings": "1" if timeline.rate else "0",
        "timelineFrameRate": "" if hidden else rate_told(app, text),
        "timelineDropFrameTimecode": "" if hidden else str(int(clock.is_drop(text))),
        "timelineResolutionWidth": "1920",
        "timelineResolutionHeight": "1080",
        **timeline.settings,
    }
