"""Subtitles onto the timeline: where each switch makes them land."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doubles.resolve import HostCrashed
from tests.doubles.resolve.desk import Desk, write_srt

LANDED = [(25, 50), (50, 88)]


def with_programme(desk: Desk) -> Desk:
    """Picture and sound from frame 0 to 1000."""
    desk.reel.clip(desk.reel.media("/a.mov", frames=5000), 0, 1000)
    return desk


def test_cues_land_at_the_start_plus_their_time(tmp_path: Path) -> None:
    desk = with_programme(Desk(reel={"subtitle": 1}))
    items = desk.pool.AppendToTimeline([desk.imported(tmp_path)])
    assert desk.shown() == LANDED
    assert [item.GetName() for item in items] == ["One", "Two lines"]
    assert items[0].GetStart() == 90025
    assert items[0].GetMediaPoolItem() is None
    assert desk.world.violations == []


def test_a_second_append_counts_from_the_end_of_the_track(tmp_path: Path) -> None:
    desk = Desk(reel={"subtitle": 1})
    item = desk.imported(tmp_path)
    desk.pool.AppendToTimeline([item])
    desk.pool.AppendToTimeline([item])
    assert desk.shown() == [*LANDED, (113, 138), (138, 176)]


def test_the_first_append_lands_behind_the_programme_and_the_next_one_right(tmp_path: Path) -> None:
    desk = with_programme(Desk(reel={"subtitle": 1}, position="programme_end_first"))
    item = desk.imported(tmp_path)
    items = desk.pool.AppendToTimeline([item])
    assert desk.shown() == [(1025, 1050), (1050, 1088)]
    assert desk.handle.DeleteClips(items) is True
    desk.pool.AppendToTimeline([item])
    assert desk.shown() == LANDED


def test_behind_the_programme_means_nothing_on_an_empty_timeline(tmp_path: Path) -> None:
    desk = Desk(reel={"subtitle": 1}, position="programme_end_first")
    desk.pool.AppendToTimeline([desk.imported(tmp_path)])
    assert desk.shown() == LANDED


def test_the_global_end(tmp_path: Path) -> None:
    desk = with_programme(Desk(reel={"subtitle": 1}, position="global_end"))
    item = desk.imported(tmp_path)
    desk.pool.AppendToTimeline([item])
    assert desk.shown() == [(1025, 1050), (1050, 1088)]
    desk.pool.AppendToTimeline([item])
    assert desk.shown()[2:] == [(1113, 1138), (1138, 1176)]


@pytest.mark.parametrize(
    ("target", "expected"), [("first_enabled", 2), ("only_unlocked", 3), ("destination", 4)]
)
def test_the_target_of_an_append(tmp_path: Path, target: str, expected: int) -> None:
    desk = Desk(reel={"subtitle": 4}, target=target, destination=4)
    desk.reel.track("subtitle", 1).enabled = False
    for index in (1, 2) if target != "first_enabled" else (1,):
        desk.reel.track("subtitle", index).locked = True
    desk.pool.AppendToTimeline([desk.imported(tmp_path)])
    assert [index for index in (1, 2, 3, 4) if desk.shown(index)] == [expected]


def test_always_track_one_swallows_what_it_cannot_take(tmp_path: Path) -> None:
    desk = Desk(reel={"subtitle": 2}, target="first")
    desk.reel.track("subtitle", 1).enabled = False
    assert desk.pool.AppendToTimeline([desk.imported(tmp_path)])
    assert desk.shown(1) == desk.shown(2) == []


def test_subtitles_may_go_astray_on_a_video_track(tmp_path: Path) -> None:
    desk = Desk(reel={"subtitle": 1}, target="video")
    items = desk.pool.AppendToTimeline([desk.imported(tmp_path)])
    assert [item.GetTrackTypeAndIndex() for item in items] == [["video", 1]] * 2
    assert desk.shown() == []


@pytest.mark.parametrize("target", ["first_enabled", "destination", "first"])
def test_a_locked_target_swallows_the_cues_and_returns_something(
    tmp_path: Path, target: str
) -> None:
    desk = Desk(reel={"subtitle": 2}, target=target)
    desk.reel.track("subtitle", 1).locked = True
    assert desk.pool.AppendToTimeline([desk.imported(tmp_path)])
    assert desk.shown(1) == desk.shown(2) == []
    assert desk.world.violations == []


def test_without_a_track_the_answer_is_truthy_and_nothing_is_there(tmp_path: Path) -> None:
    desk = Desk()
    assert desk.pool.AppendToTimeline([desk.imported(tmp_path)])
    assert desk.handle.GetTrackCount("subtitle") == 0


def test_some_builds_make_a_track(tmp_path: Path) -> None:
    desk = Desk(no_track="creates")
    desk.pool.AppendToTimeline([desk.imported(tmp_path)])
    assert desk.shown() == LANDED


@pytest.mark.parametrize("key", ["recordFrame", "trackIndex", "startFrame", "endFrame"])
def test_position_keys_crash(tmp_path: Path, key: str) -> None:
    desk = Desk(reel={"subtitle": 1})
    item = desk.imported(tmp_path)
    with pytest.raises(HostCrashed):
        desk.pool.AppendToTimeline([{"mediaPoolItem": item, key: 0}])
    assert not issubclass(HostCrashed, Exception)
    with pytest.raises(HostCrashed):
        desk.resolve.GetVersion()
    assert desk.world.violations


@pytest.mark.parametrize(
    ("answer", "landed"), [("ignored", [(1025, 1050), (1050, 1088)]), ("none", [])]
)
def test_position_keys_in_milder_builds(
    tmp_path: Path, answer: str, landed: list[tuple[int, int]]
) -> None:
    desk = with_programme(Desk(reel={"subtitle": 1}, clip_info=answer))
    order = {"mediaPoolItem": desk.imported(tmp_path), "recordFrame": 90000}
    given = desk.pool.AppendToTimeline([order])
    assert (given == [None]) == (answer == "none")
    assert desk.shown() == landed
    assert desk.world.violations == ["AppendToTimeline: position keys with subtitles"]


def test_a_dictionary_with_the_item_alone_is_the_same(tmp_path: Path) -> None:
    desk = Desk(reel={"subtitle": 1})
    desk.pool.AppendToTimeline([{"mediaPoolItem": desk.imported(tmp_path)}])
    assert desk.shown() == LANDED
    assert desk.world.violations == []


def test_or_it_crashes(tmp_path: Path) -> None:
    desk = Desk(reel={"subtitle": 1}, clip_info_plain="crash")
    with pytest.raises(HostCrashed):
        desk.pool.AppendToTimeline([{"mediaPoolItem": desk.imported(tmp_path)}])


@pytest.mark.parametrize("slip", [-1, 1])
def test_a_slip_of_a_frame(tmp_path: Path, slip: int) -> None:
    desk = Desk(reel={"subtitle": 1}, slip=slip)
    desk.pool.AppendToTimeline([desk.imported(tmp_path)])
    assert desk.shown() == [(start + slip, end + slip) for start, end in LANDED]


def test_a_new_track_may_come_first_and_disabled(tmp_path: Path) -> None:
    desk = Desk(reel={"subtitle": 1}, new_track="first", new_track_disabled=True)
    desk.reel.track("subtitle").name = "Mine"
    assert desk.handle.AddTrack("subtitle") is True
    assert [desk.handle.GetTrackName("subtitle", index) for index in (1, 2)] == [
        "Subtitle 1",
        "Mine",
    ]
    assert desk.handle.GetIsTrackEnabled("subtitle", 1) is False
    desk.pool.AppendToTimeline([desk.imported(tmp_path)])
    assert desk.shown(2) == LANDED


def test_items_need_time_to_settle(tmp_path: Path) -> None:
    desk = Desk(reel={"subtitle": 1}, settle=0.5)
    items = desk.pool.AppendToTimeline([desk.imported(tmp_path)])
    assert items and desk.shown() == []
    desk.app.sleep(0.5)
    assert len(desk.handle.GetItemListInTrack("subtitle", 1)) == 2


def test_appending_in_a_hurry_crashes(tmp_path: Path) -> None:
    desk = Desk(reel={"subtitle": 1}, hurry=0.5)
    item = desk.imported(tmp_path)
    desk.pool.AppendToTimeline([item])
    desk.app.sleep(0.5)
    desk.pool.AppendToTimeline([item])
    with pytest.raises(HostCrashed):
        desk.pool.AppendToTimeline([item])


def test_the_answer_may_be_a_list_with_none(tmp_path: Path) -> None:
    desk = Desk(reel={"subtitle": 1}, append_returns="none")
    assert desk.pool.AppendToTimeline([desk.imported(tmp_path)]) == [None]
    assert desk.shown() == LANDED


def test_the_answer_may_be_items_that_are_dead(tmp_path: Path) -> None:
    desk = Desk(reel={"subtitle": 1}, append_returns="dead")
    items = desk.pool.AppendToTimeline([desk.imported(tmp_path)])
    assert len(items) == 2 and all(items)
    assert items[0].GetStart is None
    assert desk.shown() == LANDED


def test_in_20_2_every_subtitle_is_called_subtitle(tmp_path: Path) -> None:
    desk = Desk("20.2", reel={"subtitle": 1})
    items = desk.pool.AppendToTimeline([desk.imported(tmp_path)])
    assert [item.GetName() for item in items] == ["Subtitle", "Subtitle"]


def test_what_overlaps_is_dropped_without_a_word(tmp_path: Path) -> None:
    desk = Desk(reel={"subtitle": 1}, rate="24")
    path = write_srt(tmp_path / "a.srt", [("1.0", "1.01", "A"), ("1.01", "1.03", "B")])
    desk.pool.AppendToTimeline(desk.pool.ImportMedia([str(path)]))
    assert desk.shown() == [(24, 25)]


def test_clips_go_where_their_clip_info_says() -> None:
    desk = Desk("20.3")
    media = desk.reel.media("/a.mov", frames=100)
    order = {"mediaPoolItem": desk.app.handle("MediaPoolItem", media.uid), "recordFrame": 90100}
    desk.pool.AppendToTimeline([{**order, "startFrame": 10, "endFrame": 40, "mediaType": 2}])
    item = desk.item()
    assert (item.GetStart(), item.GetEnd(), item.GetLeftOffset()) == (90100, 90130, 10)
    desk.pool.AppendToTimeline([{**order, "mediaType": 2}])
    assert len(desk.reel.track("audio").items) == 1


def test_from_21_on_fractions_of_frames_are_refused_for_the_whole_batch() -> None:
    desk = Desk("21.0")
    media = desk.reel.media("/a.mov", frames=100)
    handle = desk.app.handle("MediaPoolItem", media.uid)
    order = {"mediaPoolItem": handle, "recordFrame": 90100.5}
    assert desk.pool.AppendToTimeline([order]) == [None]
