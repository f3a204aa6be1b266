"""The state of the engine for a reader who keeps a picture of it: all of it once, then what has
changed. A page that was away gets what has changed since, each thing once and as it is now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from editor_plugin.core.errors import JobUnknown
from editor_plugin.core.jobs.status import JobStatus, status_to_wire
from editor_plugin.engine.jobs.change_log import Change
from editor_plugin.engine.jobs.feed import ORDER, Feed

Wire = dict[str, Any]


class ListedJobs(Protocol):
    """What the state needs of `engine.jobs.job_service.JobService`."""

    def all(self) -> list[JobStatus]: ...
    def numbers(self) -> list[int]: ...
    def status(self, job: int, /) -> JobStatus: ...


@dataclass(frozen=True)
class Topic:
    """A kind of thing in the state beside jobs: the name of one, which is also the kind of its
    changes (`Feed.mark`), the name of all, and how to get them in their JSON form. `one` gives None
    for what is there no more; a reader learns that by the change of the whole list: mark the kind
    with the name ""."""

    one_is: str
    all_are: str
    all: Callable[[], list[Wire]]
    one: Callable[[Any], Wire | None]


class EngineState:
    """The state of an engine. May be asked from any thread; raises what the store raises."""

    def __init__(self, feed: Feed, queue: ListedJobs, topics: tuple[Topic, ...] = ()) -> None:
        self._feed = feed
        self._queue = queue
        self._topics = {topic.one_is: topic for topic in topics}

    def since(self, after: int | None) -> list[Wire]:
        """The messages that bring a reader's picture up to date, with ids in rising order; `after`
        is the last id that it has. The whole state where that is None, or is not known."""
        changes = None if after is None else self._feed.changes(after)
        if changes is None:
            return [self._whole()]
        return [message for change in changes for message in self._told(change)]

    def _whole(self) -> Wire:
        # The id first: what changes from here on is told again.
        number = self._feed.last
        whole: Wire = {"id": number, "event": "state"}
        whole["jobs"] = [status_to_wire(each) for each in self._queue.all()]
        whole.update((topic.all_are, topic.all()) for topic in self._topics.values())
        return whole

    def _told(self, change: Change) -> Iterator[Wire]:
        kind, name = change.thing
        head: Wire = {"id": change.id, "event": kind}
        if change.event is not None:
            yield {**change.event, "job": name}
        elif change.thing == ORDER:
            yield {**head, "jobs": self._queue.numbers()}
        elif kind == "job":
            with suppress(JobUnknown):  # deleted meanwhile, as the order tells
                yield {**head, "status": status_to_wire(self._queue.status(int(name)))}
        elif name == "":
            topic = self._topics[kind]
            yield {**head, "event": topic.all_are, topic.all_are: topic.all()}
        else:
            found = self._topics[kind].one(name)
            if found is not None:
                yield {**head, kind: found}
