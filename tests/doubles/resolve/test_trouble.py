"""Dialogs, editions, crashes, lies, and people who go on working."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doubles.resolve import HostCrashed, Reel, add_project
from tests.doubles.resolve.host import BmdDouble, FusionDouble
from tests.doubles.resolve.open_project import OpenProject
from tests.doubles.resolve.switches import CHOICES, Switches, check


def test_a_studio_only_call_on_free_blocks_what_comes_later() -> None:
    opened = OpenProject("20.3", "free")
    timeline = opened.handle
    assert timeline.CreateSubtitlesFromAudio({}) is False
    assert timeline.AddTrack("subtitle") is False
    assert timeline.GetName() is None
    assert "sales window" in opened.world.violations[0]
    opened.app.close_modal()
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
    opened = OpenProject(profile, edition)
    windows = FusionDouble(opened.app).UIManager
    assert (windows is None) == bool(opened.world.modal) == bool(opened.world.violations) == sold


def test_free_21_1_has_no_windows_and_no_python() -> None:
    opened = OpenProject("21.1-free")
    assert FusionDouble(opened.app).UIManager is None
    assert BmdDouble(opened.app).scriptapp("Resolve") is None
    assert opened.world.violations == []
    assert BmdDouble(OpenProject("21.0", "free").app).scriptapp("Resolve") is not None


def test_a_dialog_opens_after_a_call_and_may_close_by_itself() -> None:
    opened = OpenProject(modal_after="Timeline.AddTrack", modal_seconds=5)
    timeline = opened.handle
    assert timeline.AddTrack("subtitle") is True
    assert timeline.GetTrackCount("subtitle") is None
    opened.app.sleep(5)
    assert timeline.GetTrackCount("subtitle") == 1
    assert timeline.AddTrack("subtitle") is True
    assert timeline.GetTrackCount("subtitle") == 2


def test_none_stands_for_false_and_for_nothing() -> None:
    opened = OpenProject(none_for_false=True, none_for_empty=True)
    assert opened.handle.GetItemListInTrack("audio", 1) is None
    assert opened.handle.GetIsTrackLocked("audio", 1) is None


def test_a_method_may_refuse_or_lie() -> None:
    opened = OpenProject(refuses=["Timeline.AddTrack"], lies=["Timeline.SetTrackLock"])
    assert opened.handle.AddTrack("subtitle") is False
    assert opened.timeline.of_kind("subtitle") == []
    assert opened.handle.SetTrackLock("audio", 1, True) is False
    assert opened.reel.track("audio").locked is True


def test_no_database_means_that_resolve_is_wedged() -> None:
    manager = OpenProject(no_database=True).resolve.GetProjectManager()
    assert manager.GetCurrentDatabase() is None
    assert OpenProject().resolve.GetProjectManager().GetCurrentDatabase()["DbType"] == "Disk"


def test_a_project_without_a_name_is_not_saved() -> None:
    opened = OpenProject()
    manager = opened.resolve.GetProjectManager()
    assert manager.SaveProject() is True
    opened.reel.project.name = "Untitled Project"
    assert manager.SaveProject() is False
    assert opened.reel.project.saves == 1


def test_nothing_may_be_open() -> None:
    opened = OpenProject()
    project = opened.project
    opened.reel.project.current = ""
    assert project.GetCurrentTimeline() is None
    opened.world.current = ""
    assert opened.resolve.GetProjectManager().GetCurrentProject() is None
    assert project.GetName() is None
    assert "stale" in opened.world.violations[0]


def test_people_switch_timelines_and_delete_them() -> None:
    after = "Timeline.AddTrack"
    switch = {"after": after, "do": "switch_timeline", "what": "Reel 2"}
    delete = {"after": after, "nth": 2, "do": "delete_timeline", "what": "Reel 1"}
    opened = OpenProject(interruptions=[switch, delete])
    first = opened.handle
    Reel(opened.world, "Reel 2")
    opened.project.SetCurrentTimeline(first)
    first.AddTrack("subtitle")
    assert opened.handle.GetName() == "Reel 2"
    first.AddTrack("subtitle")
    assert first.GetName() is None
    assert opened.project.GetTimelineCount() == 1


def test_people_switch_projects_pages_and_tracks() -> None:
    doings: list[dict[str, Any]] = [
        {"do": "open_page", "what": "color"},
        {"do": "lock_track", "what": "audio"},
        {"do": "disable_track", "what": "video"},
        {"do": "delete_track", "what": "audio", "index": 2},
        {"do": "switch_project", "what": "Other"},
    ]
    opened = OpenProject(
        reel={"audio": 2}, interruptions=[{"after": "Timeline.GetName", **each} for each in doings]
    )
    film = opened.world.current
    add_project(opened.world, "Other")
    opened.world.current = film
    project = opened.project
    project.GetCurrentTimeline().GetName()
    assert opened.world.page == "color"
    assert opened.reel.track("audio").locked and not opened.reel.track("video").enabled
    assert len(opened.timeline.of_kind("audio")) == 1
    assert project.GetName() is None


def test_resolve_may_go_at_any_call() -> None:
    opened = OpenProject(interruptions=[{"after": "Resolve.OpenPage", "do": "crash"}])
    with pytest.raises(HostCrashed):
        opened.resolve.OpenPage("edit")


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
