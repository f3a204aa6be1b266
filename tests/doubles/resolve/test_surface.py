"""Names, parameters and versions: what exists, and what happens to a wrong call."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.doubles.resolve import PROFILES
from tests.doubles.resolve.host import CLASSES
from tests.doubles.resolve.open_project import OpenProject
from tests.doubles.resolve.surface import API, Handle

# What a subtitle plug-in may want: reading, placing, rendering, marking, and restoring.
WANTED = {
    "Resolve": "OpenPage GetCurrentPage GetProductName GetVersion GetVersionString IsStudio",
    "ProjectManager": "GetCurrentProject SaveProject GetCurrentDatabase",
    "Project": "GetMediaPool GetTimelineCount GetTimelineByIndex GetCurrentTimeline "
    "SetCurrentTimeline GetName GetUniqueId GetSetting GetCurrentRenderFormatAndCodec "
    "SetCurrentRenderFormatAndCodec GetCurrentRenderMode SetCurrentRenderMode LoadRenderPreset "
    "SaveAsNewRenderPreset DeleteRenderPreset GetRenderPresetList SetRenderSettings AddRenderJob "
    "StartRendering StopRendering IsRenderingInProgress GetRenderJobStatus GetRenderJobList "
    "DeleteRenderJob GetRenderFormats GetRenderCodecs GetAudioRenderFormats GetAudioRenderCodecs",
    "MediaPool": "ImportMedia AppendToTimeline GetRootFolder AddSubFolder GetCurrentFolder "
    "SetCurrentFolder DeleteClips DeleteFolders MoveClips GetSelectedClips SetSelectedClip",
    "Folder": "GetClipList GetSubFolderList GetName",
    "MediaPoolItem": "GetClipProperty GetAudioMapping GetName GetUniqueId GetTimeline",
    "Timeline": "GetName GetUniqueId GetStartFrame GetEndFrame GetStartTimecode GetTrackCount "
    "AddTrack DeleteTrack GetTrackName SetTrackName SetTrackEnable GetIsTrackEnabled SetTrackLock "
    "GetIsTrackLocked GetItemListInTrack DeleteClips AddMarker GetMarkers DeleteMarkerAtFrame "
    "DeleteMarkerByCustomData GetMarkInOut SetMarkInOut ClearMarkInOut GetCurrentTimecode "
    "SetCurrentTimecode GetSetting GetSelectedClips GetCurrentVideoItem ImportIntoTimeline",
    "TimelineItem": "GetName GetStart GetEnd GetDuration GetLeftOffset GetRightOffset "
    "GetSourceStartFrame GetSourceEndFrame GetSourceStartTime GetSourceEndTime GetMediaPoolItem "
    "GetClipEnabled GetLinkedItems GetTrackTypeAndIndex GetSourceAudioChannelMapping GetUniqueId "
    "GetSpeed GetType GetProperty SetClipColor",
}


@pytest.mark.parametrize("role", CLASSES, ids=lambda role: role._role)
def test_every_method_that_is_played_is_one_of_resolves(role: type[Handle]) -> None:
    assert role._played() - set(API[role._role]) == set()


@pytest.mark.parametrize("role", WANTED)
def test_everything_that_a_subtitle_plug_in_wants_is_played(role: str) -> None:
    played = next(each for each in CLASSES if each._role == role)._played()
    assert set(WANTED[role].split()) - played == set()


def test_every_class_of_the_table_has_its_double() -> None:
    assert {each._role for each in CLASSES} == set(API)


@pytest.mark.parametrize("role", CLASSES, ids=lambda role: role._role)
def test_a_played_method_takes_the_parameters_of_the_table(role: type[Handle]) -> None:
    for name in role._played():
        code = getattr(role, name).__code__
        least = code.co_argcount - 1 - len(getattr(role, name).__defaults__ or ())
        method, most = API[role._role][name], code.co_argcount - 1
        if not code.co_flags & 0x04:
            assert (len(method.needs), len(method.needs + method.may)) == (least, most), name


@pytest.mark.parametrize(
    ("role", "name", "since"),
    [
        ("Timeline", "GetSelectedClips", "21.0"),
        ("Timeline", "GetMarkInOut", "19.1"),
        ("Timeline", "AddTrack", "18.6"),
        ("Project", "DeleteRenderPreset", "19.1"),
        ("TimelineItem", "GetSourceStartFrame", "19.1"),
        ("TimelineItem", "GetSpeed", "21.1-studio"),
        ("MediaPoolItem", "GetAudioMapping", "19.1"),
        ("Resolve", "IsStudio", "21.1-studio"),
    ],
)
def test_a_method_is_none_before_its_version(role: str, name: str, since: str) -> None:
    names = list(PROFILES)
    for profile in names:
        opened = OpenProject(profile)
        handle: Any = opened.app.handle(role, opened.timeline.uid)
        assert hasattr(handle, name)
        there = names.index(profile) >= names.index(since)
        assert callable(getattr(handle, name)) == there == (name in dir(handle))
        assert opened.world.violations == []


def test_a_name_that_no_version_has_is_none_and_is_written_down() -> None:
    opened = OpenProject()
    timeline = opened.handle
    assert hasattr(timeline, "ImportSubtitles")
    with pytest.raises(TypeError):
        timeline.ImportSubtitles("a.srt")
    assert "Timeline.ImportSubtitles is in no version" in opened.world.violations


def test_keywords_are_refused() -> None:
    opened = OpenProject()
    with pytest.raises(TypeError):
        opened.handle.AddTrack(trackType="subtitle")
    assert opened.world.violations == ["Timeline.AddTrack: keywords ['trackType']"]


@pytest.mark.parametrize("args", [(), ("subtitle", "mono", 1)])
def test_a_wrong_number_of_arguments_does_nothing(args: tuple[Any, ...]) -> None:
    opened = OpenProject()
    assert opened.handle.AddTrack(*args) is False
    assert opened.timeline.of_kind("subtitle") == []
    assert opened.world.violations == [f"Timeline.AddTrack: {len(args)} arguments"]


def test_an_argument_that_came_later_may_be_tried() -> None:
    opened = OpenProject("18.6")
    opened.reel.clip(opened.reel.media("/a.mov", frames=100), 0, 10)
    item = opened.item()
    with pytest.raises(TypeError):
        item.GetStart(True)
    assert item.GetStart() == opened.reel.start
    assert opened.world.violations == []


def test_objects_of_another_resolve_are_foreign() -> None:
    here, there = OpenProject(), OpenProject()
    assert here.project.SetCurrentTimeline(there.handle) is False
    assert "stale or foreign" in here.world.violations[0]


def test_an_item_that_was_deleted_is_stale() -> None:
    opened = OpenProject()
    opened.reel.clip(opened.reel.media("/a.mov", frames=100), 0, 10)
    item = opened.item()
    assert opened.handle.DeleteClips([item]) is True
    assert item.GetStart() is None
    assert "stale" in opened.world.violations[-1]


def test_an_argument_may_be_stale() -> None:
    opened = OpenProject()
    opened.reel.clip(opened.reel.media("/a.mov", frames=100), 0, 10)
    item = opened.item()
    opened.handle.DeleteClips([item])
    assert opened.handle.DeleteClips([[{"inside": item}]]) is False
    assert "was given an object that is stale" in opened.world.violations[0]


def test_a_second_thread_is_written_down() -> None:
    opened = OpenProject()
    opened.resolve.GetVersion()
    other = threading.Thread(target=opened.resolve.GetVersion)
    other.start()
    other.join()
    assert opened.world.violations == ["Resolve.GetVersion: called from a second thread"]


def test_what_the_double_does_not_play_is_written_down() -> None:
    opened = OpenProject()
    assert opened.handle.GrabStill() is None
    assert opened.world.violations == ["Timeline.GrabStill: the double does not play it"]


def test_two_handles_of_one_thing_are_not_equal_but_have_one_id() -> None:
    opened = OpenProject()
    one, other = opened.handle, opened.handle
    assert one != other
    assert one.GetUniqueId() == other.GetUniqueId()


def test_every_call_is_logged_with_what_it_gave() -> None:
    opened = OpenProject()
    opened.handle.GetTrackCount("audio")
    last = opened.world.calls[-1]
    assert (last["call"], last["args"], last["gave"]) == ("Timeline.GetTrackCount", ["audio"], 1)


@pytest.mark.parametrize(
    ("edition", "name"), [("free", "DaVinci Resolve"), ("studio", "DaVinci Resolve Studio")]
)
def test_version_and_edition_are_told(edition: str, name: str) -> None:
    opened = OpenProject("19.1", edition)
    assert opened.resolve.GetProductName() == name
    assert opened.resolve.GetVersion() == [19, 1, 3, 7, ""]
    assert opened.resolve.GetVersionString() == "19.1.3.7"


def test_constants_are_numbers_of_the_living_object() -> None:
    opened = OpenProject()
    assert isinstance(opened.resolve.EXPORT_AAF, float)
    assert opened.resolve.EXPORT_SRT is None
