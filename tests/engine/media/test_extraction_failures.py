"""Sources that cannot be read, and extractions that do not end well: nothing is left behind."""

from __future__ import annotations

import os
import random
import sys
import threading
from fractions import Fraction
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from editor_plugin.core.errors import (
    Cancelled,
    DiskFull,
    MediaEmpty,
    MediaMissing,
    MediaUnreadable,
    NoAudio,
    OutputUnwritable,
    RangeInvalid,
    RecueError,
)
from editor_plugin.core.timeline import Media, Span
from editor_plugin.engine.media.extraction import extract
from editor_plugin.engine.media.ffmpeg_process import SETTING, ProgressControl, find_ffmpeg
from tests.engine.media.clicks import CLICKS, SECONDS, click_sound, found_clicks, run, write_clicks
from tests.recordings import SPEECH, needs_speech
from tests.small_disk import mounted

pytestmark = pytest.mark.usefixtures("each_ffmpeg")

CONTAINERS = SPEECH / "containers"
PICTURE = ("-f", "lavfi", "-i", "testsrc=s=64x64:r=25:d=30")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("failures")


@pytest.fixture(scope="module")
def clicks(folder: Path) -> Path:
    return write_clicks(folder / "clicks.wav", 48_000)


@pytest.fixture(scope="module")
def film(folder: Path, clicks: Path) -> Path:
    made = folder / "film.mp4"
    run(*PICTURE, "-i", clicks, "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", made)
    return made


def fails(kind: type[RecueError], source: Path, tmp_path: Path, span: Span | None = None) -> str:
    """Extract, which must fail with `kind` and leave nothing behind; return the message."""
    out = tmp_path / "out"
    out.mkdir(exist_ok=True)
    with pytest.raises(kind) as caught:
        extract(Media(str(source)), span, out / "out.wav")
    assert not list(out.iterdir())
    return str(caught.value)


def test_missing_file(tmp_path: Path) -> None:
    assert "nowhere.wav" in fails(MediaMissing, tmp_path / "nowhere.wav", tmp_path)


