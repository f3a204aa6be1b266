"""Dialogs, editions, crashes, lies, and people who go on working."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doubles.resolve import HostCrashed, Reel, add_project
from tests.doubles.resolve.desk import Desk
from tests.doubles.resolve.host import BmdDouble, FusionDouble
from tests.doubles.resolve.switches import CHOICES, Switches, check


def test_a_studio_only_call_on_free_blocks_what_comes_later() -> None:
    desk = Desk("20.3", "free")
    timeline = desk.handle
    assert timeline.CreateSubtitlesFromAudio({}) is False
    assert timeline.AddTrack("subtitle") is False
    assert timeline.GetName() is None
    assert "sales window" in desk.world.violations[0]
    desk.app.close_modal()
    assert timeline.AddTrack("subtitle") is True


@pytest.mark.parametrize(
    ("profile", "edition", "sold"),
    [
        ("18.6", "free", False),
        ("19.1", "free", True),
        ("21.0", "free", True),
        ("19.1", "studio", False),
    ],
)
def test_windows_are_sold_with_studio_from_19_1_on(profile: str, edition: str, sold: bool) -> None:
    desk = Desk(profile, edition)
    windows = FusionDouble(desk.app).UIManager
    assert (windows is None) == bool(desk.world.modal) == bool(desk.world.violations) == sold


def test_free_21_1_has_no_windows_and_no_python() -> None:
    desk = Desk("21.1-free")
    assert FusionDouble(desk.app).UIManager is None
    assert BmdDouble(desk.app).scriptapp("Resolve") is None
    assert desk.world.violations == []
    assert BmdDouble(Desk("21.0", "free").app).scriptapp("Resolve") is not None


def test_a_dialog_opens_after_a_call_and_may_close_by_itself() -> None:
    desk = Desk(modal_after="Timeline.AddTrack", modal_seconds=5)
    timeline = desk.handle
    assert timeline.AddTrack("subtitle") is True
    assert timeline.GetTrackCount("subtitle") is None
    desk.app.sleep(5)
    assert timeline.GetTrackCount("subtitle") == 1
    assert timeline.AddTrack("subtitle") is True
    assert timeline.GetTrackCount("subtitle") == 2


def test_none_stands_for_false_and_for_nothing() -> None:
    desk = Desk(none_for_false=True, none_for_empty=True)
    assert desk.handle.GetItemListInTrack("audio", 1) is None
    assert desk.handle.GetIsTrackLocked("audio", 1) is None


def test_a_method_may_refuse_or_lie() -> None:
    desk = Desk(refuses=["Timeline.AddTrack"], lies=["Timeline.SetTrackLock"])
    assert desk.handle.AddTrack("subtitle") is False
    assert desk.timeline.of_kind("subtitle") == []
    assert desk.handle.SetTrackLock("audio", 1, True) is False
    assert desk.reel.track("audio").locked is True


def test_no_database_means_that_resolve_is_wedged() -> None:
    manager = Desk(no_database=True).resolve.GetProjectManager()
    assert manager.GetCurrentDatabase() is None
    assert Desk().resolve.GetProjectManager().GetCurrentDatabase()["DbType"] == "Disk"


def test_a_project_without_a_name_is_not_saved() -> None:
    desk = Desk()
    manager = desk.resolve.GetProjectManager()
    assert manager.SaveProject() is True
    desk.reel.project.name = "Untitled Project"
    assert manager.SaveProject() is False
    assert desk.reel.project.saves == 1


def test_nothing_may_be_open() -> None:
    desk = Desk()
    project = desk.project
    desk.reel.project.current = ""
    assert project.GetCurrentTimeline() is None
    desk.world.current = ""
    assert desk.resolve.GetProjectManager().GetCurrentProject() is None
    assert project.GetName() is None
    assert "stale" in desk.world.violations[0]


def test_people_switch_timelines_and_delete_them() -> None:
    after = "Timeline.AddTrack"
    switch = {"after": after, "do": "switch_timeline", "what": "Reel 2"}
    delete = {"after": after, "nth": 2, "do": "delete_timeline", "what": "Reel 1"}
    desk = Desk(interruptions=[switch, delete])
    first = desk.handle
    Reel(desk.world, "Reel 2")
    desk.project.SetCurrentTimeline(first)
    first.AddTrack("subtitle")
    assert desk.handle.GetName() == "Reel 2"
    first.AddTrack("subtitle")
    assert first.GetName() is None
    assert desk.project.GetTimelineCount() == 1


def test_people_switch_projects_pages_and_tracks() -> None:
    doings: list[dict[str, Any]] = [
        {"do": "open_page", "what": "color"},
        {"do": "lock_track", "what": "audio"},
        {"do": "disable_track", "what": "video"},
        {"do": "delete_track", "what": "audio", "index": 2},
        {"do": "switch_project", "what": "Other"},
    ]
    desk = Desk(
        reel={"audio": 2}, interruptions=[{"after": "Timeline.GetName", **each} for each in doings]
    )
    film = desk.world.current
    add_project(desk.world, "Other")
    desk.world.current = film
    project = desk.project
    project.GetCurrentTimeline().GetName()
    assert desk.world.page == "color"
    assert desk.reel.track("audio").locked and not desk.reel.track("video").enabled
    assert len(desk.timeline.of_kind("audio")) == 1
    assert project.GetName() is None


def test_resolve_may_go_at_any_call() -> None:
    desk = Desk(interruptions=[{"after": "Resolve.OpenPage", "do": "crash"}])
    with pytest.raises(HostCrashed):
        desk.resolve.OpenPage("edit")


@pytest.mark.parametrize("name", CHOICES)
def test_a_switch_takes_only_what_it_knows(name: str) -> None:
    switches = Switches()
    for value in CHOICES[name]:
        setattr(switches, name, value)
        check(switches)
    setattr(switches, name, "sometimes")
    with pytest.raises(ValueError, match=name):
        check(switches)


def test_every_switch_is_explained() -> None:
    text = Switches.__doc__ or ""
    missing = [name for name in vars(Switches()) if name not in text]
    assert missing == []
