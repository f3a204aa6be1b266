"""The open project: its timelines and settings. Delivering is in render.py."""

from __future__ import annotations

from typing import Any

from tests.doubles.resolve import clock
from tests.doubles.resolve import world as w
from tests.doubles.resolve.render import Delivering
from tests.doubles.resolve.surface import Handle
from tests.doubles.resolve.timeline import Timeline, rate_told


class Project(Delivering):
    """A project."""

    _role = "Project"

    def _exists(self) -> bool:
        return self._uid == self._app.world.current and self._app.project is not None

    def _project(self) -> w.Project:
        return self._app.open_project()

    def GetName(self) -> str:
        return self._project().name

    def SetName(self, name: str) -> bool:
        self._app.violation("Project.SetName: renames the user's project")
        self._project().name = name
        return True

    def GetUniqueId(self) -> str:
        return self._uid

    def GetMediaPool(self) -> Handle:
        return self._app.handle("MediaPool", self._uid)

    def GetTimelineCount(self) -> int:
        return len(self._project().timelines)

    def GetTimelineByIndex(self, index: Any) -> Handle | None:
        timelines = self._project().timelines
        if type(index) is not int or not 1 <= index <= len(timelines):
            return None
        return self._app.handle("Timeline", timelines[index - 1].uid)

    def GetCurrentTimeline(self) -> Handle | None:
        current = self._app.current
        return self._app.handle("Timeline", current.uid) if current else None

    def SetCurrentTimeline(self, timeline: Any) -> bool:
        """Moves the playhead of the timeline that becomes current to its start."""
        if not isinstance(timeline, Timeline):
            self._app.violation(f"SetCurrentTimeline: {timeline!r}")
            return False
        found = self._app.find_timeline(timeline._uid)
        if found is None:
            return False
        if self._project().current != found.uid:
            self._project().current = found.uid
            found.playhead = w.start_frame(self._project(), found)
        return True

    def _all_settings(self) -> dict[str, Any]:
        project = self._project()
        return {
            "timelineFrameRate": rate_told(self._app, project.rate),
            "timelinePlaybackFrameRate": project.rate.split()[0],
            "timelineDropFrameTimecode": str(int(clock.is_drop(project.rate))),
            "timelineResolutionWidth": "1920",
            "timelineResolutionHeight": "1080",
            **project.settings,
        }

    def GetSetting(self, name: str = "") -> Any:
        settings = self._all_settings()
        return settings.get(name, "") if name else settings

    def GetSettings(self) -> dict[str, Any]:
        return self._all_settings()

    def SetSetting(self, name: str, value: Any) -> bool:
        """The rate cannot be set once there are timelines, the playback rate never."""
        self._app.violation(f"Project.SetSetting {name}: changes the user's project")
        if name == "timelinePlaybackFrameRate":
            return False
        if name == "timelineFrameRate" and self._project().timelines:
            return False
        self._project().settings[name] = str(value)
        return True

    def GetPresetList(self) -> list[str]:
        return []

    def RefreshLUTList(self) -> bool:
        return True
