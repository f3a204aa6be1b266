from __future__ import annotations

from fractions import Fraction as F
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor_plugin.core.timeline import Clip, Media, Timeline
from editor_plugin.engine.interchange import read_timeline
from tests.engine.interchange.conftest import FilmMaker

RATE = 25


def time(frames: float, rate: float = RATE) -> otio.opentime.RationalTime:
    return otio.opentime.RationalTime(frames, rate)


def span(start: float, frames: float, rate: float = RATE) -> otio.opentime.TimeRange:
    return otio.opentime.TimeRange(time(start, rate), time(frames, rate))


def clip(
    name: str,
    start: float,
    frames: float,
    *effects: otio.schema.Effect,
    url: str = "a.wav",
    begin: float | None = 0,
    rate: float = RATE,
) -> otio.schema.Clip:
    media = otio.schema.ExternalReference(url, None if begin is None else span(begin, 10**6))
    return otio.schema.Clip(name, media, span(start, frames, rate), effects=list(effects))


def gap(frames: float) -> otio.schema.Gap:
    return otio.schema.Gap(source_range=span(0, frames))


def track(
    *items: otio.core.Composable, kind: str = "Audio", name: str = "", **more: Any
) -> otio.schema.Track:
    return otio.schema.Track(name, list(items), kind=kind, **more)


def read(
    tmp_path: Path,
    *tracks: otio.schema.Track,
    start: float | None = 0,
    rate: F | None = None,
    **more: Any,
) -> Timeline:
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    global_start = None if start is None else time(start)
    timeline = otio.schema.Timeline("T", list(tracks), global_start, **more)
    path = tmp_path / "cut.otio"
    otio.adapters.write_to_file(timeline, str(path))
    return read_timeline(path, rate=rate)


def clips(timeline: Timeline) -> list[Clip]:
    return [clip for track in timeline.tracks for clip in track.clips]


def heard(timeline: Timeline) -> list[tuple[str, F, F, F]]:
    """Name, record start and end, source in; in frames."""
    return [
        (c.name, c.record.start * RATE, c.record.end * RATE, c.source_in * RATE)
        for c in clips(timeline)
    ]


def test_a_transition_takes_no_place(tmp_path: Path) -> None:
    dissolve = otio.schema.Transition("x", "SMPTE_Dissolve", time(5), time(5))
    timeline = read(tmp_path, track(clip("a", 0, 50), dissolve, clip("b", 100, 50)))
    assert heard(timeline) == [("a", 0, 50, 0), ("b", 50, 100, 100)]


def test_the_sound_of_pictures_counts_only_without_audio_tracks(tmp_path: Path) -> None:
    picture = track(clip("v", 0, 50), kind="Video")
    assert [c.name for c in clips(read(tmp_path, picture.deepcopy()))] == ["v"]
    both = read(tmp_path, picture.deepcopy(), track(clip("s", 10, 20)))
    assert [c.name for c in clips(both)] == ["s"]
    assert both.shot_changes == (0, 2)
    silent = read(tmp_path, picture.deepcopy(), track(gap(10)))
    assert clips(silent) == []
    assert "nothing is heard" in silent.notes[0]


def test_disabled_clips_and_muted_tracks(tmp_path: Path) -> None:
    off = clip("off", 0, 10)
    off.enabled = False
    quiet = track(clip("m", 0, 10), name="quiet")
    quiet.enabled = False
    timeline = read(tmp_path, track(off, clip("on", 0, 10)), quiet)
    assert [c.enabled for c in timeline.tracks[0].clips] == [False, True]
    assert [t.muted for t in timeline.tracks] == [False, True]


def test_resolves_solo_and_channels(tmp_path: Path) -> None:
    one = clip("one", 0, 10)
    one.metadata["Resolve_OTIO"] = {"Channels": [{"Source Channel ID": 3, "Source Track ID": 1}]}
    pair = clip("pair", 0, 10)
    pair.metadata["Resolve_OTIO"] = {
        "Channels": [{"Source Channel ID": n, "Source Track ID": 0} for n in (0, 1)]
    }
    solo = track(one, pair, name="solo", metadata={"Resolve_OTIO": {"SoloOn": True}})
    timeline = read(tmp_path, solo, track(clip("x", 0, 10), name="other"))
    assert [t.muted for t in timeline.tracks] == [False, True]
    path = str(tmp_path / "a.wav")
    assert [c.media for c in timeline.tracks[0].clips] == [Media(path, 1, 3), Media(path)]


def test_retimes(tmp_path: Path) -> None:
    def warp(scalar: float) -> otio.schema.LinearTimeWarp:
        return otio.schema.LinearTimeWarp(time_scalar=scalar)

    timeline = read(
        tmp_path,
        track(
            clip("slow", 100, 50, warp(0.8)),
            clip("back", 100, 50, warp(-1.0)),
            clip("still", 100, 50, otio.schema.FreezeFrame()),
            clip("twice", 100, 50, warp(0.5), warp(3.0)),
            clip("ramp", 100, 50, otio.schema.TimeEffect(effect_name="ramp")),
        ),
    )
    got = clips(timeline)
    assert [c.speed for c in got] == [F(4, 5), -1, 0, F(3, 2), 1]
    assert [c.record.end * RATE for c in got] == [50, 100, 150, 200, 250]
    assert [c.source.start * RATE for c in got[:4]] == [100, 100, 100, 100]
    assert [c.unreadable for c in got] == [None] * 4 + ["variable speed"]


