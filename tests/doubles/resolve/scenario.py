"""Builds a world in a few lines. Frames are counted from the timeline's start here."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Union

from tests.doubles.resolve import clock
from tests.doubles.resolve import world as w
from tests.doubles.resolve.switches import Switches

Number = Union[int, str, Fraction]


def new_world(profile: str = "20.3", edition: str = "studio", **switches: Any) -> w.World:
    """A Resolve with nothing open. Further keywords are switches."""
    return w.World(profile, edition, Switches(**switches))


def add_project(world: w.World, name: str = "Film", rate: str = "25") -> w.Project:
    """A project; the last one added is open."""
    project = w.Project(world.uid("project"), name, rate)
    world.projects.append(project)
    world.current = project.uid
    return project


class Reel:
    """Fills a timeline. A new one is current, and has the tracks that are asked for."""

    def __init__(self, world: w.World, name: str = "Reel 1", **wanted: Any) -> None:
        """`video`, `audio`, `subtitle`: numbers of tracks (1, 1, 0); the others are fields."""
        numbers = {"video": 1, "audio": 1, "subtitle": 0}
        counts = {kind: wanted.pop(kind, number) for kind, number in numbers.items()}
        self.world = world
        self.project = next(each for each in world.projects if each.uid == world.current)
        self.timeline = w.Timeline(world.uid("timeline"), name, **wanted)
        self.timeline.playhead = self.start
        self.project.timelines.append(self.timeline)
        self.project.current = self.timeline.uid
        pool = w.PoolItem(world.uid("media"), "timeline", name, timeline=self.timeline.uid)
        add_to_bin(self.project, pool)
        self.timeline.pool = pool.uid
        for kind, count in counts.items():
            for _ in range(count):
                self.add_track(kind)

    @property
    def start(self) -> int:
        """The absolute number of the first frame."""
        return w.start_frame(self.project, self.timeline)

    @property
    def rate(self) -> Fraction:
        """Frames per second."""
        return w.rate(self.project, self.timeline)

    def add_track(self, kind: str, name: str = "", **state: Any) -> w.Track:
        """A track behind the others of its kind."""
        track = w.Track(self.world.uid("track"), kind, name, **state)
        self.timeline.tracks.append(track)
        return track

    def track(self, kind: str, index: int = 1) -> w.Track:
        """A track by its index from 1."""
        return self.timeline.of_kind(kind)[index - 1]

    def media(self, path: str, kind: str = "av", **more: Any) -> w.PoolItem:
        """A pool item in the current bin. Its rate is the project's where none is given."""
        more.setdefault("fps", clock.rate_of(self.project.rate))
        name = path.replace("\\", "/").rpartition("/")[2]
        item = w.PoolItem(self.world.uid("media"), kind, more.pop("name", name), path, **more)
        add_to_bin(self.project, item)
        return item

    def place(
        self, track: w.Track, at: Number, length: Number, pool: Any = None, **more: Any
    ) -> w.Item:
        """An item `at` frames from the start; `pool` is its pool item or None."""
        first = self.start + Fraction(at)
        item = w.Item(self.world.uid("item"), name=getattr(pool, "name", ""), **more)
        item.start, item.end = first, first + Fraction(length)
        item.pool = pool.uid if pool else ""
        track.items.append(item)
        track.items.sort(key=lambda each: each.start)
        return item

    def clip(self, pool: w.PoolItem, at: Number, length: Number, **more: Any) -> list[w.Item]:
        """Picture on V1 and sound on A1, linked."""
        items = [
            self.place(self.track(kind), at, length, pool, **more) for kind in ("video", "audio")
        ]
        for one, other in (items, items[::-1]):
            one.linked = [other.uid]
        return items

    def subtitle(self, at: Number, length: Number, text: str, index: int = 1) -> w.Item:
        """A subtitle of the user's."""
        track = self.track("subtitle", index)
        return self.place(track, at, length, kind="subtitle", text=text)


def add_to_bin(project: w.Project, item: w.PoolItem) -> None:
    """Put a pool item into the current bin."""
    project.media.append(item)
    bins = w.all_bins(project.root)
    next(each for each in bins if each.uid == project.bin).clips.append(item.uid)
