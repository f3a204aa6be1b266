"""What counts as the user's, and the world as JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.doubles.resolve import Marker, Ours, belongings, dump, load, to_json
from tests.doubles.resolve.open_project import OpenProject
from tests.doubles.resolve.wire import from_json
from tests.doubles.resolve.world import RenderJob, RenderPreset, World

OURS = Ours(tracks=("Recue",))


def filled() -> OpenProject:
    opened = OpenProject(reel={"subtitle": 1})
    opened.reel.clip(opened.reel.media("/a.mov", frames=500), 0, 100)
    opened.reel.subtitle(0, 25, "Mine")
    opened.timeline.markers.append(Marker(5, "Red", "mine"))
    opened.reel.project.deliver.jobs.append(RenderJob("job-mine", opened.timeline.uid))
    return opened


CHANGES: dict[str, Callable[[OpenProject], object]] = {
    "subtitle": lambda d: d.reel.subtitle(30, 25, "Not mine"),
    "text": lambda d: setattr(d.reel.track("subtitle").items[0], "text", "Other"),
    "time": lambda d: setattr(d.reel.track("subtitle").items[0], "start", d.reel.start + 1),
    "track": lambda d: d.reel.add_track("subtitle", "Other"),
    "enabled": lambda d: setattr(d.reel.track("audio"), "enabled", False),
    "locked": lambda d: setattr(d.reel.track("subtitle"), "locked", True),
    "name": lambda d: setattr(d.reel.track("subtitle"), "name", "Other"),
    "marks": lambda d: d.timeline.marks.update(video={"in": 0, "out": 1}),
    "marker": lambda d: d.timeline.markers.clear(),
    "page": lambda d: setattr(d.world, "page", "deliver"),
    "job": lambda d: d.reel.project.deliver.jobs.clear(),
    "format": lambda d: setattr(d.reel.project.deliver, "format", "wav"),
    "mode": lambda d: setattr(d.reel.project.deliver, "mode", 0),
    "preset": lambda d: d.reel.project.deliver.presets.append(RenderPreset("tmp")),
    "settings": lambda d: d.reel.project.deliver.settings.update(ExportVideo=False),
    "playhead": lambda d: setattr(d.timeline, "playhead", 90010),
    "selection": lambda d: d.timeline.selection.append("item-1"),
    "pool selection": lambda d: d.reel.project.selection.append("media-1"),
    "current timeline": lambda d: setattr(d.reel.project, "current", ""),
    "bin": lambda d: setattr(d.reel.project, "bin", "bin-9"),
    "media": lambda d: d.reel.media("/b.mov"),
    "clip": lambda d: setattr(d.reel.track("audio").items[0], "enabled", False),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_to_what_is_the_users_is_seen(what: str) -> None:
    opened = filled()
    before = belongings(to_json(opened.world), OURS)
    CHANGES[what](opened)
    assert belongings(to_json(opened.world), OURS) != before


def test_what_is_ours_is_not_among_it(tmp_path: Path) -> None:
    opened = filled()
    before = belongings(to_json(opened.world), OURS)
    opened.handle.AddTrack("subtitle")
    opened.handle.SetTrackName("subtitle", 2, "Recue")
    opened.handle.SetTrackEnable("subtitle", 1, False)
    opened.pool.AppendToTimeline([opened.imported(tmp_path)])
    opened.handle.SetTrackEnable("subtitle", 1, True)
    opened.handle.SetCurrentTimecode(opened.handle.GetCurrentTimecode())
    opened.handle.AddMarker(50, "Yellow", "word", "", 1, "recue:1")
    assert len(opened.shown(2)) == 2
    assert belongings(to_json(opened.world), OURS) == before


def test_a_world_is_the_same_after_json(tmp_path: Path) -> None:
    opened = filled()
    opened.handle.GetName()
    dump(opened.world, tmp_path / "world.json")
    assert load(tmp_path / "world.json") == opened.world


def test_a_key_that_no_world_has_is_an_error() -> None:
    with pytest.raises(ValueError, match="Switches has no colour"):
        from_json(World, {"profile": "20.3", "switches": {"colour": "red"}})
