"""Audio pieces: windows that wait for recognition, their samples, and the choice of a batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from editor_plugin.core.errors import MediaEmpty, MediaMissing, MediaUnreadable
from editor_plugin.core.transcript import SAMPLE_RATE, Window

SHORTEST = SAMPLE_RATE
"""NeMo's models are not made for less than a second; shorter audio is padded with silence."""
LOOK_AHEAD = 4
"""Batches from which the windows of one are picked."""

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True)
class AudioPiece:
    """A window of an item's audio. `whole` is the window that the engine asked for; another than
    `window` where that had to be cut because of memory."""

    item: str
    audio: Path
    window: Window
    whole: Window


def usable(audio: Path, windows: Iterable[Window]) -> int:
    """Return how many samples the WAV has. Raises MediaMissing, MediaEmpty or MediaUnreadable
    unless it holds all the windows."""
    if not audio.exists():
        raise MediaMissing(str(audio))
    try:
        about = soundfile.info(str(audio))
    except (soundfile.SoundFileError, OSError) as error:
        raise MediaUnreadable(str(audio), str(error).split("\n")[0][:100]) from None
    if about.frames == 0:
        raise MediaEmpty(str(audio))
    if (about.samplerate, about.channels) != (SAMPLE_RATE, 1):
        found = f"{about.samplerate} Hz with {about.channels} channels, not 16 kHz mono"
        raise MediaUnreadable(str(audio), found)
    last = max((window.context_end for window in windows), default=0)
    if last > about.frames:
        raise MediaUnreadable(str(audio), f"it ends at sample {about.frames}, before {last}")
    return int(about.frames)


def read(piece: AudioPiece) -> Samples:
    """Return the window's samples, context included, padded with silence up to SHORTEST. Raises
    MediaMissing or MediaUnreadable."""
    window = piece.window
    usable(piece.audio, [window])
    try:
        samples, _ = soundfile.read(
            str(piece.audio), window.samples, window.context_start, dtype="float32"
        )
    except (soundfile.SoundFileError, OSError) as error:
        raise MediaUnreadable(str(piece.audio), str(error).split("\n")[0][:100]) from None
    return np.pad(samples, (0, max(0, SHORTEST - len(samples))))


def pick(waiting: Sequence[AudioPiece], batch_samples: int) -> list[int]:
    """Return which of the waiting pieces make the next batch, as ascending indices, at least one.
    The first one that waits, and those of the next few batches that are nearest to it in length, so
    that little of the batch is padding and the pieces still come roughly in order. Padding counted,
    a batch holds at most `batch_samples`, unless a single piece is longer."""
    ahead, seen = 0, 0
    while ahead < len(waiting) and seen < LOOK_AHEAD * batch_samples:
        seen += _heard(waiting[ahead])
        ahead += 1
    first = _heard(waiting[0])
    by_length = sorted(range(1, ahead), key=lambda i: abs(_heard(waiting[i]) - first))
    chosen, longest = [0], first
    for index in by_length:
        longest_then = max(longest, _heard(waiting[index]))
        if longest_then * (len(chosen) + 1) <= batch_samples:
            chosen.append(index)
            longest = longest_then
    return sorted(chosen)


def _heard(piece: AudioPiece) -> int:
    return max(SHORTEST, piece.window.samples)
