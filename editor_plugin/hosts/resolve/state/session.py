"""The project and timeline that a run works on, found anew for each step.

Objects of Resolve go stale when something changes, and a person may open another timeline at any
moment. So objects are never kept; ids are, and a step on another timeline than the one that the
work began with does not happen.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from editor_plugin.core.errors import EditorUnclear, NoTimelineOpen
from editor_plugin.hosts.resolve import api
from editor_plugin.hosts.resolve.edition import NAME, Edition, edition_of

Connect = Callable[[], Any]
"""Finds an engine, or starts one; waits for it."""
Sleep = Callable[[float], None]
REST_SECONDS, MOST_RESTS = 1.0, 60
"""How long an open dialog is waited for."""


class Session:
    """A running Resolve, and the project and timeline of this run. Raises NoTimelineOpen."""

    def __init__(self, resolve: Any, sleep: Sleep = time.sleep) -> None:
        self.resolve = resolve
        self.sleep = sleep
        self.edition: Edition = edition_of(resolve)
        project = self._open_project()
        timeline = api.call(project, "GetCurrentTimeline")
        self.project_id = api.uid(project)
        self.timeline_id = api.uid(timeline)
        if not self.timeline_id:
            raise NoTimelineOpen(NAME)

    def _open_project(self) -> Any:
        return api.call(api.call(self.resolve, "GetProjectManager"), "GetCurrentProject")

    def project(self) -> Any:
        """The project; None where another one is open, or a dialog is."""
        project = self._open_project()
        return project if project is not None and api.uid(project) == self.project_id else None

    def current_id(self) -> str:
        """The id of the timeline that is open now."""
        return api.uid(api.call(self.project(), "GetCurrentTimeline"))

    def timeline(self) -> Any:
        """The timeline of this run, open or not; None where it is gone or Resolve is silent."""
        return self.find(self.timeline_id)

    def find(self, timeline_id: str) -> Any:
        """A timeline of the project by its id."""
        current = api.call(self.project(), "GetCurrentTimeline")
        if current is not None and api.uid(current) == timeline_id:
            return current
        return next((each for each in self.timelines() if api.uid(each) == timeline_id), None)

    def timelines(self) -> list[Any]:
        """All timelines of the project, in its order."""
        project = self.project()
        indexes = range(1, (api.whole(api.call(project, "GetTimelineCount")) or 0) + 1)
        return api.listed([api.call(project, "GetTimelineByIndex", index) for index in indexes])

    def pool(self) -> Any:
        """The media pool."""
        return api.call(self.project(), "GetMediaPool")

    def page(self) -> str:
        """The page that is open."""
        return api.text(api.call(self.resolve, "GetCurrentPage"))

    def open_page(self, page: str) -> bool:
        """Go to a page, and return whether it is there."""
        if page and self.page() != page:
            api.call(self.resolve, "OpenPage", page)
        return self.page() == page

    def is_current(self) -> bool:
        """Whether the timeline of this run is the open one."""
        return self.current_id() == self.timeline_id

    def must_be_current(self) -> None:
        """Raises EditorUnclear where a person opened something else meanwhile."""
        if not self.is_current():
            raise EditorUnclear(NAME, "another project or timeline was opened, or a dialog is open")

    def is_alive(self) -> bool:
        """Whether Resolve answers: behind an open dialog it does not."""
        return api.call(self.resolve, "GetProjectManager") is not None and bool(
            api.text(api.call(self.resolve, "GetVersionString"))
        )

    def wait_until_alive(self) -> None:
        """Wait for an open dialog to be closed, for a minute at most."""
        for _ in range(MOST_RESTS):
            if self.is_alive():
                return
            self.sleep(REST_SECONDS)

    def tracks(self, kind: str) -> range:
        """The indexes of the tracks of a kind, from 1."""
        count = api.whole(api.call(self.timeline(), "GetTrackCount", kind)) or 0
        return range(1, count + 1)

    def track_name(self, kind: str, index: int) -> str:
        """The name of a track."""
        return api.text(api.call(self.timeline(), "GetTrackName", kind, index))

    def items(self, kind: str, index: int) -> list[Any]:
        """The items of a track, transitions included."""
        return api.listed(api.call(self.timeline(), "GetItemListInTrack", kind, index))

    def all_items(self, *kinds: str) -> Iterator[tuple[str, int, Any]]:
        """Every item of the tracks of these kinds, with the kind and index of its track."""
        for kind in kinds or ("subtitle", "video", "audio"):
            for index in self.tracks(kind):
                yield from ((kind, index, item) for item in self.items(kind, index))