def test_a_nested_stack_is_laid_open_trimmed_and_retimed(tmp_path: Path) -> None:
    inside = otio.schema.Stack(
        "compound",
        [
            track(clip("v", 0, 100), kind="Video"),
            track(gap(10), clip("a", 200, 50), clip("b", 300, 40)),
            track(clip("c", 400, 100)),
        ],
        span(20, 60),
    )
    timeline = read(tmp_path, track(gap(5), inside.deepcopy()))
    assert [[(c.name, c.source_in * RATE) for c in t.clips] for t in timeline.tracks] == [
        [("a", 210), ("b", 300)],
        [("c", 420)],
    ]
    assert heard(timeline)[:2] == [("a", 5, 45, 210), ("b", 45, 65, 300)]
    fast = inside.deepcopy()
    fast.effects.append(otio.schema.LinearTimeWarp(time_scalar=2.0))
    timeline = read(tmp_path, track(fast))
    assert heard(timeline) == [("a", 0, 20, 210), ("b", 20, 40, 300), ("c", 0, 40, 420)]
    assert {c.speed for c in clips(timeline)} == {2}
    fast.effects[0].time_scalar = -1.0
    assert [c.unreadable for c in clips(read(tmp_path, track(fast)))] == ["retimed compound clip"]


def test_source_ranges_of_track_and_stack_trim(tmp_path: Path) -> None:
    trimmed = track(clip("a", 0, 50), clip("b", 100, 50), source_range=span(20, 60))
    assert heard(read(tmp_path, trimmed)) == [("a", 0, 30, 20), ("b", 30, 60, 100)]
    negative = track(clip("a", 0, 50), source_range=span(-10, 60))
    assert heard(read(tmp_path, negative)) == [("a", 10, 60, 0)]


def test_generators_and_missing_references(tmp_path: Path) -> None:
    generator = otio.schema.GeneratorReference("tone", generator_kind="tone")
    timeline = read(
        tmp_path,
        track(
            otio.schema.Clip("bars", generator, span(0, 10)),
            otio.schema.Clip("title", otio.schema.MissingReference(), span(0, 10)),
            clip("gone", 0, 10, url="file:///nowhere/at all.wav"),
        ),
    )
    assert [c.unreadable for c in clips(timeline)] == ["generator", "no media", "offline"]


def test_the_medias_own_timecode_is_subtracted(tmp_path: Path) -> None:
    timeline = read(tmp_path, track(clip("a", 90010, 50, begin=90000)))
    assert heard(timeline) == [("a", 0, 50, 10)]


def test_an_unknown_start_of_the_media_is_asked_of_the_file(
    film: FilmMaker, tmp_path: Path
) -> None:
    path = film(F(25))  # starts at 01:00:00:00, 40 s long
    items = [
        clip("in timecode", 90025, 25, url=path.as_uri(), begin=None),
        clip("from zero", 25, 25, url=path.as_uri(), begin=None),
        clip("neither", 45000, 25, url=path.as_uri(), begin=None),
    ]
    one, two, three = clips(read(tmp_path, track(*items)))
    assert (one.source_in, two.source_in) == (1, 1)
    assert (three.media, three.unreadable) == (None, "its source timecode is not in the file")


def test_the_frame_rate(tmp_path: Path) -> None:
    sound = track(clip("a", 0, 480000, rate=48000))
    assert read(tmp_path, sound.deepcopy(), start=None, rate=F(30)).rate == 30
    assumed = read(tmp_path, sound.deepcopy(), start=None)
    assert (assumed.rate, "24 is assumed" in assumed.notes[0]) == (24, True)
    assert clips(assumed)[0].record.end == 10
    pictures = track(clip("v", 0, 30, rate=23.976), kind="Video")
    told = read(tmp_path, sound.deepcopy(), pictures, start=None, rate=F(30))
    assert told.rate == F(24000, 1001)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 200), st.integers(0, 5000)), max_size=8),
    st.sampled_from([F(24000, 1001), F(25), F(30000, 1001), F(60000, 1001)]),
)
def test_frames_come_through_exactly(
    tmp_path_factory: pytest.TempPathFactory, shot_changes: list[tuple[int, int, int]], rate: F
) -> None:
    items, wanted, now = [], [], 0
    for space, length, source in shot_changes:
        items.append(otio.schema.Gap(source_range=span(0, space, float(rate))))
        items.append(clip("c", source, length, rate=float(rate)))
        wanted.append((now + space, now + space + length, source))
        now += space + length
    timeline = read(tmp_path_factory.mktemp("otio"), track(*items))
    got = [
        (c.record.start * rate, c.record.end * rate, c.source_in * rate) for c in clips(timeline)
    ]
    assert got == wanted


def test_the_demo_timeline() -> None:
    path = Path(__file__).parents[3] / "demo" / "recue-demo.otio"
    timeline = read_timeline(path)
    assert (timeline.rate, timeline.start_frame) == (F(24000, 1001), 86400)
    got = clips(timeline)
    assert all(c.media and c.media.path == str(path.parent / "media/recue-demo.mp4") for c in got)
    assert [c.enabled for c in got].count(False) == 1
    assert [c.speed for c in got].count(F(4, 5)) == 1
    assert len(timeline.shot_changes) >= len(got)
