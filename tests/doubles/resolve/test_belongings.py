"""What counts as the user's, and the world as JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.doubles.resolve import Marker, Ours, belongings, dump, load, to_json
from tests.doubles.resolve.desk import Desk
from tests.doubles.resolve.wire import from_json
from tests.doubles.resolve.world import RenderJob, RenderPreset, World

OURS = Ours(tracks=("Recue",))


def filled() -> Desk:
    desk = Desk(reel={"subtitle": 1})
    desk.reel.clip(desk.reel.media("/a.mov", frames=500), 0, 100)
    desk.reel.subtitle(0, 25, "Mine")
    desk.timeline.markers.append(Marker(5, "Red", "mine"))
    desk.reel.project.deliver.jobs.append(RenderJob("job-mine", desk.timeline.uid))
    return desk


CHANGES: dict[str, Callable[[Desk], object]] = {
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
    desk = filled()
    before = belongings(to_json(desk.world), OURS)
    CHANGES[what](desk)
    assert belongings(to_json(desk.world), OURS) != before


def test_what_is_ours_is_not_among_it(tmp_path: Path) -> None:
    desk = filled()
    before = belongings(to_json(desk.world), OURS)
    desk.handle.AddTrack("subtitle")
    desk.handle.SetTrackName("subtitle", 2, "Recue")
    desk.handle.SetTrackEnable("subtitle", 1, False)
    desk.pool.AppendToTimeline([desk.imported(tmp_path)])
    desk.handle.SetTrackEnable("subtitle", 1, True)
    desk.handle.SetCurrentTimecode(desk.handle.GetCurrentTimecode())
    desk.handle.AddMarker(50, "Yellow", "word", "", 1, "recue:1")
    assert len(desk.shown(2)) == 2
    assert belongings(to_json(desk.world), OURS) == before


def test_a_world_is_the_same_after_json(tmp_path: Path) -> None:
    desk = filled()
    desk.handle.GetName()
    dump(desk.world, tmp_path / "world.json")
    assert load(tmp_path / "world.json") == desk.world


def test_a_key_that_no_world_has_is_an_error() -> None:
    with pytest.raises(ValueError, match="Switches has no colour"):
        from_json(World, {"profile": "20.3", "switches": {"colour": "red"}})
