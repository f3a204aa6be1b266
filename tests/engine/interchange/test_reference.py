"""One timeline in five formats is the same timeline."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from editor_plugin.core.timeline import Clip, Media, Span, Timeline
from editor_plugin.engine.interchange import read_timeline
from tests.engine.interchange import reference
from tests.engine.interchange.conftest import FilmMaker
from tests.engine.interchange.reference import CUTS, NAME, Reference

RATES = [(Fraction(24000, 1001), False), (Fraction(25), False), (Fraction(30000, 1001), True)]


@pytest.fixture(params=RATES, ids=["23.976", "25", "29.97 DF"])
def told(request: pytest.FixtureRequest, film: FilmMaker) -> Reference:
    rate, drop_frame = request.param
    bare = Reference(rate, drop_frame, film(rate))
    return replace(bare, media_start=3600 * bare.nominal)


def expected(told: Reference, **changes: bool) -> list[Clip]:
    """The clips of the reference; `changes` overrides what a format does not carry."""

    def time(frames: int) -> Fraction:
        return frames / told.rate

    return [
        Clip(
            cut.name,
            Span(time(cut.start), time(cut.start + cut.frames)),
            time(cut.source),
            Fraction(1) if changes.get("no_retime") else Fraction(cut.percent, 100),
            Media(str(told.media)),
            cut.enabled or changes.get("no_disabled", False),
        )
        for cut in CUTS
    ]


def clips(timeline: Timeline) -> list[Clip]:
    found = [clip for track in timeline.tracks for clip in track.clips]
    return sorted(found, key=lambda clip: clip.record.start)


def check(timeline: Timeline, told: Reference) -> None:
    assert timeline.name == NAME
    assert timeline.rate == told.rate
    assert timeline.start_frame == told.start
    assert timeline.notes == ()
    assert not any(track.muted for track in timeline.tracks)
    assert [track.index for track in timeline.tracks] == list(range(1, len(timeline.tracks) + 1))
    shot_changes = [cut * told.rate for cut in timeline.shot_changes]
    assert shot_changes[:6] == [25, 125, 185, 265, 300, 400]


def test_otio(told: Reference, tmp_path: Path) -> None:
    path = tmp_path / "cut.otio"
    path.write_text(reference.otio_text(told), encoding="utf-8")
    timeline = read_timeline(path)
    check(timeline, told)
    assert clips(timeline) == expected(told)


@pytest.mark.parametrize("version", ["1.8", "1.9", "1.10", "1.13"])
def test_fcpxml(told: Reference, tmp_path: Path, version: str) -> None:
    path = tmp_path / "cut.fcpxml"
    path.write_text(reference.fcpxml_text(told, version), encoding="utf-8")
    timeline = read_timeline(path)
    check(timeline, told)
    assert timeline.drop_frame == told.drop_frame
    assert clips(timeline) == expected(told)


def test_fcp7(told: Reference, tmp_path: Path) -> None:
    path = tmp_path / "cut.xml"
    path.write_text(reference.fcp7_text(told), encoding="utf-8")
    timeline = read_timeline(path)
    check(timeline, told)
    assert timeline.drop_frame == told.drop_frame
    assert clips(timeline) == expected(told)


def test_edl(told: Reference, tmp_path: Path) -> None:
    path = tmp_path / "cut.edl"
    path.write_text(reference.edl_text(told), encoding="utf-8")
    timeline = read_timeline(path, [told.media.parent])  # the film tells the rate
    check(timeline, told)
    assert timeline.drop_frame == told.drop_frame
    wanted = [replace(clip, name=told.media.name) for clip in expected(told) if clip.enabled]
    assert clips(timeline) == wanted


def test_aaf(told: Reference, tmp_path: Path) -> None:
    path = tmp_path / "cut.aaf"
    reference.write_aaf(told, path)
    timeline = read_timeline(path)
    check(timeline, told)
    assert clips(timeline) == expected(told, no_retime=True, no_disabled=True)


def test_what_no_media_is_found_for_is_offline_and_the_rest_goes_on(
    told: Reference, tmp_path: Path
) -> None:
    text = reference.otio_text(told).replace(told.media.as_uri(), "file:///lost/a.mov", 1)
    path = tmp_path / "cut.otio"
    path.write_text(text.replace('"V1"', '"A0"').replace('"Video"', '"Audio"'), encoding="utf-8")
    first, *rest = clips(read_timeline(path))
    assert (first.media, first.unreadable) == (None, "offline")
    assert all(clip.media for clip in rest)
