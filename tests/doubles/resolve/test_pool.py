"""Bins, imports and what pool items tell."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.resolve import HostCrashed
from tests.doubles.resolve.open_project import OpenProject, write_srt


def told(opened: OpenProject, media: Any, name: str = "") -> Any:
    handle: Any = opened.app.handle("MediaPoolItem", media.uid)
    return handle.GetClipProperty(name) if name else handle.GetClipProperty()


def test_an_srt_becomes_an_item_in_the_current_bin(tmp_path: Path) -> None:
    opened = OpenProject()
    root = opened.pool.GetRootFolder()
    folder = opened.pool.AddSubFolder(root, "Subtitles")
    assert opened.pool.GetCurrentFolder().GetName() == "Subtitles"
    item = opened.imported(tmp_path)
    assert item.GetClipProperty("Type") == "Subtitle"
    assert item.GetClipProperty("Start TC") == "00:00:01:00"
    assert [each.GetName() for each in folder.GetClipList()] == ["recue-1.srt"]
    assert opened.pool.AddSubFolder(root, "Subtitles") is None


def test_a_known_path_gives_nothing(tmp_path: Path) -> None:
    opened = OpenProject()
    opened.pool.DeleteClips([opened.imported(tmp_path)])
    assert opened.pool.ImportMedia([str(tmp_path / "recue-1.srt")]) is None
    assert opened.world.violations == []


@pytest.mark.parametrize(("switch", "text"), [("stale", "Two lines"), ("fresh", "New")])
def test_a_known_path_may_give_old_text_or_new(tmp_path: Path, switch: str, text: str) -> None:
    opened = OpenProject(reel={"subtitle": 1}, known_path=switch)
    opened.imported(tmp_path)
    path = write_srt(tmp_path / "recue-1.srt", [("1.0", "2.0", "New")])
    items = opened.pool.AppendToTimeline(opened.pool.ImportMedia([str(path)]))
    assert items[-1].GetName() == text


def test_a_missing_file_gives_nothing_and_a_bad_one_is_written_down(tmp_path: Path) -> None:
    opened = OpenProject()
    assert opened.pool.ImportMedia([str(tmp_path / "none.srt")]) is None
    assert opened.world.violations == []
    bad = tmp_path / "bad.srt"
    bad.write_text("1\n00:00:01.000 --> 00:00:02.000\nDot\n")
    assert opened.pool.ImportMedia([str(bad)]) is None
    assert opened.world.violations == ["ImportMedia: bad.srt: line 2: no times"]


@pytest.mark.parametrize("paths", ["/a.srt", [Path("/a.srt")], ["a.srt"]])
def test_import_takes_a_list_of_absolute_paths(paths: Any) -> None:
    opened = OpenProject()
    assert opened.pool.ImportMedia(paths) is None
    assert opened.world.violations


def test_properties_of_an_srt_may_crash(tmp_path: Path) -> None:
    opened = OpenProject(srt_property="crash")
    item = opened.imported(tmp_path)
    with pytest.raises(HostCrashed):
        item.GetClipProperty("Type")


def test_every_property_is_text_but_the_rate() -> None:
    opened = OpenProject()
    rate = Fraction(24000, 1001)
    media = opened.reel.media("/media/a.mov", fps=rate, frames=255, start_timecode="19:37:31:16")
    properties = told(opened, media)
    assert {name for name, value in properties.items() if not isinstance(value, str)} == {"FPS"}
    assert properties["FPS"] == 23.976
    assert (properties["Frames"], properties["End"]) == ("255", "254")
    assert (properties["Duration"], properties["End TC"]) == ("00:00:10:15", "19:37:42:07")
    assert told(opened, media, "nothing such") == ""


def test_some_values_are_localised() -> None:
    opened = OpenProject(language="ja")
    media = opened.reel.media("/a.wav", "audio", frames=100, online=False)
    assert told(opened, media, "Type") == "オーディオ"
    assert told(opened, media, "Online Status") == "オフ"


def test_sound_alone_has_the_projects_rate_and_may_have_no_frames(tmp_path: Path) -> None:
    opened = OpenProject(rate="29.97")
    path = tmp_path / "a.wav"
    path.write_bytes(b"RIFF")
    item = opened.pool.ImportMedia([str(path)])[0]
    assert item.GetClipProperty("FPS") == 29.97
    media = opened.reel.media(
        "/b.wav", "audio", frames=100, blank=["Start", "End", "Frames", "FPS"]
    )
    properties = told(opened, media)
    assert [properties[name] for name in media.blank] == [""] * 4
    assert properties["Duration"] == "00:00:03:10"


@pytest.mark.parametrize("kind", ["timeline", "compound", "multicam", "fusion"])
def test_nested_items_have_no_path(kind: str) -> None:
    opened = OpenProject()
    media = opened.reel.media("", kind, name="Nested", frames=100)
    assert told(opened, media, "File Path") == ""
    assert "Start TC" not in told(opened, media)


def test_a_nested_timeline_can_be_opened_and_a_compound_clip_cannot() -> None:
    opened = OpenProject("21.0")
    own: Any = opened.app.handle("MediaPoolItem", opened.timeline.pool)
    assert own.GetTimeline().GetName() == "Reel 1"
    compound: Any = opened.app.handle("MediaPoolItem", opened.reel.media("", "compound").uid)
    assert compound.GetTimeline() is None


def test_an_image_sequence_has_a_label_for_a_path() -> None:
    opened = OpenProject()
    media = opened.reel.media("/shots/shot_[0001-0024].png", "video", frames=24, channels=0)
    assert told(opened, media, "File Path") == "/shots/shot_[0001-0024].png"


def test_linked_sound_is_in_the_mapping() -> None:
    opened = OpenProject()
    linked = {"1": {"channels": 8, "offset": -100, "path": "/media/b.wav"}}
    media = opened.reel.media("/a.mov", mapping={"linked_audio": linked})
    handle: Any = opened.app.handle("MediaPoolItem", media.uid)
    assert json.loads(handle.GetAudioMapping())["linked_audio"] == linked


def test_deleting_what_is_the_users_is_written_down(tmp_path: Path) -> None:
    opened = OpenProject()
    media = opened.reel.media("/a.mov")
    opened.pool.DeleteClips([opened.app.handle("MediaPoolItem", media.uid)])
    assert opened.world.violations == ["DeleteClips: “a.mov” is the user's"]


def test_the_selection_of_the_bin() -> None:
    opened = OpenProject("20.3")
    media = opened.reel.media("/a.mov")
    assert opened.pool.GetSelectedClips() == []
    opened.pool.SetSelectedClip(opened.app.handle("MediaPoolItem", media.uid))
    assert [each.GetName() for each in opened.pool.GetSelectedClips()] == ["a.mov"]
