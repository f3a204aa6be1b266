"""Sources that are laid out unusually: streams, channels, late sound, size, names."""

from __future__ import annotations

import os
import struct
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from editor_plugin.core.errors import StreamMissing
from editor_plugin.core.timeline import Media, Span
from editor_plugin.engine.media.extraction import extract
from editor_plugin.engine.media.probe import probe
from tests.engine.media.clicks import CLICKS, click_sound, found_clicks, run

pytestmark = pytest.mark.usefixtures("each_ffmpeg")

RATE = 48_000
PICTURE = ("-f", "lavfi", "-i", "testsrc=s=64x64:r=25:d=30")


@pytest.fixture(scope="module")
def clicks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sources") / "clicks.wav"
    soundfile.write(path, click_sound(RATE), RATE)
    return path


def test_sound_that_begins_late_is_preceded_by_silence(clicks: Path, tmp_path: Path) -> None:
    for suffix in ("mp4", "mkv", "mov"):
        late = tmp_path / f"late.{suffix}"
        codecs = ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac")
        run(*PICTURE, "-itsoffset", "4.56", "-i", clicks, *codecs, "-t", "20", late)
        whole = extract(Media(str(late)), None, tmp_path / "whole.wav")
        shifted = [time + 4.56 for time in CLICKS if time + 4.56 < 20]
        assert found_clicks(whole.path) == pytest.approx(shifted, abs=1e-3)
        over = extract(Media(str(late)), Span(Fraction(3), Fraction(6)), tmp_path / "over.wav")
        assert over.samples == 3 * 16_000
        inside = [time - 3 for time in shifted if 3 < time < 6]
        assert found_clicks(over.path) == pytest.approx(inside, abs=1e-3)
        before = extract(Media(str(late)), Span(Fraction(1), Fraction(3)), tmp_path / "before.wav")
        assert before.samples == 2 * 16_000
        assert not np.any(soundfile.read(before.path)[0])


def test_picture_of_variable_rate_does_not_move_the_sound(clicks: Path, tmp_path: Path) -> None:
    made = tmp_path / "variable.mp4"
    uneven = ("-vf", "select='not(mod(n,7)*mod(n,3))'", "-fps_mode", "vfr")
    run(*PICTURE, "-i", clicks, *uneven, "-preset", "ultrafast", "-c:a", "aac", made)
    span = Span(Fraction("10.04"), Fraction("15.04"))
    extracted = extract(Media(str(made)), span, tmp_path / "out.wav")
    wanted = [time - 10.04 for time in CLICKS if 10.04 < time < 15.04]
    assert found_clicks(extracted.path) == pytest.approx(wanted, abs=1e-3)


@pytest.mark.parametrize("layout", ["5.1", "7.1", "8 channels", "stereo"])
def test_channel_is_chosen_and_mix_loses_none(layout: str, tmp_path: Path) -> None:
    count = {"5.1": 6, "stereo": 2}.get(layout, 8)
    sound = np.stack([click_sound(RATE, [1 + number]) for number in range(count)], axis=1)
    plain = tmp_path / "plain.wav"
    soundfile.write(plain, sound[: 12 * RATE], RATE)
    source = tmp_path / "source.wav"
    if layout == "8 channels":  # without WAVE_FORMAT_EXTENSIBLE the channels have no meaning
        _write_plain_wav(source, sound[: 12 * RATE])
    else:
        run(
            "-i",
            plain,
            "-af",
            f"pan={layout}|" + "|".join(f"c{n}=c{n}" for n in range(count)),
            source,
        )
    assert probe(source).streams[0].channels == count
    for number in range(count):
        out = extract(Media(str(source), channel=number), None, tmp_path / "one.wav").path
        assert found_clicks(out) == pytest.approx([1 + number], abs=1e-3)
    mixed = extract(Media(str(source)), None, tmp_path / "mixed.wav").path
    peaks = [_peak(mixed, 1 + number) for number in range(count)]
    heard = [peak for number, peak in enumerate(peaks) if (layout, number) not in LOW_FREQUENCY]
    assert min(heard) > 0.6 / 16
    with pytest.raises(StreamMissing, match=f"no channel {count + 1}"):
        extract(Media(str(source), channel=count), None, tmp_path / "none.wav")


LOW_FREQUENCY = {("5.1", 3), ("7.1", 3)}
"""Where a layout has a channel for rumble, it is left out as in every down-mix."""


