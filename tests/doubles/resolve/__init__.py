"""A double of DaVinci Resolve's scripting API, made to catch a wrong adapter.

It is a small world (projects, timelines, bins, the Deliver page) behind objects with Resolve's
own method names. It does what reports say that Resolve does, the bad included; where they differ
it does either, by a switch. It has never met a real Resolve: what it says is only as true as the
reports.

    world = new_world("20.3", "free", target="only_unlocked", settle=0.4)
    project = add_project(world, "Film", rate="25")
    reel = Reel(world, "Reel 1", audio=2, subtitle=1, start_timecode="01:00:00:00")
    interview = reel.media("/media/interview.mov", frames=5000, start_timecode="10:00:00:00")
    reel.clip(interview, at=100, length=250, source_in=Fraction(12))     # V1 and A1, linked
    reel.subtitle(0, 50, "The user's own.")
    reel.timeline.markers.append(Marker(10, "Red", "mine"))
    before = belongings(to_json(world), Ours(("Recue",)))

    resolve = open_resolve(world)
    adapter(resolve, sleep=application_of(resolve).sleep)

    assert world.violations == []
    assert belongings(to_json(world), Ours(("Recue",))) == before

A world is JSON too (`wire`), so the same goes for a menu script in a process of its own, which
`console.py` runs. Its state afterwards has the same form: `load(path).violations`.

What counts as a violation
  a name that no version has; a call with keywords or too many or few arguments; an object that is
  stale or of another Resolve; a track that is not there; a Studio-only call on free; anything that
  touches what is the user's (their pool items, all render jobs, settings); position keys with
  subtitles; a second thread; a relative path; an SRT that is not strict. A method that the double
  does not play is one as well, so no test passes on an answer that was made up.
  `HostCrashed` is no Exception: it gets through everything.

Newer methods and unknown attributes are None, and hasattr is always true. Time is the double's:
each call takes a thousandth of a second, `Application.sleep` the rest.

Files: surface (what exists, from api.json), application (the gate of every call), host, project,
timeline, tracks, items, pool, media, markers, append, render, mixing (the objects), subtitles (a
strict SRT reader), profiles, switches, interruptions, world, wire, scenario, belongings, console.
Standard library and Python 3.9 only.

Not played: Color, Fusion compositions and Text+, stills, takes, cloud projects, exports, layouts,
UIManager's windows, folders of the project manager.
"""

from __future__ import annotations

from tests.doubles.resolve.application import Application
from tests.doubles.resolve.belongings import Ours, belongings
from tests.doubles.resolve.host import application_of, open_resolve
from tests.doubles.resolve.profiles import PROFILES
from tests.doubles.resolve.scenario import Reel, add_project, new_world
from tests.doubles.resolve.surface import HostCrashed
from tests.doubles.resolve.switches import Switches
from tests.doubles.resolve.wire import dump, load, to_json
from tests.doubles.resolve.world import Cue, Item, Marker, World

__all__ = [
    "PROFILES",
    "Application",
    "Cue",
    "HostCrashed",
    "Item",
    "Marker",
    "Ours",
    "Reel",
    "Switches",
    "World",
    "add_project",
    "application_of",
    "belongings",
    "dump",
    "load",
    "new_world",
    "open_resolve",
    "to_json",
]
