"""WAV files: counting the samples of RIFF and RF64 (over 4 GiB), and writing silence.

The standard library's `wave` reads no RF64, and soundfile trusts the header even of a file whose
writer was stopped; here the samples that are in the file are counted.
"""

from __future__ import annotations

import struct
import wave
from pathlib import Path

from editor_plugin.core.transcript import SAMPLE_RATE


def count_samples(path: Path) -> int:
    """The number of 16-bit mono samples in the file; 0 where it is no WAV."""
    whole = path.stat().st_size
    with path.open("rb") as file:
        if file.read(12)[8:] != b"WAVE":
            return 0
        while len(head := file.read(8)) == 8:
            name, size = struct.unpack("<4sI", head)
            if name == b"data":
                return (whole - file.tell()) // 2
            file.seek(size + size % 2, 1)
    return 0


def write_silence(path: Path, samples: int) -> None:
    """Write a 16 kHz mono WAV of digital silence."""
    block = bytes(2 * SAMPLE_RATE)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, samples, "NONE", ""))
        for _ in range(samples // SAMPLE_RATE):
            file.writeframesraw(block)
        file.writeframes(block[: 2 * (samples % SAMPLE_RATE)])
