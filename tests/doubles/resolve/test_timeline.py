"""Timelines: rates, timecode, tracks, marks, markers, and handles that grow old."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doubles.resolve import Reel
from tests.doubles.resolve.open_project import OpenProject


@pytest.mark.parametrize(
    ("rate", "timecode", "frame"),
    [
        ("23.976", "01:00:00:00", 86400),
        ("24", "01:00:00:00", 86400),
        ("25", "01:00:00:00", 90000),
        ("29.97", "01:00:00:00", 108000),
        ("29.97 DF", "01:00:00;00", 107892),
        ("30", "01:00:00:00", 108000),
        ("60", "01:00:00:00", 216000),
        ("25", "00:00:00:00", 0),
    ],
)
def test_the_first_frame_has_the_number_of_its_timecode(
    rate: str, timecode: str, frame: int
) -> None:
    opened = OpenProject(rate=rate, reel={"start_timecode": timecode})
    assert opened.handle.GetStartFrame() == frame
    assert opened.handle.GetStartTimecode() == timecode
    assert opened.handle.GetCurrentTimecode() == timecode


@pytest.mark.parametrize(
    ("style", "rate", "told", "drop"),
    [
        ("text", "29.97 DF", "29.97 DF", "1"),
        ("text", "24", "24", "0"),
        ("decimal", "24", "24.0", "0"),
        ("decimal", "29.97 DF", "29.97", "1"),
        ("number", "23.976", 23.976, "0"),
    ],
)
def test_a_rate_is_told_in_the_style_of_the_build(
    style: str, rate: str, told: Any, drop: str
) -> None:
    opened = OpenProject(rate=rate, rate_style=style, reel={"start_timecode": "00:00:00:00"})
    for each in (opened.handle, opened.project):
        assert each.GetSetting("timelineFrameRate") == told
        assert each.GetSetting("timelineDropFrameTimecode") == drop
        assert each.GetSetting()["timelineFrameRate"] == told
        assert each.GetSetting("nothing such") == ""


def test_a_timeline_may_have_a_rate_of_its_own() -> None:
    opened = OpenProject(rate="25", reel={"rate": "50"})
    assert opened.handle.GetSetting("useCustomSettings") == "1"
    assert opened.handle.GetSetting("timelineFrameRate") == "50"
    assert opened.project.GetSetting("timelineFrameRate") == "25"
    assert opened.handle.GetStartFrame() == 180000


def test_a_timeline_may_not_tell_its_rate() -> None:
    opened = OpenProject(own_rate_hidden=True)
    assert opened.handle.GetSetting("timelineFrameRate") == ""
    assert opened.project.GetSetting("timelineFrameRate") == "25"


def test_track_states_of_another_timeline_read_false() -> None:
    opened = OpenProject()
    opened.reel.track("audio").locked = True
    handle = opened.handle
    assert handle.GetIsTrackEnabled("audio", 1) is handle.GetIsTrackLocked("audio", 1) is True
    Reel(opened.world, "Reel 2")
    assert handle.GetIsTrackEnabled("audio", 1) is handle.GetIsTrackLocked("audio", 1) is False
    assert opened.project.SetCurrentTimeline(handle) is True
    assert handle.GetIsTrackEnabled("audio", 1) is True


def test_making_a_timeline_current_moves_its_playhead() -> None:
    opened = OpenProject()
    opened.reel.clip(opened.reel.media("/a.mov", frames=500), 0, 100)
    first = opened.handle
    assert first.SetCurrentTimecode("01:00:02:00") is True
    Reel(opened.world, "Reel 2")
    opened.project.SetCurrentTimeline(first)
    assert first.GetCurrentTimecode() == "01:00:00:00"


def test_the_playhead_stays_on_the_timeline() -> None:
    opened = OpenProject()
    opened.reel.clip(opened.reel.media("/a.mov", frames=500), 50, 100)
    assert opened.handle.SetCurrentTimecode("02:00:00:00") is False
    assert opened.handle.GetCurrentVideoItem() is None
    opened.handle.SetCurrentTimecode("01:00:02:00")
    assert opened.handle.GetCurrentVideoItem().GetName() == "a.mov"


def test_default_names_of_tracks_are_localised() -> None:
    assert OpenProject(reel={"subtitle": 1}).handle.GetTrackName("subtitle", 1) == "Subtitle 1"
    german = OpenProject(reel={"subtitle": 1}, language="de")
    assert german.handle.GetTrackName("subtitle", 1) == "Untertitel 1"
    german.handle.SetTrackName("subtitle", 1, "Recue")
    assert german.handle.GetTrackName("subtitle", 1) == "Recue"


def test_a_track_that_is_not_there_is_written_down() -> None:
    opened = OpenProject()
    assert opened.handle.GetItemListInTrack("audio", 0) is None
    assert opened.handle.DeleteTrack("subtitle", 1) is False
    assert opened.world.violations == ["no audio track 0 of 1", "no subtitle track 1 of 0"]


def test_tracks_are_added_and_deleted() -> None:
    opened = OpenProject(reel={"subtitle": 1})
    opened.reel.track("subtitle").name = "Mine"
    assert opened.handle.AddTrack("subtitle") is True
    assert opened.handle.GetTrackCount("subtitle") == 2
    assert opened.handle.DeleteTrack("subtitle", 2) is True
    assert [track.name for track in opened.timeline.of_kind("subtitle")] == ["Mine"]


def test_clips_are_deleted_on_the_edit_page_only() -> None:
    opened = OpenProject(reel={"subtitle": 1})
    opened.reel.subtitle(0, 25, "Mine")
    opened.resolve.OpenPage("fairlight")
    assert opened.handle.DeleteClips([opened.item("subtitle")], False) is False
    assert len(opened.shown()) == 1
    opened.resolve.OpenPage("edit")
    assert opened.handle.DeleteClips([opened.item("subtitle")], False) is True
    assert opened.shown() == []


def test_deleting_may_need_another_try_and_a_locked_track_keeps_its_items() -> None:
    opened = OpenProject(reel={"subtitle": 1}, delete_fails=1)
    opened.reel.subtitle(0, 25, "Mine")
    assert opened.handle.DeleteClips([opened.item("subtitle")]) is False
    opened.reel.track("subtitle").locked = True
    assert opened.handle.DeleteClips([opened.item("subtitle")]) is False
    opened.reel.track("subtitle").locked = False
    assert opened.handle.DeleteClips([opened.item("subtitle")]) is True


def test_marks_are_relative_to_the_start() -> None:
    opened = OpenProject()
    assert opened.handle.GetMarkInOut() == {}
    assert opened.handle.SetMarkInOut(10, 99, "audio") is True
    assert opened.handle.GetMarkInOut() == {"audio": {"in": 10, "out": 99}}
    assert opened.handle.SetMarkInOut(20, 10) is False
    assert opened.handle.ClearMarkInOut() is True
    assert opened.handle.GetMarkInOut() == {}


def test_markers_do_not_share_a_frame() -> None:
    opened = OpenProject()
    timeline = opened.handle
    assert timeline.AddMarker(10, "Yellow", "word", "sure?", 1, "recue:1") is True
    assert timeline.AddMarker(10, "Red", "mine", "", 1) is False
    assert timeline.AddMarker(11, "Red", "mine", "", 1) is True
    assert timeline.GetMarkers()[10] == {
        "color": "Yellow",
        "duration": 1,
        "note": "sure?",
        "name": "word",
        "customData": "recue:1",
    }
    assert timeline.DeleteMarkerByCustomData("recue:1") is True
    assert timeline.DeleteMarkerByCustomData("recue:1") is False
    assert list(timeline.GetMarkers()) == [11]
    assert opened.world.violations == []


@pytest.mark.parametrize("color", ["Orange", 3.0])
def test_a_marker_needs_the_name_of_a_marker_colour(color: Any) -> None:
    opened = OpenProject()
    assert opened.handle.AddMarker(10, color, "", "", 1, "") is False
    assert opened.world.violations


def test_numbered_dictionaries_may_have_float_keys() -> None:
    opened = OpenProject(float_keys=True)
    opened.reel.clip(opened.reel.media("/a.mov", frames=500), 0, 100)
    opened.handle.AddMarker(5, "Red", "", "", 1)
    assert [type(key) for key in opened.handle.GetMarkers()] == [float]
    items = opened.handle.GetItemsInTrack("audio", 1)
    assert [(type(key), key) for key in items] == [(float, 1.0)]


def test_the_selection_is_told_by_its_version() -> None:
    opened = OpenProject("21.0")
    items = opened.reel.clip(opened.reel.media("/a.mov", frames=500), 0, 100)
    opened.timeline.selection = [items[1].uid]
    selected = opened.handle.GetSelectedClips()
    assert [each.GetUniqueId() for each in selected] == [items[1].uid]


def test_a_list_may_be_the_old_one_once() -> None:
    opened = OpenProject(reel={"subtitle": 1}, list_lags=True)
    opened.reel.subtitle(0, 25, "Mine")
    item = opened.item("subtitle")
    assert opened.handle.DeleteClips([item]) is True
    ghosts = opened.handle.GetItemListInTrack("subtitle", 1)
    assert [each.GetName() for each in ghosts] == ["Mine"]
    assert opened.handle.GetItemListInTrack("subtitle", 1) == []


def test_a_stale_handle_may_answer_nothing() -> None:
    opened = OpenProject(stale_handles="none")
    old = opened.handle
    assert old.AddTrack("subtitle") is True
    assert old.GetTrackCount("subtitle") is None
    assert opened.handle.GetTrackCount("subtitle") == 1
    assert "stale" in opened.world.violations[0]


def test_a_stale_handle_may_answer_from_the_past_and_change_nothing() -> None:
    opened = OpenProject(stale_handles="old")
    old = opened.handle
    old.AddTrack("subtitle")
    assert old.GetTrackCount("subtitle") == 0
    assert old.SetTrackName("audio", 1, "Lost") is True
    assert old.GetTrackName("audio", 1) == "Lost"
    assert opened.handle.GetTrackName("audio", 1) == "Audio 1"
    assert len(opened.world.violations) == 3


def test_an_srt_is_not_imported_into_a_timeline() -> None:
    assert OpenProject().handle.ImportIntoTimeline("/a.srt") is False