def test_file_without_content(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").touch()
    fails(MediaEmpty, tmp_path / "empty.wav", tmp_path)


def test_wav_without_samples(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "none.wav", [], 48_000)
    fails(MediaEmpty, tmp_path / "none.wav", tmp_path)


def test_text_that_is_called_wav(tmp_path: Path) -> None:
    (tmp_path / "letter.wav").write_text("Dear editor,\n" * 200)
    fails(MediaUnreadable, tmp_path / "letter.wav", tmp_path)


def test_folder(tmp_path: Path) -> None:
    assert "folder" in fails(MediaUnreadable, tmp_path, tmp_path)


def test_picture_without_sound(tmp_path: Path) -> None:
    run("-f", "lavfi", "-i", "testsrc=s=64x64:d=1", tmp_path / "silent.mp4")
    fails(NoAudio, tmp_path / "silent.mp4", tmp_path)


def test_film_that_was_cut_off_while_it_was_written(film: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.mp4"
    half.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    assert "cut off" in fails(MediaUnreadable, half, tmp_path)


@pytest.mark.parametrize("suffix", ["mp4", "ogg", "flac"])
def test_damage_in_the_middle_keeps_the_rest_in_its_place(suffix: str, tmp_path: Path) -> None:
    noisy = click_sound(48_000) + np.random.default_rng(1).normal(0, 0.01, SECONDS * 48_000)
    soundfile.write(tmp_path / "noisy.wav", noisy, 48_000)
    source = tmp_path / f"damaged.{suffix}"
    run("-i", tmp_path / "noisy.wav", source)
    content = bytearray(source.read_bytes())
    middle, length = len(content) // 2, len(content) // 30
    content[middle : middle + length] = random.Random(1).randbytes(length)
    source.write_bytes(content)
    extracted = extract(Media(str(source)), None, tmp_path / "out.wav")
    found = [time for time in found_clicks(extracted.path, level=0.3) if not 12 < time < 18]
    wanted = [time for time in CLICKS if not 12 < time < 18]
    assert found == pytest.approx(wanted, abs=1e-3)
    if suffix != "flac":  # whose reader skips damage without a word in ffmpeg 5
        assert len(extracted.notes) == 1
        assert "damaged" in extracted.notes[0]


@pytest.mark.parametrize(
    ("start", "end"), [(5, 5), (6, 5), (-3, -1), (-1, 0), (31, 32), (1000, 2000)]
)
def test_range_that_is_none(start: int, end: int, clicks: Path, tmp_path: Path) -> None:
    fails(RangeInvalid, clicks, tmp_path, Span(Fraction(start), Fraction(end)))


def test_range_is_cut_to_the_file(clicks: Path, tmp_path: Path) -> None:
    extracted = extract(Media(str(clicks)), Span(Fraction(-5), Fraction(500)), tmp_path / "o.wav")
    assert extracted.start == 0 and extracted.samples == 30 * 16_000


def test_folder_that_is_not_there_or_cannot_be_written(clicks: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputUnwritable, match="nowhere"):
        extract(Media(str(clicks)), None, tmp_path / "nowhere" / "out.wav")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_disk_while_extracting(
    clicks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ffmpeg itself meets the full disk: its output is /dev/full."""
    wrapper = tmp_path / "ffmpeg"
    wrapper.write_text(
        f"#!{sys.executable}\n"
        "import os, sys\n"
        "full = ['/dev/full' if each.endswith('.part') else each for each in sys.argv[1:]]\n"
        f"os.execv({find_ffmpeg()!r}, ['ffmpeg', *full])\n"
    )
    wrapper.chmod(0o755)
    monkeypatch.setenv(SETTING, str(wrapper))
    assert str(tmp_path / "out") in fails(DiskFull, clicks, tmp_path)


def test_small_disk_fills_up(clicks: Path, tmp_path: Path) -> None:
    with mounted(tmp_path / "out", "size=300k"):
        fails(DiskFull, clicks, tmp_path)


def _endless(folder: Path) -> Path:
    """Hours of silence that take no space."""
    path = folder / "hours.wav"
    frames = 6 * 3600 * 48_000
    with soundfile.SoundFile(path, "w", 48_000, 1, "PCM_16", format="RF64") as file:
        file.write([0.0])
    head = path.read_bytes()[:-2]
    at = head.index(b"ds64") + 8
    sizes = b"".join(n.to_bytes(8, "little") for n in (frames * 2 + 72, frames * 2, frames))
    path.write_bytes(head[:at] + sizes + head[at + 24 :])
    os.truncate(path, len(head) + frames * 2)
    return path


def test_stops_at_once_when_asked_to(tmp_path: Path) -> None:
    source, stop, seen = _endless(tmp_path), threading.Event(), []

    def progress(seconds: float) -> None:
        seen.append(seconds)
        stop.set()

    (tmp_path / "out").mkdir()
    with pytest.raises(Cancelled):
        extract(
            Media(str(source)), None, tmp_path / "out" / "o.wav", ProgressControl(progress, stop)
        )
    assert seen[-1] < 6 * 3600
    assert not list((tmp_path / "out").iterdir())
    assert not [each for each in psutil.Process().children() if "ffmpeg" in each.name()]


def test_progress_ascends_to_the_end(clicks: Path, tmp_path: Path) -> None:
    seen: list[float] = []
    extract(Media(str(clicks)), None, tmp_path / "out.wav", ProgressControl(seen.append))
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(30, abs=0.2)


@needs_speech
def test_recordings_of_a_reader(tmp_path: Path) -> None:
    lasts = {"mp3": 9.01, "mp4": 9.01, "aac": 9.01, "ogg": 8.99, "webm": 9.01}
    for suffix, seconds in lasts.items():
        source = CONTAINERS / f"p001.{suffix}"
        extracted = extract(Media(str(source)), None, tmp_path / "out.wav")
        assert extracted.samples / 16_000 == pytest.approx(seconds, abs=0.03)
    assert extract(
        Media(str(CONTAINERS / "exact.5600.16000.wav")), None, tmp_path / "out.wav"
    ).samples == round(5.6 * 16_000)
    fails(MediaEmpty, CONTAINERS / "mono.zero.wav", tmp_path)
    fails(MediaEmpty, CONTAINERS / "mono.empty.wav", tmp_path)
    fails(MediaUnreadable, CONTAINERS / "mono.invalid.wav", tmp_path)
