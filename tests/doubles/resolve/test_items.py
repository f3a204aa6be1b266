"""Where clips play from, in the unit of each getter."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from tests.doubles.resolve.open_project import OpenProject

SOURCE = ("GetSourceStartFrame", "GetSourceEndFrame", "GetSourceStartTime", "GetSourceEndTime")


def clip(opened: OpenProject, media: dict[str, Any] | None = None, **more: Any) -> tuple[Any, Any]:
    """Picture and sound from frame 99 to 199, from 12 s into a file of 1000 s at 50 fps."""
    given: dict[str, Any] = {"fps": Fraction(50), "frames": 50000, **(media or {})}
    pool = opened.reel.media("/media/a.mov", **given)
    opened.reel.clip(pool, 99, 100, **{"source_in": Fraction(12), **more})
    return opened.item("video"), opened.item("audio")


def source(item: Any) -> list[Any]:
    return [getattr(item, name)() for name in SOURCE]


def test_an_item_lies_at_absolute_frames_with_an_exclusive_end() -> None:
    picture, sound = clip(OpenProject())
    for item in (picture, sound):
        assert (item.GetStart(), item.GetEnd(), item.GetDuration()) == (90099, 90199, 100)
    assert sound.GetTrackTypeAndIndex() == ["audio", 1]
    assert sound.GetLinkedItems()[0].GetUniqueId() == picture.GetUniqueId()


def test_the_left_offset_of_sound_is_in_timeline_frames() -> None:
    picture, sound = clip(OpenProject())
    assert picture.GetLeftOffset() == 12 * 50
    assert sound.GetLeftOffset() == 12 * 25
    assert picture.GetRightOffset() == (1000 - 16) * 50


def test_source_frames_count_from_the_files_start_in_its_own_rate() -> None:
    picture, _ = clip(OpenProject())
    assert source(picture)[:2] == [600, 799]


def test_the_source_end_is_exclusive_where_the_rates_agree() -> None:
    picture, _ = clip(OpenProject(), {"fps": Fraction(25), "frames": 5000})
    assert source(picture)[:2] == [300, 400]


def test_source_times_hold_the_medias_timecode() -> None:
    picture, _ = clip(OpenProject(), {"start_timecode": "10:00:00:00"})
    assert source(picture)[2:] == [36012.0, 36016.0]
    assert source(picture)[:2] == [600, 799]


def test_the_source_start_may_slip_by_a_frame() -> None:
    picture, _ = clip(OpenProject(source_slip=-1))
    assert picture.GetSourceStartFrame() == 599
    assert picture.GetLeftOffset() == 600


def test_an_items_source_may_be_lost() -> None:
    picture, _ = clip(OpenProject(), lost_source=True)
    assert source(picture) == [0, 0, 0.0, 0.0]


def test_a_retime_shows_in_the_span_and_warps_the_offset() -> None:
    picture, sound = clip(OpenProject(), speed=Fraction(2))
    start, end = source(sound)[2:]
    assert (end - start) / (sound.GetDuration() / 25) == 2
    assert (picture.GetLeftOffset(), sound.GetLeftOffset()) == (300, 150)


@pytest.mark.parametrize(
    ("reverse", "span"), [("negative", -4.0), ("positive", 4.0), ("zero", 0.0)]
)
def test_what_a_reversed_span_reads_is_not_known(reverse: str, span: float) -> None:
    _, sound = clip(OpenProject(reverse=reverse), speed=Fraction(-1))
    assert sound.GetSourceEndTime() - sound.GetSourceStartTime() == span


def test_a_freeze_has_no_span() -> None:
    _, sound = clip(OpenProject("21.1-studio"), speed=Fraction(0))
    assert sound.GetSourceEndTime() == sound.GetSourceStartTime()
    assert sound.GetSpeed()["Percentage"] == 0.0


def test_speed_is_told_from_21_1_on() -> None:
    _, sound = clip(OpenProject("21.1-studio"), speed=Fraction(4, 5))
    assert sound.GetSpeed()["Percentage"] == 80.0
    _, sound = clip(OpenProject("21.0"), speed=Fraction(4, 5))
    assert sound.GetSpeed is None
    assert sound.GetProperty("Speed") is None


def test_sound_may_be_cut_between_frames() -> None:
    opened = OpenProject()
    pool = opened.reel.media("/media/a.wav", "audio", frames=5000)
    opened.reel.place(opened.reel.track("audio"), "10.5", "20.25", pool)
    item = opened.item()
    assert (item.GetStart(), item.GetEnd()) == (90010, 90030)
    assert (item.GetStart(True), item.GetEnd(True), item.GetDuration(True)) == (
        90010.5,
        90030.75,
        20.25,
    )


def test_the_offset_of_a_still_means_nothing() -> None:
    picture, _ = clip(OpenProject(), {"kind": "still"})
    assert picture.GetLeftOffset() > 100_000_000


@pytest.mark.parametrize("kind", ["title", "generator", "transition"])
def test_titles_generators_and_transitions_are_items_without_a_source(kind: str) -> None:
    opened = OpenProject()
    opened.reel.place(opened.reel.track("video"), 0, 20, kind=kind)
    item = opened.item("video")
    assert item.GetMediaPoolItem() is None
    assert source(item) == [0, 0, 0.0, 0.0]
    assert (item.GetProperty() == {}) == (kind == "transition")


def test_a_clip_that_was_switched_off_says_so() -> None:
    _, sound = clip(OpenProject(), enabled=False)
    assert sound.GetClipEnabled() is False


def test_the_channel_mapping_is_json_and_an_items_own_goes_first() -> None:
    mapping = {"embedded_audio_channels": 2, "linked_audio": {}, "track_mapping": {}}
    _, sound = clip(OpenProject(), {"mapping": mapping})
    assert json.loads(sound.GetSourceAudioChannelMapping()) == mapping
    _, sound = clip(OpenProject(), {"mapping": mapping}, mapping={"linked_audio": {"1": {}}})
    assert json.loads(sound.GetSourceAudioChannelMapping()) == {"linked_audio": {"1": {}}}
    _, sound = clip(OpenProject())
    assert sound.GetSourceAudioChannelMapping() is None
