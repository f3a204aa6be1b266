"""The snapshot against the film that the double holds: exact, or said to be unreadable."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editor_plugin.core.errors import EditorTooOld, EditorUnclear, NoTimelineOpen
from editor_plugin.core.timeline import Clip, Media, Span, Timeline
from editor_plugin.hosts.resolve.reading.clock import clock_of
from editor_plugin.hosts.resolve.reading.snapshot import marked, selected, snapshot
from editor_plugin.hosts.resolve.state.session import Session
from tests.doubles.resolve import Reel, add_project, new_world, open_resolve
from tests.doubles.resolve.clock import rate_of
from tests.doubles.resolve.open_project import OpenProject
from tests.hosts.resolve.stage import film, owned, session_of

RATES = ["23.976", "24", "25", "29.97", "29.97 DF", "30", "47.952", "50", "59.94", "59.94 DF", "60"]
NEW = ["19.1", "20.2", "20.3", "21.0", "21.1-studio"]
SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def taken(opened: OpenProject) -> Timeline:
    return snapshot(session_of(opened))


def clip(opened: OpenProject, place: int = 0, track: int = 0) -> Clip:
    return taken(opened).tracks[track].clips[place]


@pytest.mark.parametrize("profile", ["18.6", *NEW])
def test_a_film_is_read(tmp_path: Path, profile: str) -> None:
    opened = film(tmp_path, profile)
    before = owned(opened)
    timeline = taken(opened)
    assert (timeline.name, timeline.rate, timeline.start_frame) == ("Reel 1", 25, 90000)
    first, second = timeline.tracks[0].clips
    assert first.media == Media(str(tmp_path / "interview.mov"))
    assert (first.record.start, first.record.end, first.source_in) == (0, 10, 12)
    assert (second.record.start, second.source_in, second.speed) == (10, 40, 1)
    assert [track.muted for track in timeline.tracks] == [False, True]
    assert timeline.shot_changes == (10,)
    assert (opened.world.violations, owned(opened)) == ([], before)


@SLOW
@given(
    rate=st.sampled_from(RATES),
    media_rate=st.sampled_from(["23.976", "24", "25", "29.97", "50", "59.94"]),
    hours=st.integers(0, 23),
    at=st.integers(0, 5000),
    length=st.integers(30, 3000),
    source_frame=st.integers(0, 100_000),
    slip=st.sampled_from([0, -1]),
    style=st.sampled_from(["text", "decimal", "number"]),
    hidden=st.booleans(),
    profile=st.sampled_from(NEW),
)
def test_every_position_is_exact(tmp_path: Path, **drawn: Any) -> None:
    rate = drawn["rate"]
    mark = ";" if rate.endswith("DF") else ":"
    reel = {"start_timecode": f"{drawn['hours']:02}:00:00{mark}00"}
    opened = OpenProject(
        drawn["profile"],
        rate=rate,
        reel=reel,
        source_slip=drawn["slip"],
        rate_style=drawn["style"],
        own_rate_hidden=drawn["hidden"],
    )
    path = tmp_path / "a.wav"
    path.write_bytes(b"RIFF")
    fps = rate_of(drawn["media_rate"])
    media = opened.reel.media(str(path), fps=fps, frames=200_000, start_timecode="09:59:50:00")
    # An editor's in point lies on a frame of the timeline.
    source_in = Fraction(drawn["source_frame"]) / opened.reel.rate
    opened.reel.clip(media, drawn["at"], drawn["length"], source_in=source_in)
    timeline = taken(opened)
    (read,) = timeline.tracks[0].clips
    assert timeline.rate == rate_of(rate)
    assert timeline.drop_frame == rate.endswith("DF")
    assert timeline.start_frame == opened.reel.start
    assert read.record.start == drawn["at"] / opened.reel.rate
    assert read.record.duration == drawn["length"] / opened.reel.rate
    assert (read.source_in, read.speed, read.unreadable) == (source_in, 1, None)
    assert opened.world.violations == []


@pytest.mark.parametrize("profile", NEW)
def test_sound_may_start_between_frames(tmp_path: Path, profile: str) -> None:
    opened = film(tmp_path, profile)
    media = opened.world.projects[0].media[-1]
    opened.reel.place(
        opened.reel.track("audio", 2),
        Fraction(301, 2),
        Fraction(199, 2),
        media,
        source_in=Fraction(1001, 100),
    )
    read = clip(opened, track=1)
    assert read.record.start == Fraction(301, 50)
    assert read.record.duration == Fraction(199, 50)
    assert read.source_in == Fraction(1001, 100)


@pytest.mark.parametrize("profile", NEW)
@pytest.mark.parametrize("speed", ["4/5", "2", "1/2", "5/4"])
def test_a_steady_retime_is_read(tmp_path: Path, profile: str, speed: str) -> None:
    opened = film(tmp_path, profile)
    for item in opened.reel.timeline.tracks[0].items[:1] + opened.reel.timeline.tracks[1].items[:1]:
        item.speed = Fraction(speed)
    read = clip(opened)
    assert read.unreadable is None
    assert read.speed == Fraction(speed)
    assert abs(read.source_in - 12) <= Fraction(1, 1000)
    assert any("retimed to" in note for note in taken(opened).notes)


def test_before_the_source_getters_a_retime_is_not_guessed(tmp_path: Path) -> None:
    opened = film(tmp_path, "18.6")
    opened.reel.track("audio").items[0].speed = Fraction(4, 5)
    assert "retimed" in (clip(opened).unreadable or "")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"speed": Fraction(-1)}, "reverse"),
        ({"speed": Fraction(0)}, "freeze"),
        ({"lost_source": True}, "does not report its source range"),
        ({"pool": ""}, "no file"),
    ],
)
@pytest.mark.parametrize("profile", NEW)
def test_what_cannot_be_read_is_said(
    tmp_path: Path, profile: str, change: dict[str, Any], said: str
) -> None:
    opened = film(tmp_path, profile)
    item = opened.reel.track("audio").items[0]
    for name, value in change.items():
        setattr(item, name, value)
    read = clip(opened)
    assert read.media is None
    assert said in (read.unreadable or "")


@pytest.mark.parametrize(
    ("kind", "path", "said"),
    [
        ("compound", "", "compound clip"),
        ("multicam", "", "multicam clip"),
        ("timeline", "", "nested timeline"),
        ("fusion", "", "Fusion clip"),
        ("av", "/not/there.mov", "offline"),
        ("av", "shot_[0001-0024].png", "image sequence"),
    ],
)
@pytest.mark.parametrize("profile", ["18.6", *NEW])
def test_a_clip_without_a_file_is_said(
    tmp_path: Path, profile: str, kind: str, path: str, said: str
) -> None:
    opened = film(tmp_path, profile)
    media = opened.reel.media(path, kind, name="x")
    opened.reel.clip(media, 600, 50)
    assert said in (clip(opened, 2).unreadable or "")
    assert opened.world.violations == []


def test_a_transition_is_no_clip(tmp_path: Path) -> None:
    opened = film(tmp_path)
    opened.reel.place(opened.reel.track("audio"), 240, 20, kind="transition")
    assert len(taken(opened).tracks[0].clips) == 2


@pytest.mark.parametrize("profile", NEW)
def test_synced_sound_is_read_from_its_own_file(tmp_path: Path, profile: str) -> None:
    opened = film(tmp_path, profile)
    sound = tmp_path / "boom.wav"
    sound.write_bytes(b"RIFF")
    opened.reel.track("audio").items[0].mapping = {
        "embedded_audio_channels": 2,
        "linked_audio": {"1": {"channels": 8, "offset": -48000, "path": str(sound)}},
        "track_mapping": {"1": {"channel_idx": [5], "mute": False, "type": "mono"}},
    }
    read = clip(opened)
    # Channel 5 of all is the third of the linked file, which starts a second into it.
    assert read.media == Media(str(sound), None, 2)
    assert read.source_in == 13


@pytest.mark.parametrize(
    ("channels", "expected"), [([1, 2], None), ([1], 0), ([2], 1), ([2, 1], None)]
)
def test_channels_of_the_clips_own_file(
    tmp_path: Path, channels: list[int], expected: int | None
) -> None:
    opened = film(tmp_path)
    opened.reel.track("audio").items[0].mapping = {
        "embedded_audio_channels": 2,
        "track_mapping": {"1": {"channel_idx": channels, "mute": False, "type": "x"}},
    }
    media = clip(opened).media
    assert media is not None and media.channel == expected


def test_a_clip_whose_channels_are_muted_or_that_is_disabled_is_off(tmp_path: Path) -> None:
    opened = film(tmp_path)
    first, second = opened.reel.track("audio").items
    first.mapping = {
        "embedded_audio_channels": 1,
        "track_mapping": {"1": {"channel_idx": [1], "mute": True, "type": "mono"}},
    }
    second.enabled = False
    assert [each.enabled for each in taken(opened).tracks[0].clips] == [False, False]


def test_a_rate_that_contradicts_the_start_timecode_is_refused(tmp_path: Path) -> None:
    opened = film(tmp_path)
    opened.reel.timeline.settings["timelineFrameRate"] = "24"
    with pytest.raises(EditorUnclear, match="24 frames per second"):
        taken(opened)


def test_another_timeline_that_was_opened_is_not_read(tmp_path: Path) -> None:
    opened = film(tmp_path)
    session = session_of(opened)
    Reel(opened.world, "Reel 2")
    with pytest.raises(EditorUnclear):
        snapshot(session)


def test_a_dialog_in_the_middle_gives_no_half_a_snapshot(tmp_path: Path) -> None:
    opened = film(tmp_path, modal_after="TimelineItem.GetLeftOffset")
    with pytest.raises(EditorUnclear):
        taken(opened)


def test_without_a_timeline_there_is_an_error_of_our_own() -> None:
    world = new_world("20.3")
    add_project(world)
    with pytest.raises(NoTimelineOpen):
        Session(open_resolve(world))


def test_an_object_that_answers_nothing_is_too_old() -> None:
    with pytest.raises(EditorTooOld):
        Session(object())


def test_in_and_out_point(tmp_path: Path) -> None:
    opened = film(tmp_path)
    session = session_of(opened)
    assert marked(session, clock_of(session)) == Span(Fraction(10, 25), Fraction(201, 25))
    opened.reel.timeline.marks = {"video": {"in": 0, "out": 499}}
    assert marked(session, clock_of(session)) is None
    opened.reel.timeline.marks = {}
    assert marked(session, clock_of(session)) is None


@pytest.mark.parametrize("profile", ["20.3", "21.0"])
def test_the_selection_or_what_is_under_the_playhead(tmp_path: Path, profile: str) -> None:
    opened = film(tmp_path, profile)
    picture, sound = (opened.reel.track(kind).items[1] for kind in ("video", "audio"))
    opened.reel.timeline.playhead = opened.reel.start + 300
    opened.reel.timeline.selection = [picture.uid]
    assert selected(session_of(opened)) == {picture.uid, sound.uid}
    (only,) = snapshot(session_of(opened), selected(session_of(opened))).tracks[0].clips
    assert only.source_in == 40


def test_a_subtitle_beyond_the_end_makes_no_cut_of_it(tmp_path: Path) -> None:
    opened = film(tmp_path)
    before = snapshot(session_of(opened)).shot_changes
    opened.reel.subtitle(490, 40, "Reaches beyond frame 500.")
    assert snapshot(session_of(opened)).shot_changes == before == (10,)
