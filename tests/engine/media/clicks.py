"""Sound with clicks at known times, and where they are found again."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from editor_plugin.engine.media.ffmpeg_process import find_ffmpeg

SECONDS = 30
CLICKS = tuple(second + 0.1 + (second * second % 7) / 10 for second in range(SECONDS - 1))
"""Unevenly spaced, so that a shift by whole seconds is noticed."""
PERIOD = 1 / 1500
WIDTH = 0.0004


def click_sound(rate: int, times: Sequence[float] = CLICKS) -> npt.NDArray[np.float32]:
    """SECONDS of silence with a click, a pulse of some 1 ms, at each of `times`."""
    sound = np.zeros(SECONDS * rate, dtype=np.float32)
    for time in times:
        at = np.arange(max(int((time - 0.01) * rate), 0), int((time + 0.01) * rate))
        offset = at / rate - time
        sound[at] += (
            0.6 * np.cos(2 * np.pi * offset / PERIOD) * np.exp(-((offset / WIDTH) ** 2) / 2)
        )
    return sound


def write_clicks(path: Path, rate: int, subtype: str = "PCM_16") -> Path:
    soundfile.write(path, click_sound(rate), rate, subtype=subtype)
    return path


def found_clicks(path: Path, level: float | None = None) -> list[float]:
    """The times of the clicks in a WAV: the peak of every stretch over `level`, which is half the
    loudest if None."""
    sound, rate = soundfile.read(path, dtype="float32")
    if level is None:
        level = 0.5 * np.abs(sound).max(initial=1e-3)
    loud = np.flatnonzero(np.abs(sound) > level)
    groups = np.split(loud, np.flatnonzero(np.diff(loud) > rate // 50) + 1)
    return [float(group[np.argmax(np.abs(sound[group]))]) / rate for group in groups if len(group)]


def run(*arguments: str | Path) -> None:
    """Run ffmpeg to make a file for a test."""
    command = [find_ffmpeg(), "-v", "error", "-nostdin", "-y", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True)
