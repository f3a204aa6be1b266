"""Where the film plays in a recording, found by its sound alone; and what is said there."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 8000
"""Samples a second, here: an eighth of a millisecond is near enough."""
REFERENCE = Path(__file__).parents[3] / "demo" / "reference.json"


@dataclass(frozen=True)
class Said:
    """A word and its times in the recording, in seconds."""

    text: str
    start: float
    end: float


def sound(path: Path) -> NDArray[np.float64]:
    """The sound of a file as one channel."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-vn", "-ac", "1", "-ar", str(RATE)]
    done = subprocess.run([*command, "-f", "f32le", "-"], capture_output=True, check=True)
    return np.frombuffer(done.stdout, np.float32).astype(np.float64)


def offset(recording: NDArray[np.float64], film: NDArray[np.float64]) -> float:
    """The second of `recording` at which second 0 of `film` plays, by cross-correlation."""
    length = 1 << (len(recording) + len(film)).bit_length()
    spectrum = np.fft.rfft(recording, length) * np.conj(np.fft.rfft(film, length))
    best = int(np.argmax(np.fft.irfft(spectrum, length)))
    return (best if best < length // 2 else best - length) / RATE


def film_sentences() -> list[list[Said]]:
    """The words of each sentence of the film with the synthesiser's own times."""
    sentences = json.loads(REFERENCE.read_text(encoding="utf-8"))["sentences"]
    return [
        [Said(each["text"], each["start_s"], each["end_s"]) for each in sentence["words"]]
        for sentence in sentences
    ]


def words_in(file: Path) -> list[Said]:
    """The words of a words file."""
    found = json.loads(file.read_text(encoding="utf-8"))["words"]
    return [Said(each["text"], each["start"], each["end"]) for each in found]


def bare(text: str) -> str:
    """A word without punctuation and capitals."""
    return "".join(letter for letter in text.lower() if letter.isalnum())
