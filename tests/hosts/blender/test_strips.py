"""The arithmetic of Blender's strips: what editing must not change."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.projection import source_time
from editor_plugin.core.timeline import Clip
from editor_plugin.hosts.blender.strips import (
    Channel,
    Group,
    PictureStrip,
    SceneClock,
    Sequencer,
    SoundStrip,
    Strip,
    clips_of,
    picture_cuts,
    timeline_of,
)

RATES = st.sampled_from([Fraction(24), Fraction(24000, 1001), Fraction(25), Fraction(60000, 1001)])
FRAMES = st.integers(-500, 2000)
LENGTHS = st.integers(1, 800)


@st.composite
def clocks(draw: st.DrawFn) -> SceneClock:
    return SceneClock(draw(RATES), draw(st.integers(-50, 200)))


@st.composite
def sounds(draw: st.DrawFn) -> SoundStrip:
    start, trimmed = draw(FRAMES), draw(st.integers(0, 300))
    return SoundStrip(
        "a",
        draw(st.integers(1, 8)),
        start + trimmed,
        start + trimmed + draw(LENGTHS),
        Fraction(start),
        "/a.wav",
        slip=draw(st.integers(0, 200)),
        shift=draw(st.fractions(-2, 2, max_denominator=100)),
        speed=draw(st.sampled_from([Fraction(1), Fraction(4, 5), Fraction(2)])),
    )


def played(strips: list[Strip], clock: SceneClock) -> dict[int, Fraction]:
    """For each frame of the scene, the time of the file that is played there."""
    clips = [clip for strip in strips for clip in clips_of(strip, clock)]
    return {frame: time for clip in clips for frame, time in _frames(clip, clock)}


def _frames(clip: Clip, clock: SceneClock) -> list[tuple[int, Fraction]]:
    first, end = clock.frame(clip.record.start), clock.frame(clip.record.end)
    return [(at, source_time(clip, clock.seconds(at))) for at in range(first, end)]


@given(sounds(), clocks())
def test_a_strip_plays_what_was_measured(sound: SoundStrip, clock: SceneClock) -> None:
    for frame, time in played([sound], clock).items():
        first = max(sound.first, clock.zero)
        at_handle = (first - sound.start + sound.slip) / clock.rate - sound.shift
        assert time == at_handle + (frame - first) * sound.speed / clock.rate
        assert max(sound.first, clock.zero) <= frame < sound.end


@given(sounds(), clocks(), st.data())
def test_a_razor_cut_changes_nothing(
    sound: SoundStrip, clock: SceneClock, data: st.DataObject
) -> None:
    sound = replace(sound, speed=Fraction(1))
    at = data.draw(st.integers(sound.first, sound.end))
    halves: list[Strip] = [replace(sound, end=at), replace(sound, first=at)]
    assert played(halves, clock) == played([sound], clock)


@given(sounds(), clocks(), FRAMES, LENGTHS)
def test_a_group_only_hides_what_lies_outside_its_handles(
    sound: SoundStrip, clock: SceneClock, first: int, length: int
) -> None:
    sound = replace(sound, speed=Fraction(1))
    group = Group("g", 1, first, first + length, (sound,))
    inside = {
        frame: time
        for frame, time in played([sound], clock).items()
        if first <= frame < first + length
    }
    assert played([group], clock) == inside


@given(sounds(), clocks(), st.integers(-300, 300))
def test_a_scene_plays_its_strips_later_by_where_it_lies(
    sound: SoundStrip, clock: SceneClock, moved: int
) -> None:
    clock = replace(clock, zero=-5000)
    group = Group("g", 1, -5000, 5000, (sound,), moved)
    later = {frame + moved: time for frame, time in played([sound], clock).items()}
    assert played([group], clock) == later


@given(sounds(), clocks())
def test_groups_in_groups_are_as_one(sound: SoundStrip, clock: SceneClock) -> None:
    inner = Group("i", 1, 0, 900, (sound,), 7)
    outer = Group("o", 1, -100, 800, (inner,), -7)
    flat = Group("f", 1, -7, 800, (sound,))
    assert played([outer], clock) == played([flat], clock)


@given(sounds(), clocks(), st.integers(1, 200))
def test_the_handle_of_a_group_acts_like_that_of_the_strip_inside(
    sound: SoundStrip, clock: SceneClock, cut: int
) -> None:
    group = Group("g", 1, sound.first + cut, 10_000, (sound,))
    trimmed = replace(sound, first=sound.first + cut)
    assert played([group], clock) == played([trimmed], clock)


@given(clocks(), st.integers(-1000, 100_000))
def test_a_frame_comes_back_from_its_seconds(clock: SceneClock, frame: int) -> None:
    assert clock.frame(clock.seconds(frame)) == frame


@pytest.mark.parametrize("heard", [True, False])
def test_a_muted_group_mutes_all_within(heard: bool) -> None:
    sound = SoundStrip("a", 1, 1, 10, Fraction(1), "/a.wav")
    group = Group("g", 2, 1, 10, (sound, replace(sound, heard=False)), heard=heard)
    clips = list(clips_of(group, SceneClock(Fraction(25), 1)))
    assert [clip.enabled for clip in clips] == [heard, False]


def test_a_group_with_a_trouble_is_one_clip_that_says_so() -> None:
    group = Group("g", 2, 11, 36, (), trouble="it is odd")
    (clip,) = clips_of(group, SceneClock(Fraction(25), 1))
    assert (clip.unreadable, clip.media) == ("it is odd", None)
    assert (clip.record.start, clip.record.end) == (Fraction(2, 5), Fraction(7, 5))


def test_tracks_are_the_channels_with_sound() -> None:
    sound = SoundStrip("a", 3, 1, 10, Fraction(1), "/a.wav")
    channels = tuple(Channel(at, f"Ch {at}", at == 3) for at in (1, 3))
    timeline = timeline_of(Sequencer("s", SceneClock(Fraction(25), 1), channels, (sound,)))
    assert [(t.name, t.index, t.muted) for t in timeline.tracks] == [("Ch 3", 3, True)]


def test_a_cut_below_another_picture_is_none() -> None:
    below = (PictureStrip(1, 1, 50, True), PictureStrip(1, 50, 100, True))
    assert picture_cuts(below, 1) == [50, 100]
    assert picture_cuts((*below, PictureStrip(2, 40, 60, True)), 1) == [40, 60, 100]
    assert picture_cuts((*below, PictureStrip(2, 40, 60, False)), 1) == [40, 50, 60, 100]
