"""Subtitles onto the timeline: where each switch makes them land."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doubles.resolve import HostCrashed
from tests.doubles.resolve.open_project import OpenProject, write_srt

LANDED = [(25, 50), (50, 88)]


def with_programme(opened: OpenProject) -> OpenProject:
    """Picture and sound from frame 0 to 1000."""
    opened.reel.clip(opened.reel.media("/a.mov", frames=5000), 0, 1000)
    return opened


def test_cues_land_at_the_start_plus_their_time(tmp_path: Path) -> None:
    opened = with_programme(OpenProject(reel={"subtitle": 1}))
    items = opened.pool.AppendToTimeline([opened.imported(tmp_path)])
    assert opened.shown() == LANDED
    assert [item.GetName() for item in items] == ["One", "Two lines"]
    assert items[0].GetStart() == 90025
    assert items[0].GetMediaPoolItem() is None
    assert opened.world.violations == []


def test_a_second_append_counts_from_the_end_of_the_track(tmp_path: Path) -> None:
    opened = OpenProject(reel={"subtitle": 1})
    item = opened.imported(tmp_path)
    opened.pool.AppendToTimeline([item])
    opened.pool.AppendToTimeline([item])
    assert opened.shown() == [*LANDED, (113, 138), (138, 176)]


def test_the_first_append_lands_behind_the_programme_and_the_next_one_right(tmp_path: Path) -> None:
    opened = with_programme(OpenProject(reel={"subtitle": 1}, position="programme_end_first"))
    item = opened.imported(tmp_path)
    items = opened.pool.AppendToTimeline([item])
    assert opened.shown() == [(1025, 1050), (1050, 1088)]
    assert opened.handle.DeleteClips(items) is True
    opened.pool.AppendToTimeline([item])
    assert opened.shown() == LANDED


def test_behind_the_programme_means_nothing_on_an_empty_timeline(tmp_path: Path) -> None:
    opened = OpenProject(reel={"subtitle": 1}, position="programme_end_first")
    opened.pool.AppendToTimeline([opened.imported(tmp_path)])
    assert opened.shown() == LANDED


def test_the_global_end(tmp_path: Path) -> None:
    opened = with_programme(OpenProject(reel={"subtitle": 1}, position="global_end"))
    item = opened.imported(tmp_path)
    opened.pool.AppendToTimeline([item])
    assert opened.shown() == [(1025, 1050), (1050, 1088)]
    opened.pool.AppendToTimeline([item])
    assert opened.shown()[2:] == [(1113, 1138), (1138, 1176)]


@pytest.mark.parametrize(
    ("target", "expected"), [("first_enabled", 2), ("only_unlocked", 3), ("destination", 4)]
)
def test_the_target_of_an_append(tmp_path: Path, target: str, expected: int) -> None:
    opened = OpenProject(reel={"subtitle": 4}, target=target, destination=4)
    opened.reel.track("subtitle", 1).enabled = False
    for index in (1, 2) if target != "first_enabled" else (1,):
        opened.reel.track("subtitle", index).locked = True
    opened.pool.AppendToTimeline([opened.imported(tmp_path)])
    assert [index for index in (1, 2, 3, 4) if opened.shown(index)] == [expected]


def test_always_track_one_swallows_what_it_cannot_take(tmp_path: Path) -> None:
    opened = OpenProject(reel={"subtitle": 2}, target="first")
    opened.reel.track("subtitle", 1).enabled = False
    assert opened.pool.AppendToTimeline([opened.imported(tmp_path)])
    assert opened.shown(1) == opened.shown(2) == []


def test_subtitles_may_go_astray_on_a_video_track(tmp_path: Path) -> None:
    opened = OpenProject(reel={"subtitle": 1}, target="video")
    items = opened.pool.AppendToTimeline([opened.imported(tmp_path)])
    assert [item.GetTrackTypeAndIndex() for item in items] == [["video", 1]] * 2
    assert opened.shown() == []


@pytest.mark.parametrize("target", ["first_enabled", "destination", "first"])
def test_a_locked_target_swallows_the_cues_and_returns_something(
    tmp_path: Path, target: str
) -> None:
    opened = OpenProject(reel={"subtitle": 2}, target=target)
    opened.reel.track("subtitle", 1).locked = True
    assert opened.pool.AppendToTimeline([opened.imported(tmp_path)])
    assert opened.shown(1) == opened.shown(2) == []
    assert opened.world.violations == []


def test_without_a_track_the_answer_is_truthy_and_nothing_is_there(tmp_path: Path) -> None:
    opened = OpenProject()
    assert opened.pool.AppendToTimeline([opened.imported(tmp_path)])
    assert opened.handle.GetTrackCount("subtitle") == 0


def test_some_builds_make_a_track(tmp_path: Path) -> None:
    opened = OpenProject(no_track="creates")
    opened.pool.AppendToTimeline([opened.imported(tmp_path)])
    assert opened.shown() == LANDED


@pytest.mark.parametrize("key", ["recordFrame", "trackIndex", "startFrame", "endFrame"])
def test_position_keys_crash(tmp_path: Path, key: str) -> None:
    opened = OpenProject(reel={"subtitle": 1})
    item = opened.imported(tmp_path)
    with pytest.raises(HostCrashed):
        opened.pool.AppendToTimeline([{"mediaPoolItem": item, key: 0}])
    assert not issubclass(HostCrashed, Exception)
    with pytest.raises(HostCrashed):
        opened.resolve.GetVersion()
    assert opened.world.violations


@pytest.mark.parametrize(
    ("answer", "landed"), [("ignored", [(1025, 1050), (1050, 1088)]), ("none", [])]
)
def test_position_keys_in_milder_builds(
    tmp_path: Path, answer: str, landed: list[tuple[int, int]]
) -> None:
    opened = with_programme(OpenProject(reel={"subtitle": 1}, clip_info=answer))
    order = {"mediaPoolItem": opened.imported(tmp_path), "recordFrame": 90000}
    given = opened.pool.AppendToTimeline([order])
    assert (given == [None]) == (answer == "none")
    assert opened.shown() == landed
    assert opened.world.violations == ["AppendToTimeline: position keys with subtitles"]


def test_a_dictionary_with_the_item_alone_is_the_same(tmp_path: Path) -> None:
    opened = OpenProject(reel={"subtitle": 1})
    opened.pool.AppendToTimeline([{"mediaPoolItem": opened.imported(tmp_path)}])
    assert opened.shown() == LANDED
    assert opened.world.violations == []


def test_or_it_crashes(tmp_path: Path) -> None:
    opened = OpenProject(reel={"subtitle": 1}, clip_info_plain="crash")
    with pytest.raises(HostCrashed):
        opened.pool.AppendToTimeline([{"mediaPoolItem": opened.imported(tmp_path)}])


@pytest.mark.parametrize("slip", [-1, 1])
def test_a_slip_of_a_frame(tmp_path: Path, slip: int) -> None:
    opened = OpenProject(reel={"subtitle": 1}, slip=slip)
    opened.pool.AppendToTimeline([opened.imported(tmp_path)])
    assert opened.shown() == [(start + slip, end + slip) for start, end in LANDED]


def test_a_new_track_may_come_first_and_disabled(tmp_path: Path) -> None:
    opened = OpenProject(reel={"subtitle": 1}, new_track="first", new_track_disabled=True)
    opened.reel.track("subtitle").name = "Mine"
    assert opened.handle.AddTrack("subtitle") is True
    assert [opened.handle.GetTrackName("subtitle", index) for index in (1, 2)] == [
        "Subtitle 1",
        "Mine",
    ]
    assert opened.handle.GetIsTrackEnabled("subtitle", 1) is False
    opened.pool.AppendToTimeline([opened.imported(tmp_path)])
    assert opened.shown(2) == LANDED


def test_items_need_time_to_settle(tmp_path: Path) -> None:
    opened = OpenProject(reel={"subtitle": 1}, settle=0.5)
    items = opened.pool.AppendToTimeline([opened.imported(tmp_path)])
    assert items and opened.shown() == []
    opened.app.sleep(0.5)
    assert len(opened.handle.GetItemListInTrack("subtitle", 1)) == 2


def test_appending_in_a_hurry_crashes(tmp_path: Path) -> None:
    opened = OpenProject(reel={"subtitle": 1}, hurry=0.5)
    item = opened.imported(tmp_path)
    opened.pool.AppendToTimeline([item])
    opened.app.sleep(0.5)
    opened.pool.AppendToTimeline([item])
    with pytest.raises(HostCrashed):
        opened.pool.AppendToTimeline([item])


def test_the_answer_may_be_a_list_with_none(tmp_path: Path) -> None:
    opened = OpenProject(reel={"subtitle": 1}, append_returns="none")
    assert opened.pool.AppendToTimeline([opened.imported(tmp_path)]) == [None]
    assert opened.shown() == LANDED


def test_the_answer_may_be_items_that_are_dead(tmp_path: Path) -> None:
    opened = OpenProject(reel={"subtitle": 1}, append_returns="dead")
    items = opened.pool.AppendToTimeline([opened.imported(tmp_path)])
    assert len(items) == 2 and all(items)
    assert items[0].GetStart is None
    assert opened.shown() == LANDED


def test_in_20_2_every_subtitle_is_called_subtitle(tmp_path: Path) -> None:
    opened = OpenProject("20.2", reel={"subtitle": 1})
    items = opened.pool.AppendToTimeline([opened.imported(tmp_path)])
    assert [item.GetName() for item in items] == ["Subtitle", "Subtitle"]


def test_what_overlaps_is_dropped_without_a_word(tmp_path: Path) -> None:
    opened = OpenProject(reel={"subtitle": 1}, rate="24")
    path = write_srt(tmp_path / "a.srt", [("1.0", "1.01", "A"), ("1.01", "1.03", "B")])
    opened.pool.AppendToTimeline(opened.pool.ImportMedia([str(path)]))
    assert opened.shown() == [(24, 25)]


def test_clips_go_where_their_clip_info_says() -> None:
    opened = OpenProject("20.3")
    media = opened.reel.media("/a.mov", frames=100)
    order = {"mediaPoolItem": opened.app.handle("MediaPoolItem", media.uid), "recordFrame": 90100}
    opened.pool.AppendToTimeline([{**order, "startFrame": 10, "endFrame": 40, "mediaType": 2}])
    item = opened.item()
    assert (item.GetStart(), item.GetEnd(), item.GetLeftOffset()) == (90100, 90130, 10)
    opened.pool.AppendToTimeline([{**order, "mediaType": 2}])
    assert len(opened.reel.track("audio").items) == 1


def test_from_21_on_fractions_of_frames_are_refused_for_the_whole_batch() -> None:
    opened = OpenProject("21.0")
    media = opened.reel.media("/a.mov", frames=100)
    handle = opened.app.handle("MediaPoolItem", media.uid)
    order = {"mediaPoolItem": handle, "recordFrame": 90100.5}
    assert opened.pool.AppendToTimeline([order]) == [None]
