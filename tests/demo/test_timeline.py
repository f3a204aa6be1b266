"""Facts of the demo timeline."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from typing import Any

import opentimelineio as otio
import pytest

from demo.files import HERE, RATE, REFERENCE, TIMELINE
from demo.make_timeline import build


@pytest.fixture(scope="module")
def timeline() -> otio.schema.Timeline:
    return otio.adapters.read_from_file(str(TIMELINE))


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(REFERENCE.read_text(encoding="utf-8"))
    return loaded


def clips(timeline: otio.schema.Timeline) -> list[otio.schema.Clip]:
    (track,) = timeline.audio_tracks()
    return [item for item in track if isinstance(item, otio.schema.Clip)]


def speed(clip: otio.schema.Clip) -> Fraction:
    (scalar,) = [effect.time_scalar for effect in clip.effects] or [1.0]
    return Fraction(scalar).limit_denominator(100)


def source(clip: otio.schema.Clip) -> tuple[int, int]:
    """First frame of the film, and the one after the last."""
    begin = round(clip.source_range.start_time.value)
    length = clip.source_range.duration.value * float(speed(clip))
    assert abs(length - round(length)) < 1e-6, "a cut must end on a frame of the film"
    return begin, begin + round(length)


def test_rate_and_start(timeline: otio.schema.Timeline) -> None:
    start = timeline.global_start_time
    assert Fraction(start.rate).limit_denominator(1001) == RATE
    assert start.to_timecode() == "01:00:00:00"
    assert start.value == 86400


def test_it_is_what_the_script_makes(
    timeline: otio.schema.Timeline, reference: dict[str, Any]
) -> None:
    assert timeline.is_equivalent_to(build(reference))


def test_picture_and_sound_are_cut_alike(timeline: otio.schema.Timeline) -> None:
    (picture,), (sound,) = timeline.video_tracks(), timeline.audio_tracks()
    assert [(i.name, i.source_range) for i in picture] == [(i.name, i.source_range) for i in sound]
    assert all(item.enabled for item in picture if isinstance(item, otio.schema.Clip))


def test_at_least_five_cuts_out_of_order(timeline: otio.schema.Timeline) -> None:
    starts = [source(clip)[0] for clip in clips(timeline)]
    assert len(starts) >= 5
    assert starts != sorted(starts)


def test_one_clip_comes_twice_one_is_slow_and_one_is_muted(timeline: otio.schema.Timeline) -> None:
    shown = Counter(map(source, clips(timeline)))
    assert sorted(shown.values())[-2:] == [1, 2]
    assert Counter(map(speed, clips(timeline))) == {
        Fraction(1): len(clips(timeline)) - 1,
        Fraction(4, 5): 1,
    }
    assert [clip.enabled for clip in clips(timeline)].count(False) == 1


def test_the_media_path_is_relative_and_the_cuts_are_inside(
    timeline: otio.schema.Timeline, reference: dict[str, Any]
) -> None:
    for clip in clips(timeline):
        media = clip.media_reference
        assert (HERE / media.target_url).is_file() and not media.target_url.startswith("/")
        assert media.available_range.duration.value == reference["frames"]
        begin, end = source(clip)
        assert 0 <= begin < end <= reference["frames"]


def test_all_cuts_but_one_lie_between_sentences(
    timeline: otio.schema.Timeline, reference: dict[str, Any]
) -> None:
    sentences = reference["sentences"]
    inside = {
        edge
        for clip in clips(timeline)
        for edge in source(clip)
        for sentence in sentences
        if sentence["start_s"] < edge / RATE < sentence["end_s"]
    }
    assert len(inside) == 1
    (cut,) = (float(edge / RATE) for edge in inside)
    words = [word for sentence in sentences for word in sentence["words"]]
    gaps = [(one["end_s"], other["start_s"]) for one, other in pairwise(words)]
    assert any(end < cut < start for end, start in gaps), "the cut must not halve a word"
