"""The running Resolve: finds what handles stand for, and is the gate that every call goes through.

A call is written down first. Then, in this order: crashed, wrong thread, keywords, number of
arguments, foreign objects, open dialog, stale object, Studio-only, refused; only then it is played.
"""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, ClassVar, NoReturn

from tests.doubles.resolve import interruptions
from tests.doubles.resolve import world as w
from tests.doubles.resolve.profiles import edition_of, profile_of, switches_of
from tests.doubles.resolve.surface import API, DATA, Bound, Dead, Handle, HostCrashed, Method
from tests.doubles.resolve.switches import Switches, check

STUDIO_ONLY = {
    "Timeline.CreateSubtitlesFromAudio",
    "MediaPoolItem.TranscribeAudio",
    "Folder.TranscribeAudio",
    "MediaPoolItem.GetTranscription",
}
FORBIDDEN = {
    "Project.DeleteAllRenderJobs": "removes jobs that are the user's",
    "Resolve.Quit": "ends the user's session",
}
A_CALL = 0.001
"""Seconds that a call takes on the double's clock."""


class Application:
    """A running Resolve over a world. `role_classes` is filled by the modules of the handles."""

    role_classes: ClassVar[dict[str, type[Handle]]] = {}

    def __init__(self, world: w.World) -> None:
        check(world.switches)
        self.world = world
        self.profile = profile_of(world)
        self.on_crash: Callable[[], None] = lambda: None
        self.real_clock = False
        self.old: dict[tuple[str, int], w.Timeline] = {}
        self.lagging: dict[str, list[w.Item]] = {}
        self.ghosts: dict[str, w.Item] = {}
        self.pending: list[tuple[float, str, list[w.Item]]] = []
        self.last_append = float("-inf")
        self.counts: dict[str, int] = {}
        self._thread = 0
        self._seen = time.monotonic()

    # What there is.

    @property
    def switches(self) -> Switches:
        """The switches, with the profile's defaults."""
        return switches_of(self.world)

    @property
    def project(self) -> w.Project | None:
        """The open project."""
        return self.find_project(self.world.current)

    def find_project(self, uid: str) -> w.Project | None:
        """A project by uid."""
        return next((each for each in self.world.projects if each.uid == uid), None)

    @property
    def current(self) -> w.Timeline | None:
        """The current timeline."""
        project = self.project
        return self.find_timeline(project.current) if project else None

    def find_timeline(self, uid: str) -> w.Timeline | None:
        """A timeline of the open project."""
        timelines = self.project.timelines if self.project else []
        return next((each for each in timelines if each.uid == uid), None)

    def find_item(self, uid: str) -> tuple[w.Timeline, w.Track, w.Item] | None:
        """An item of the open project, and where it lies."""
        return next((found for found in self.items() if found[2].uid == uid), None)

    def items(self) -> Iterator[tuple[w.Timeline, w.Track, w.Item]]:
        """Every item of the open project."""
        for timeline in self.project.timelines if self.project else []:
            for track in timeline.tracks:
                for item in track.items:
                    yield timeline, track, item

    def find_pool_item(self, uid: str) -> w.PoolItem | None:
        """A pool item of the open project."""
        media = self.project.media if self.project else []
        return next((each for each in media if each.uid == uid), None)

    def find_bin(self, uid: str) -> w.Bin | None:
        """A bin of the open project."""
        bins = w.all_bins(self.project.root) if self.project else []
        return next((each for each in bins if each.uid == uid), None)

    def open_project(self) -> w.Project:
        """The open project, where a handle's check has shown that there is one."""
        assert self.project is not None
        return self.project

    # Handles.

    def handle(self, role: str, uid: str) -> Handle:
        """A new handle."""
        timeline = self.find_timeline(uid) if role == "Timeline" else None
        return self.role_classes[role](self, uid, timeline.generation if timeline else 0)

    def attribute(self, handle: Handle, name: str) -> Any:
        """What an attribute of a handle is: a method, a constant, or None."""
        method = API[handle._role].get(name)
        if method is not None:
            return Bound(handle, method) if self.has(method) else None
        if handle._role == "Resolve" and name in DATA["resolve_constants"]:
            return float(DATA["resolve_constants"].index(name))
        self.violation(f"{handle._role}.{name} is in no version")
        return None

    def has(self, method: Method) -> bool:
        """Tell whether the running version has a method."""
        return method.since <= self.profile.key

    # Calls.

    def call(
        self, handle: Handle, method: Method, args: tuple[Any, ...], keywords: dict[str, Any]
    ) -> Any:
        """Play a call, or what becomes of it."""
        entry: dict[str, Any] = {
            "call": method.full_name,
            "on": handle._uid,
            "args": [told(each) for each in args],
        }
        if self.world.crashed:
            raise HostCrashed(self.world.crashed)
        self.world.calls.append(entry)
        self.advance(A_CALL)
        refusal = self._refusal(handle, method, args, keywords)
        answer = refusal[0] if refusal else self._play(handle, method, args)
        entry["gave"] = told(answer)
        interruptions.after(self, method.full_name)
        return answer

    def _refusal(
        self, handle: Handle, method: Method, args: tuple[Any, ...], keywords: dict[str, Any]
    ) -> tuple[Any] | None:
        """What a call gives without being played, in a tuple; None if it is to be played."""
        name, thread = method.full_name, threading.get_ident()
        self._thread = self._thread or thread
        if thread != self._thread:
            self.violation(f"{name}: called from a second thread")
        if keywords:
            self.violation(f"{name}: keywords {sorted(keywords)}")
            raise TypeError(f"{method.name}() takes no keyword arguments")
        if not method.takes(len(args)):
            self.violation(f"{name}: {len(args)} arguments")
            return (method.failure,)
        if method.too_new(len(args), self.profile.key):
            raise TypeError(f"{method.name}() takes fewer arguments")
        if name in FORBIDDEN:
            self.violation(f"{name}: {FORBIDDEN[name]}")
        if self.world.modal:
            return (method.failure,)
        if not handle._exists():
            self.violation(f"{name}: on an object that is stale ({handle._uid})")
            if not handle._lingers():
                return (method.failure,)
        for other in handles_in(args):
            if other._app is not self or not other._exists():
                self.violation(f"{name}: was given an object that is stale or foreign")
                return (method.failure,)
        if name in STUDIO_ONLY and edition_of(self.world) == "free":
            self.sales_window(name)
            return (method.failure,)
        return (method.failure,) if name in self.switches.refuses else None

    def _play(self, handle: Handle, method: Method, args: tuple[Any, ...]) -> Any:
        played = getattr(type(handle), method.name, None)
        if played is None:
            self.violation(f"{method.full_name}: the double does not play it")
            return method.failure
        answer = played(handle, *args)
        switches = self.switches
        if method.full_name in switches.lies and isinstance(answer, bool):
            answer = not answer
        if answer is False and switches.none_for_false:
            return None
        if answer == [] and switches.none_for_empty:
            return None
        return answer

    def count(self, what: str) -> int:
        """Count how often something happened, this time included."""
        self.counts[what] = self.counts.get(what, 0) + 1
        return self.counts[what]

    # Trouble.

    def violation(self, sentence: str) -> None:
        """Write down what no adapter may do."""
        self.world.violations.append(sentence)

    def sales_window(self, what: str) -> None:
        """A Studio-only call on free: a window opens that blocks what comes later."""
        self.violation(f"{what}: Studio only, opens a sales window")
        self.open_modal("You’ve reached a limitation")

    def open_modal(self, text: str) -> None:
        """A dialog opens."""
        self.world.modal, self.world.modal_since = text, self.world.clock

    def close_modal(self) -> None:
        """A person closes it."""
        self.world.modal = ""

    def crash(self, why: str) -> NoReturn:
        """Resolve is gone."""
        self.world.crashed = why
        self.violation(f"crash: {why}")
        self.on_crash()
        raise HostCrashed(why)

    # Time.

    def sleep(self, seconds: float) -> None:
        """Let time pass without waiting: give this to an adapter as its sleep."""
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Let time pass, and happen what is due."""
        world = self.world
        if self.real_clock:
            now = time.monotonic()
            seconds, self._seen = seconds + now - self._seen, now
        world.clock += seconds
        limit = self.switches.modal_seconds
        if world.modal and limit and world.clock - world.modal_since >= limit:
            self.close_modal()
        for due in [each for each in self.pending if each[0] <= world.clock]:
            self.pending.remove(due)
            self._settle(due[1], due[2])

    def _settle(self, track_uid: str, items: list[w.Item]) -> None:
        for timeline in self.project.timelines if self.project else []:
            for track in timeline.tracks:
                if track.uid == track_uid:
                    track.items = sorted(track.items + items, key=lambda item: item.start)

    def place(self, track: w.Track, items: list[w.Item]) -> None:
        """Put items on a track, now or when they have settled."""
        self.pending.append((self.world.clock + self.switches.settle, track.uid, items))
        self.advance(0)

    def changing(self, timeline: w.Timeline) -> None:
        """To be told before a timeline's tracks or items change."""
        switches = self.switches
        if switches.list_lags:
            self.lagging = {t.uid: copy.deepcopy(t.items) for t in timeline.tracks}
        if switches.stale_handles:
            key = (timeline.uid, timeline.generation)
            self.old[key] = copy.deepcopy(timeline)
            timeline.generation += 1


def handles_in(value: Any) -> Iterator[Handle]:
    """Every handle in an argument, however deep."""
    if isinstance(value, Handle):
        yield value
    elif isinstance(value, dict):
        yield from handles_in(list(value.values()))
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from handles_in(each)


def told(value: Any) -> Any:
    """An argument or answer as JSON."""
    if isinstance(value, Handle):
        return f"<{value._role} {value._uid}>"
    if isinstance(value, dict):
        return {str(key): told(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [told(each) for each in value]
    if isinstance(value, Dead):
        return "<dead item>"
    if isinstance(value, Fraction) or not isinstance(value, (str, int, float, bool, type(None))):
        return repr(value)
    return value
