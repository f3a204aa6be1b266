"""What is in a media file."""

from __future__ import annotations

import os
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import EnvironmentBroken
from editor_plugin.engine.interchange.surroundings import facts_of
from editor_plugin.engine.media import ffmpeg_process
from editor_plugin.engine.media.probe import AudioStream, described, probe
from tests.engine.media.clicks import run

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
FRACTIONS = st.fractions(-(10**9), 10**9, max_denominator=90_000)
SOUNDS = st.fixed_dictionaries(
    {
        "codec": st.sampled_from(["aac", "pcm_s24le", "unknown"]),
        "sample_rate": st.integers(0, 400_000),
        "channels": st.integers(0, 64),
        "layout": st.sampled_from(["", "mono", "5.1(side)", "2 channels", "33 channels"]) | TEXT,
        "language": st.sampled_from(["", "und", "eng"]) | TEXT,
    }
)
PICTURES = st.fixed_dictionaries(
    {
        "rate": st.none() | st.fractions(0, 10**6, max_denominator=10**6).map(str),
        "time_base": st.integers(1, 90_000).map(lambda base: f"1/{base}"),
        "first": st.none() | FRACTIONS.map(str),
    }
)
DESCRIPTIONS = st.fixed_dictionaries(
    {
        "container": st.sampled_from(["wav", "mov,mp4,m4a,3gp,3g2,mj2"]),
        "duration": st.none() | FRACTIONS.map(str),
        "start": st.none() | FRACTIONS.map(str),
        "streams": st.lists(SOUNDS, max_size=6),
        "picture": st.none() | PICTURES,
        "timecode": st.none() | TEXT,
        "time_reference": st.none() | TEXT | st.integers(0, 10**20).map(str),
    }
)


@given(DESCRIPTIONS)
def test_whatever_a_file_says_of_itself_is_taken(told: dict[str, Any]) -> None:
    info = described(Path("a.mp4"), told)
    assert info.duration == (told["duration"] and Fraction(told["duration"]))
    assert [each.position for each in info.streams] == list(range(len(told["streams"])))
    assert all(each.language not in ("", "und") for each in info.streams)
    assert info.zero >= 0
    assert info.video_rate is None or info.video_rate > 0
    facts_of(info)


@pytest.mark.parametrize(
    ("told", "rate"),
    [
        ("24000/1001", Fraction(24000, 1001)),
        ("1199/50", Fraction(24000, 1001)),
        ("2997003/100000", Fraction(30000, 1001)),
        ("25", Fraction(25)),
        ("7499/300", Fraction(25)),
        ("25/2", Fraction(25, 2)),
        ("1/2", Fraction(1, 2)),
        ("90000", Fraction(90000)),
        ("0", None),
        (None, None),
    ],
)
def test_frame_rate(told: str | None, rate: Fraction | None) -> None:
    picture = {"rate": told, "time_base": "1/1000", "first": None}
    info = described(Path("a.mp4"), {**NOTHING, "picture": picture})
    assert info.video_rate == rate


@given(st.fractions(1, 240))
def test_an_average_of_a_rate_that_varies_gets_small_numbers(average: Fraction) -> None:
    picture = {"rate": str(average), "time_base": "1/1000", "first": None}
    rate = described(Path("a.mp4"), {**NOTHING, "picture": picture}).video_rate
    assert rate is not None
    assert rate.denominator <= 1001
    assert abs(rate - average) <= average * Fraction(2, 10_000)


NOTHING: dict[str, Any] = {
    "container": "mp4",
    "duration": None,
    "start": None,
    "streams": [],
    "timecode": None,
    "time_reference": None,
}


@pytest.mark.parametrize(
    ("start", "first", "zero"),
    [
        ("0", "0", 0),
        ("-1/50", "0", Fraction(1, 50)),
        ("-1/50", None, Fraction(1, 50)),
        ("0", "1/25", Fraction(1, 25)),
        ("0", "3", 0),
        ("10", "251/25", Fraction(1, 25)),
        ("10", "9", 0),
    ],
)
def test_source_time_0_is_the_picture_unless_the_sound_begins_long_before(
    start: str, first: str | None, zero: Fraction
) -> None:
    picture = {"rate": "25", "time_base": "1/25", "first": first}
    assert described(Path("a.mp4"), {**NOTHING, "start": start, "picture": picture}).zero == zero


