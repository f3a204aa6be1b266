"""Lists the timelines to choose from, and switches from one to the next.

Opening a timeline moves its playhead, and the user was looking at another one. So each gets its
playhead back, and in the end the first one is open again; but not where a person opened another
one meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from editor_plugin.core.errors import EditorUnclear
from editor_plugin.hosts.resolve import api
from editor_plugin.hosts.resolve.edition import NAME
from editor_plugin.hosts.resolve.state.session import Session


@dataclass(frozen=True)
class TimelineChoice:
    """A set of timelines: its text, their ids, and whether it is preselected."""

    text: str
    ids: tuple[str, ...]
    first: bool = False


def offers(session: Session, named: str) -> list[TimelineChoice]:
    """The open timeline, and each larger set there is: those with a name like `named`, those that
    are selected in the media pool, all. Where somebody selected two or more, these are meant."""
    timelines = session.timelines()
    every = {api.uid(each): api.text(api.call(each, "GetName")) for each in timelines}
    found = [TimelineChoice("the open one", (session.timeline_id,))]
    pattern = named.casefold()
    alike = tuple(uid for uid, name in every.items() if fnmatchcase(name.casefold(), pattern))
    if named and alike:
        found.append(TimelineChoice(f"the {len(alike)} named “{named}”", alike, True))
    chosen = _selected(session, timelines)
    if len(chosen) > 1:
        text = f"the {len(chosen)} selected in the media pool"
        found.append(TimelineChoice(text, chosen, not (named and alike)))
    if len(every) > 1:
        found.append(TimelineChoice(f"all {len(every)} of the project", tuple(every)))
    return found


class TimelineSwitcher:
    """Opens one timeline after the other, and the first one again. Call `back` in every outcome."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._page = session.page()
        self._playhead = _playhead(session.timeline())
        self._at = session.timeline_id

    def go(self, uid: str) -> Session:
        """Open a timeline. Raises EditorUnclear if that fails, or a person opened another one."""
        session = self._session
        if not self.holds():
            raise EditorUnclear(NAME, "another project or timeline was opened, or a dialog is open")
        playhead = _playhead(session.find(uid))
        self._open(uid, playhead)
        if session.current_id() != uid:
            raise EditorUnclear(NAME, "one of the timelines does not open")
        return Session(session.resolve, session.sleep)

    def holds(self) -> bool:
        """Whether the timeline that was opened last is still the open one."""
        return self._session.current_id() == self._at

    def back(self) -> None:
        """Open the first timeline, and its page; waits for a dialog to be closed."""
        session = self._session
        session.wait_until_alive()
        if self.holds():
            self._open(session.timeline_id, self._playhead)
            session.open_page(self._page)

    def _open(self, uid: str, playhead: str) -> None:
        session = self._session
        timeline = session.find(uid)
        if session.current_id() != uid and timeline is not None:
            api.call(session.project(), "SetCurrentTimeline", timeline)
        if session.current_id() == uid:
            self._at = uid
            if playhead and _playhead(session.find(uid)) != playhead:
                api.call(session.find(uid), "SetCurrentTimecode", playhead)


def _playhead(timeline: Any) -> str:
    return api.text(api.call(timeline, "GetCurrentTimecode"))


def _selected(session: Session, timelines: list[Any]) -> tuple[str, ...]:
    """The timelines selected in the media pool; by name where no pool item is reported."""
    items = api.listed(api.call(session.pool(), "GetSelectedClips"))
    uids = {api.uid(each) for each in items} - {""}
    names = {api.text(api.call(each, "GetName")) for each in items}
    found = []
    for each in timelines:
        own = api.uid(api.call(each, "GetMediaPoolItem"))
        if own in uids if own else api.text(api.call(each, "GetName")) in names:
            found.append(api.uid(each))
    return tuple(found)
