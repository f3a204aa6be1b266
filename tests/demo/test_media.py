"""Facts of the demo film and its reference."""

from __future__ import annotations

import json
import subprocess
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from demo.dialogue import LINES, VOICE_OF
from demo.files import HERE, MEDIA, RATE, REFERENCE
from tests.programs import need

WIDTH, HEIGHT = 640, 360
TIMECODE_ROWS = slice(60, 110)


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(REFERENCE.read_text(encoding="utf-8"))
    return loaded


def probe(kind: str) -> dict[str, Any]:
    need("ffprobe")
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_streams", "-select_streams", kind]
    found = subprocess.run([*command, str(MEDIA)], check=True, capture_output=True).stdout
    streams: list[dict[str, Any]] = json.loads(found)["streams"]
    assert len(streams) == 1
    return streams[0]


def test_it_is_small_and_about_a_minute_long(reference: dict[str, Any]) -> None:
    assert MEDIA.stat().st_size <= 3_000_000
    assert 50 <= reference["frames"] / RATE <= 70


def test_picture_and_sound(reference: dict[str, Any]) -> None:
    picture, sound = probe("v"), probe("a")
    assert (picture["codec_name"], sound["codec_name"]) == ("h264", "aac")
    assert Fraction(picture["r_frame_rate"]) == RATE == Fraction(reference["frame_rate"])
    assert int(picture["nb_frames"]) == reference["frames"]
    assert abs(float(sound["duration"]) - float(reference["frames"] / RATE)) < 0.05
    assert HERE / reference["media"] == MEDIA


def frame(number: int) -> npt.NDArray[np.uint8]:
    need("ffmpeg")
    at = float((number + Fraction(1, 2)) / RATE)
    command = ["ffmpeg", "-v", "error", "-ss", f"{at:.5f}", "-i", str(MEDIA), "-frames:v", "1"]
    raw = subprocess.run(
        [*command, "-f", "rawvideo", "-pix_fmt", "gray", "-"], check=True, capture_output=True
    )
    return np.frombuffer(raw.stdout, np.uint8).reshape(HEIGHT, WIDTH)


def test_a_timecode_is_burned_in() -> None:
    """Between two frames of a pause nothing changes but the last digit of the timecode."""
    one, next_one = frame(2).astype(int), frame(3).astype(int)
    changed = np.abs(one - next_one) > 60
    assert changed[TIMECODE_ROWS].sum() > 20
    changed[TIMECODE_ROWS] = False
    assert changed.sum() == 0
    columns = np.flatnonzero((np.abs(one - next_one) > 60).any(axis=0))
    assert columns.max() - columns.min() < 40  # one digit
    assert columns.min() > WIDTH / 2


def test_the_reference_is_what_the_voices_say(reference: dict[str, Any]) -> None:
    sentences = reference["sentences"]
    assert [s["text"] for s in sentences] == [line.text for line in LINES]
    assert {s["voice"] for s in sentences} == {f"flite {voice}" for voice in VOICE_OF.values()}
    assert len(VOICE_OF) == 2
    before = 0.0
    for sentence in sentences:
        words = sentence["words"]
        assert " ".join(word["text"] for word in words) == sentence["text"]
        assert (sentence["start_s"], sentence["end_s"]) == (words[0]["start_s"], words[-1]["end_s"])
        for word in words:
            assert before <= word["start_s"] < word["end_s"]
            before = word["end_s"]
    assert before < reference["frames"] / RATE


def test_there_is_speech_where_the_reference_says_and_only_there(
    reference: dict[str, Any],
) -> None:
    need("ffmpeg")
    command = ["ffmpeg", "-v", "error", "-i", str(MEDIA), "-ac", "1", "-ar", "16000"]
    raw = subprocess.run([*command, "-f", "s16le", "-"], check=True, capture_output=True).stdout
    level = np.abs(np.frombuffer(raw, np.int16).astype(int))
    quiet = np.ones(len(level), bool)
    for sentence in reference["sentences"]:
        begin, end = (round(16000 * sentence[edge]) for edge in ("start_s", "end_s"))
        assert level[begin:end].mean() > 800
        quiet[begin - 800 : end + 800] = False
    assert level[quiet].max() < 300
