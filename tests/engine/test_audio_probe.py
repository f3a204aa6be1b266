"""What ffmpeg says about a file, read back."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import EnvironmentBroken
from editor_plugin.engine import audio_ffmpeg
from editor_plugin.engine.audio_probe import (
    AudioStream,
    channel_count,
    parse_banner,
    parse_first_packet,
    probe,
)
from tests.engine.clicks import run

LAYOUTS = {"mono": 1, "stereo": 2, "5.1(side)": 6, "7.1": 8, "quad": 4, "22.2": 24,
           "6 channels (FL+FR+FC+LFE+BL+BR)": 6, "33 channels": 33, "ambisonic 2": 9}  # fmt: skip
# What a file says about itself, which could be anything but a line of ffmpeg's own.
METADATA = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\n")).map(
    "    title           : {}\n                    : Stream #0:7: Audio: mp3, 1 Hz".format
)


@st.composite
def banners(draw: st.DrawFn) -> tuple[str, tuple[AudioStream, ...], Fraction | None, Fraction]:
    """A banner, its audio streams, duration and start."""
    hundredths = draw(st.none() | st.integers(0, 400 * 3600 * 100))
    start = Fraction(draw(st.integers(-(10**7), 10**11)), 10**6)
    lines = ["Input #0, mov,mp4,m4a, from 'file:/films/a.mp4':", "  Metadata:", draw(METADATA)]
    lines.append(f"  Duration: {_clock(hundredths)}, start: {float(start):.6f}, bitrate: 1 kb/s")
    streams: list[AudioStream] = []
    for index, sound in enumerate(draw(st.lists(st.booleans(), max_size=6))):
        language = draw(st.none() | st.sampled_from(["eng", "deu", "und"]))
        number = f"{index}{draw(st.sampled_from(['', '[0x1]', '[0x1bf]']))}"
        head = f"  Stream #0:{number}" + (f"({language})" if language else "")
        if sound:
            layout = draw(st.sampled_from(sorted(LAYOUTS)))
            rate = draw(st.integers(1, 400_000))
            codec = draw(st.sampled_from(["aac (LC) (mp4a / 0x6134706D)", "pcm_s24le", "opus"]))
            lines.append(f"{head}: Audio: {codec}, {rate} Hz, {layout}, fltp, 96 kb/s (default)")
            known = None if language == "und" else language
            name = codec.split()[0]
            streams.append(AudioStream(len(streams), name, rate, LAYOUTS[layout], layout, known))
        else:
            lines.append(f"{head}: Video: h264 (High), yuv420p, 640x360, 23.98 fps, 23.98 tbr")
        lines += ["      Metadata:", draw(METADATA)]
    lines += ["Stream mapping:", "  Stream #0:0: Audio: mp3, 8000 Hz, mono"]
    duration = None if hundredths is None else Fraction(hundredths, 100)
    return "\n".join(lines), tuple(streams), duration, start


def _clock(hundredths: int | None) -> str:
    if hundredths is None:
        return "N/A"
    minutes, seconds = divmod(hundredths, 6000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds // 100:02d}.{seconds % 100:02d}"


@given(banners())
def test_banner_is_read_back(
    drawn: tuple[str, tuple[AudioStream, ...], Fraction | None, Fraction],
) -> None:
    text, streams, duration, start = drawn
    banner = parse_banner(text)
    assert banner is not None
    assert banner.container == "mov,mp4,m4a"
    assert (banner.streams, banner.duration, banner.start) == (streams, duration, start)


@given(st.text(), st.text())
def test_any_text_is_read_without_a_crash(before: str, after: str) -> None:
    parse_banner(before)
    parse_banner(f"Input #0, wav, from 'x':\n{before}\n  Stream #0:0: Audio: {after}")
    parse_first_packet(before)
    channel_count(before)


@pytest.mark.parametrize(
    ("details", "rate"),
    [
        ("h264, 640x360, 23.98 fps, 23.98 tbr, 24k tbn", Fraction(24000, 1001)),
        ("h264, 640x360, 29.97 fps, 29.97 tbr", Fraction(30000, 1001)),
        ("h264, 640x360, 59.94 fps", Fraction(60000, 1001)),
        ("h264, 640x360, 119.88 fps", Fraction(120000, 1001)),
        ("h264, 640x360, 25 fps, 25 tbr", Fraction(25)),
        ("h264, 640x360, 24 fps, 24 tbr", Fraction(24)),
        ("h264, 640x360, 12.50 fps", Fraction(25, 2)),
        ("h264, 640x360, 1k tbr, 1k tbn", Fraction(1000)),
        ("h264, 640x360", None),
    ],
)
def test_frame_rate(details: str, rate: Fraction | None) -> None:
    banner = parse_banner(f"Input #0, mov, from 'x':\n  Stream #0:0: Video: {details}\n")
    assert banner is not None
    assert banner.video_rate == rate


def test_cover_image_is_no_picture() -> None:
    line = "  Stream #0:1: Video: mjpeg, 300x300, 90k tbr, 90k tbn (attached pic)"
    banner = parse_banner(f"Input #0, mp3, from 'x':\n{line}\n")
    assert banner is not None
    assert not banner.pictures


@given(st.integers(-(10**12), 10**12), st.integers(1, 90_000))
def test_first_packet_is_read_back(time: int, base: int) -> None:
    text = f"#software: Lavf\n#tb 0: 1/{base}\n#media_type 0: video\n"
    packet = f"0, {time - 2:>10}, {time:>10},     3753,     2748, 0xd0acf39a, S=1\n"
    assert parse_first_packet(text + packet + packet) == Fraction(time, base)
    assert parse_first_packet(text) is None


def test_film_is_described(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    picture = ("-f", "lavfi", "-i", "testsrc=s=64x64:r=30000/1001:d=2")
    sound = ("-f", "lavfi", "-i", "sine=r=44100:d=2", "-ac", "2")
    run(*picture, *sound, "-metadata:s:a:0", "language=fra", film)
    info = probe(film)
    assert info.video_rate == Fraction(30000, 1001)
    assert info.duration is not None
    assert abs(info.duration - 2) < Fraction(1, 10)
    assert info.streams == (AudioStream(0, "aac", 44_100, 2, "stereo", "fra"),)
    assert (info.start, info.zero) == (0, 0)


def test_file_that_changed_is_looked_into_again(tmp_path: Path) -> None:
    source = tmp_path / "a.wav"
    run("-f", "lavfi", "-i", "sine=r=8000:d=1", source)
    assert probe(source).streams[0].sample_rate == 8_000
    run("-f", "lavfi", "-i", "sine=r=48000:d=1", source)
    assert probe(source).streams[0].sample_rate == 48_000


class TestFindFfmpeg:
    def test_setting_is_followed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import imageio_ffmpeg

        monkeypatch.setenv(audio_ffmpeg.SETTING, imageio_ffmpeg.get_ffmpeg_exe())
        assert audio_ffmpeg.find_ffmpeg() == imageio_ffmpeg.get_ffmpeg_exe()

    def test_setting_that_does_not_run_is_said(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv(audio_ffmpeg.SETTING, str(tmp_path / "ffmpeg"))
        with pytest.raises(EnvironmentBroken, match=audio_ffmpeg.SETTING):
            audio_ffmpeg.find_ffmpeg()

    def test_bundled_one_is_used_without_the_systems(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.delenv(audio_ffmpeg.SETTING, raising=False)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert "imageio_ffmpeg" in audio_ffmpeg.find_ffmpeg()

    def test_system_one_that_does_not_run_is_passed_over(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        broken = tmp_path / "ffmpeg"
        broken.write_text("#!/bin/sh\nexit 1\n")
        broken.chmod(0o755)
        monkeypatch.delenv(audio_ffmpeg.SETTING, raising=False)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert "imageio_ffmpeg" in audio_ffmpeg.find_ffmpeg()

    def test_none_at_all_is_said(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        def none() -> str:
            raise RuntimeError

        monkeypatch.delenv(audio_ffmpeg.SETTING, raising=False)
        monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
        monkeypatch.setattr(audio_ffmpeg.imageio_ffmpeg, "get_ffmpeg_exe", none)
        with pytest.raises(EnvironmentBroken, match="no ffmpeg"):
            audio_ffmpeg.find_ffmpeg()