def test_loud_channels_do_not_clip(tmp_path: Path) -> None:
    loud = np.full((RATE, 6), 0.9) * np.sin(np.arange(RATE) / 20)[:, None]
    plain, source = tmp_path / "plain.wav", tmp_path / "source.wav"
    soundfile.write(plain, loud, RATE)
    run("-i", plain, "-af", "pan=5.1|" + "|".join(f"c{n}=c{n}" for n in range(6)), source)
    mixed = soundfile.read(extract(Media(str(source)), None, tmp_path / "out.wav").path)[0]
    assert 0.5 < np.abs(mixed).max() < 0.95


def test_second_stream_is_chosen_by_number(clicks: Path, tmp_path: Path) -> None:
    other, both = tmp_path / "other.wav", tmp_path / "both.mkv"
    soundfile.write(other, click_sound(RATE, [3.3, 7.7]), RATE)
    maps = ("-map", "0:v", "-map", "1:a", "-map", "2:a", "-metadata:s:a:1", "language=ger")
    run(*PICTURE, "-i", clicks, "-i", other, *maps, "-c:a", "pcm_s16le", "-t", "10", both)
    info = probe(both)
    assert [each.language for each in info.streams] == [None, "ger"]
    second = extract(Media(str(both), stream=1), None, tmp_path / "out.wav")
    assert found_clicks(second.path) == pytest.approx([3.3, 7.7], abs=1e-3)
    with pytest.raises(StreamMissing, match="no audio stream 3; it has 2"):
        extract(Media(str(both), stream=2), None, tmp_path / "out.wav")


@pytest.mark.parametrize(
    "name", ["Schöne Grüße 日本語.wav", "-y %d [a,b]:c'd\".wav", "a  b\nc.wav"]
)
def test_any_file_name_will_do(name: str, clicks: Path, tmp_path: Path) -> None:
    source = tmp_path / name
    source.write_bytes(clicks.read_bytes())
    extracted = extract(Media(str(source)), None, tmp_path / f"out {name}")
    assert extracted.samples == 30 * 16_000
    assert os.listdir(tmp_path).count(f"out {name}") == 1


def test_file_over_4_gib_is_read_near_its_end(tmp_path: Path) -> None:
    huge = tmp_path / "huge.wav"
    seconds = 2 * 3600 + 2 * 1800
    frame = 2 * 3  # three channels of 24 bits would do as well; two of 24 bits it is
    rate = 96_000
    size = seconds * rate * frame
    assert size > 4 << 30
    click = (click_sound(rate, [2.5])[: 5 * rate] * (2**23 - 1)).astype("<i4")
    packed = np.repeat(click[:, None], 2, axis=1).reshape(-1, 1).view(np.uint8)[:, :3].tobytes()
    with huge.open("wb") as file:
        file.write(struct.pack("<4sI4s", b"RF64", 0xFFFFFFFF, b"WAVE"))
        file.write(struct.pack("<4sIQQQI", b"ds64", 28, size + 72, size, seconds * rate, 0))
        form = struct.pack("<HHIIHH", 1, 2, rate, rate * frame, frame, 24)
        file.write(
            struct.pack("<4sI", b"fmt ", 16) + form + struct.pack("<4sI", b"data", 0xFFFFFFFF)
        )
        file.seek(size - len(packed), os.SEEK_CUR)
        file.write(packed)
    span = Span(Fraction(seconds - 4), Fraction(seconds))
    extracted = extract(Media(str(huge)), span, tmp_path / "out.wav")
    assert extracted.samples == 4 * 16_000
    assert found_clicks(extracted.path) == pytest.approx([1.5], abs=1e-3)


def _peak(path: Path, time: float) -> float:
    sound, rate = soundfile.read(path)
    return float(np.abs(sound[int((time - 0.01) * rate) : int((time + 0.01) * rate)]).max())


def _write_plain_wav(path: Path, sound: np.ndarray) -> None:
    data = (sound * 32767).astype("<i2").tobytes()
    count = sound.shape[1]
    form = struct.pack("<HHIIHH", 1, count, RATE, RATE * count * 2, count * 2, 16)
    chunks = (
        struct.pack("<4sI", b"fmt ", 16) + form + struct.pack("<4sI", b"data", len(data)) + data
    )
    path.write_bytes(struct.pack("<4sI4s", b"RIFF", 4 + len(chunks), b"WAVE") + chunks)