def test_cover_image_is_no_picture(tmp_path: Path) -> None:
    cover, song = tmp_path / "cover.png", tmp_path / "song.mp3"
    run("-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", cover)
    sound = ("-f", "lavfi", "-i", "sine=d=1", "-i", cover, "-map", "0", "-map", "1")
    run(*sound, "-disposition:v", "attached_pic", song)
    info = probe(song)
    assert info.picture is None
    assert len(info.streams) == 1


def test_film_is_described(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    picture = ("-f", "lavfi", "-i", "testsrc=s=64x64:r=30000/1001:d=2")
    sound = ("-f", "lavfi", "-i", "sine=r=44100:d=2", "-ac", "2")
    run(*picture, *sound, "-metadata:s:a:0", "language=fra", film)
    info = probe(film)
    assert info.video_rate == Fraction(30000, 1001)
    assert info.duration is not None
    assert abs(info.duration - 2) < Fraction(1, 10)
    assert (info.timecode, info.time_reference) == (None, None)
    assert info.streams == (AudioStream(0, "aac", 44_100, 2, "stereo", "fra"),)
    assert info.start == info.zero == 0


@pytest.mark.usefixtures("each_ffmpeg")
@pytest.mark.parametrize("suffix", ["mov", "mp4", "mxf"])
def test_camera_file_has_its_rate_and_timecode(tmp_path: Path, suffix: str) -> None:
    """ffmpeg 9 prints such a file in another form than versions before it."""
    film = tmp_path / f"take.{suffix}"
    picture = ("-f", "lavfi", "-i", "testsrc=s=64x64:r=25:d=2", "-c:v", "mpeg2video")
    sound = ("-f", "lavfi", "-i", "sine=r=48000:d=2")
    run(*picture, *sound, "-timecode", "23:59:50:12", film)
    info = probe(film)
    assert (info.timecode, info.video_rate) == ("23:59:50:12", Fraction(25))
    assert len(info.streams) == 1


def test_names_that_ffmpeg_or_json_could_misread(tmp_path: Path) -> None:
    names = ["http:a.wav", "-i.wav", "100%d.wav", "new\nline.wav", "Müller “1”.wav"]
    if sys.platform == "linux":
        names.append(os.fsdecode(b"latin1 \xe9.wav"))
    sound = tmp_path / "a.wav"
    run("-f", "lavfi", "-i", "sine=r=8000:d=1", sound)
    for name in names:
        copy = tmp_path / name
        copy.write_bytes(sound.read_bytes())
        assert probe(copy).duration == 1


def test_file_that_changed_is_looked_into_again(tmp_path: Path) -> None:
    source = tmp_path / "a.wav"
    run("-f", "lavfi", "-i", "sine=r=8000:d=1", source)
    assert probe(source).streams[0].sample_rate == 8_000
    run("-f", "lavfi", "-i", "sine=r=48000:d=1", source)
    assert probe(source).streams[0].sample_rate == 48_000


class TestFindFfmpeg:
    def test_setting_is_followed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import imageio_ffmpeg

        monkeypatch.setenv(ffmpeg_process.SETTING, imageio_ffmpeg.get_ffmpeg_exe())
        assert ffmpeg_process.find_ffmpeg() == imageio_ffmpeg.get_ffmpeg_exe()

    def test_setting_that_does_not_run_is_said(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv(ffmpeg_process.SETTING, str(tmp_path / "ffmpeg"))
        with pytest.raises(EnvironmentBroken, match=ffmpeg_process.SETTING):
            ffmpeg_process.find_ffmpeg()

    def test_bundled_one_is_used_without_the_systems(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.delenv(ffmpeg_process.SETTING, raising=False)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert "imageio_ffmpeg" in ffmpeg_process.find_ffmpeg()

    def test_system_one_that_does_not_run_is_passed_over(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        broken = tmp_path / "ffmpeg"
        broken.write_text("#!/bin/sh\nexit 1\n")
        broken.chmod(0o755)
        monkeypatch.delenv(ffmpeg_process.SETTING, raising=False)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert "imageio_ffmpeg" in ffmpeg_process.find_ffmpeg()

    def test_none_at_all_is_said(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        def none() -> str:
            raise RuntimeError

        monkeypatch.delenv(ffmpeg_process.SETTING, raising=False)
        monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
        monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", none)
        with pytest.raises(EnvironmentBroken, match="no ffmpeg"):
            ffmpeg_process.find_ffmpeg()
