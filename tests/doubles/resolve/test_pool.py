"""Bins, imports and what pool items tell."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.resolve import HostCrashed
from tests.doubles.resolve.desk import Desk, write_srt


def told(desk: Desk, media: Any, name: str = "") -> Any:
    handle: Any = desk.app.handle("MediaPoolItem", media.uid)
    return handle.GetClipProperty(name) if name else handle.GetClipProperty()


def test_an_srt_becomes_an_item_in_the_current_bin(tmp_path: Path) -> None:
    desk = Desk()
    root = desk.pool.GetRootFolder()
    folder = desk.pool.AddSubFolder(root, "Subtitles")
    assert desk.pool.GetCurrentFolder().GetName() == "Subtitles"
    item = desk.imported(tmp_path)
    assert item.GetClipProperty("Type") == "Subtitle"
    assert item.GetClipProperty("Start TC") == "00:00:01:00"
    assert [each.GetName() for each in folder.GetClipList()] == ["recue-1.srt"]
    assert desk.pool.AddSubFolder(root, "Subtitles") is None


def test_a_known_path_gives_nothing(tmp_path: Path) -> None:
    desk = Desk()
    desk.pool.DeleteClips([desk.imported(tmp_path)])
    assert desk.pool.ImportMedia([str(tmp_path / "recue-1.srt")]) is None
    assert desk.world.violations == []


@pytest.mark.parametrize(("switch", "text"), [("stale", "Two lines"), ("fresh", "New")])
def test_a_known_path_may_give_old_text_or_new(tmp_path: Path, switch: str, text: str) -> None:
    desk = Desk(reel={"subtitle": 1}, known_path=switch)
    desk.imported(tmp_path)
    path = write_srt(tmp_path / "recue-1.srt", [("1.0", "2.0", "New")])
    items = desk.pool.AppendToTimeline(desk.pool.ImportMedia([str(path)]))
    assert items[-1].GetName() == text


def test_a_missing_file_gives_nothing_and_a_bad_one_is_written_down(tmp_path: Path) -> None:
    desk = Desk()
    assert desk.pool.ImportMedia([str(tmp_path / "none.srt")]) is None
    assert desk.world.violations == []
    bad = tmp_path / "bad.srt"
    bad.write_text("1\n00:00:01.000 --> 00:00:02.000\nDot\n")
    assert desk.pool.ImportMedia([str(bad)]) is None
    assert desk.world.violations == ["ImportMedia: bad.srt: line 2: no times"]


@pytest.mark.parametrize("paths", ["/a.srt", [Path("/a.srt")], ["a.srt"]])
def test_import_takes_a_list_of_absolute_paths(paths: Any) -> None:
    desk = Desk()
    assert desk.pool.ImportMedia(paths) is None
    assert desk.world.violations


def test_properties_of_an_srt_may_crash(tmp_path: Path) -> None:
    desk = Desk(srt_property="crash")
    item = desk.imported(tmp_path)
    with pytest.raises(HostCrashed):
        item.GetClipProperty("Type")


def test_every_property_is_text_but_the_rate() -> None:
    desk = Desk()
    rate = Fraction(24000, 1001)
    media = desk.reel.media("/media/a.mov", fps=rate, frames=255, start_timecode="19:37:31:16")
    properties = told(desk, media)
    assert {name for name, value in properties.items() if not isinstance(value, str)} == {"FPS"}
    assert properties["FPS"] == 23.976
    assert (properties["Frames"], properties["End"]) == ("255", "254")
    assert (properties["Duration"], properties["End TC"]) == ("00:00:10:15", "19:37:42:07")
    assert told(desk, media, "nothing such") == ""


def test_some_values_are_localised() -> None:
    desk = Desk(language="ja")
    media = desk.reel.media("/a.wav", "audio", frames=100, online=False)
    assert told(desk, media, "Type") == "オーディオ"
    assert told(desk, media, "Online Status") == "オフ"


def test_sound_alone_has_the_projects_rate_and_may_have_no_frames(tmp_path: Path) -> None:
    desk = Desk(rate="29.97")
    path = tmp_path / "a.wav"
    path.write_bytes(b"RIFF")
    item = desk.pool.ImportMedia([str(path)])[0]
    assert item.GetClipProperty("FPS") == 29.97
    media = desk.reel.media("/b.wav", "audio", frames=100, blank=["Start", "End", "Frames", "FPS"])
    properties = told(desk, media)
    assert [properties[name] for name in media.blank] == [""] * 4
    assert properties["Duration"] == "00:00:03:10"


@pytest.mark.parametrize("kind", ["timeline", "compound", "multicam", "fusion"])
def test_nested_items_have_no_path(kind: str) -> None:
    desk = Desk()
    media = desk.reel.media("", kind, name="Nested", frames=100)
    assert told(desk, media, "File Path") == ""
    assert "Start TC" not in told(desk, media)


def test_a_nested_timeline_can_be_opened_and_a_compound_clip_cannot() -> None:
    desk = Desk("21.0")
    own: Any = desk.app.handle("MediaPoolItem", desk.timeline.pool)
    assert own.GetTimeline().GetName() == "Reel 1"
    compound: Any = desk.app.handle("MediaPoolItem", desk.reel.media("", "compound").uid)
    assert compound.GetTimeline() is None


def test_an_image_sequence_has_a_label_for_a_path() -> None:
    desk = Desk()
    media = desk.reel.media("/shots/shot_[0001-0024].png", "video", frames=24, channels=0)
    assert told(desk, media, "File Path") == "/shots/shot_[0001-0024].png"


def test_linked_sound_is_in_the_mapping() -> None:
    desk = Desk()
    linked = {"1": {"channels": 8, "offset": -100, "path": "/media/b.wav"}}
    media = desk.reel.media("/a.mov", mapping={"linked_audio": linked})
    handle: Any = desk.app.handle("MediaPoolItem", media.uid)
    assert json.loads(handle.GetAudioMapping())["linked_audio"] == linked


def test_deleting_what_is_the_users_is_written_down(tmp_path: Path) -> None:
    desk = Desk()
    media = desk.reel.media("/a.mov")
    desk.pool.DeleteClips([desk.app.handle("MediaPoolItem", media.uid)])
    assert desk.world.violations == ["DeleteClips: “a.mov” is the user's"]


def test_the_selection_of_the_bin() -> None:
    desk = Desk("20.3")
    media = desk.reel.media("/a.mov")
    assert desk.pool.GetSelectedClips() == []
    desk.pool.SetSelectedClip(desk.app.handle("MediaPoolItem", media.uid))
    assert [each.GetName() for each in desk.pool.GetSelectedClips()] == ["a.mov"]
