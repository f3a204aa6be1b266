"""Synthetic speech for training and testing, made once and kept: `python -m demo.speech --help`.

Voices are flite's slt, rms and awb and espeak-ng's en-us (Debian packages `flite`, `espeak-ng`).
A shard is two files: all sound as one array (`.npy`, 16 kHz, int16), and what is said where
(`.json`). Existing shards are kept, so an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import shutil
import subprocess
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from demo.needs import need_folder, need_packages, refuse

if __name__ == "__main__":
    need_packages("numpy", "scipy")

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

from demo.flite import SAMPLE_RATE, FliteMissingError, Speech, speak
from demo.sentences import training_sentences

VOICES = ("slt", "rms", "awb", "en-us")
FLITE_VOICES = VOICES[:3]
SHARES = (3, 3, 2, 2)  # how often each voice speaks in training
STRETCH = (0.87, 1.15)
SENTENCES_PER_SHARD = 500
KEPT_SILENCE_S = 0.03
QUIET = 300  # of 32768: what espeak-ng's silences stay below


class SpeechMissingError(RuntimeError):
    """The program espeak-ng is not installed."""

    def __init__(self) -> None:
        super().__init__("espeak-ng is not installed. On Debian or Ubuntu: apt install espeak-ng")


@dataclass(frozen=True)
class ShardJob:
    """The sentences of one shard and the file (without ending) that it goes to."""

    target: Path
    sentences: tuple[str, ...]
    seed: int


def say(text: str, voice: str, stretch: float = 1.0) -> Speech:
    """Say `text` with one of `VOICES`. espeak-ng tells no word times: its `words` are empty."""
    if voice in FLITE_VOICES:
        return speak(text, voice, stretch)
    program = shutil.which("espeak-ng")
    if program is None:
        raise SpeechMissingError
    speed = str(round(160 / stretch))  # words a minute
    command = [program, "-v", voice, "-s", speed, "--stdout", text]
    spoken = subprocess.run(command, check=True, capture_output=True)
    return Speech(_at_16_khz(spoken.stdout), (), ())


def need_voices(voices: Sequence[str] = VOICES) -> None:
    """Refuse, in a sentence, where a voice cannot speak here."""
    try:
        for voice in voices:
            say("One.", voice)
    except (FliteMissingError, SpeechMissingError) as error:
        refuse(f"{error}.")


def _at_16_khz(wav: bytes) -> npt.NDArray[np.int16]:
    with wave.open(io.BytesIO(wav)) as file:
        rate, data = file.getframerate(), file.readframes(1 << 30)
    samples = np.frombuffer(data, np.int16).astype(np.float32)
    shared = gcd(rate, SAMPLE_RATE)
    resampled = resample_poly(samples, SAMPLE_RATE // shared, rate // shared)
    clipped: npt.NDArray[np.int16] = np.clip(resampled, -32768, 32767).astype(np.int16)
    return clipped


def trimmed(speech: Speech) -> tuple[npt.NDArray[np.int16], float]:
    """The sound without the silence around it, and how many seconds were cut from the front."""
    if speech.words:
        first, last = speech.words[0].start_s, speech.words[-1].end_s
    else:
        loud = np.flatnonzero(np.abs(speech.samples.astype(np.int32)) > QUIET)
        first, last = loud[0] / SAMPLE_RATE, loud[-1] / SAMPLE_RATE
    begin = max(0, round((first - KEPT_SILENCE_S) * SAMPLE_RATE))
    end = round((last + KEPT_SILENCE_S) * SAMPLE_RATE)
    return speech.samples[begin:end], begin / SAMPLE_RATE


def make_shard(job: ShardJob) -> Path:
    """Speak one shard, each sentence by one voice at one speed."""
    chance = random.Random(job.seed)
    sounds, entries, at = [], [], 0
    for text in job.sentences:
        voice = chance.choices(VOICES, SHARES)[0]
        speech = say(text, voice, round(chance.uniform(*STRETCH), 3))
        samples, cut_s = trimmed(speech)
        sounds.append(samples)
        entries.append(_entry(text, voice, speech, cut_s) | {"begin": at, "end": at + len(samples)})
        at += len(samples)
    temporary = job.target.with_suffix(".part.npy")
    np.save(temporary, np.concatenate(sounds))
    os.replace(temporary, job.target.with_suffix(".npy"))
    part = job.target.with_suffix(".part")
    part.write_text(json.dumps(entries), encoding="utf-8")
    os.replace(part, job.target.with_suffix(".json"))  # last: readers look for the .json
    return job.target


def _entry(text: str, voice: str, speech: Speech, cut_s: float) -> dict[str, Any]:
    words = [[round(w.start_s - cut_s, 3), round(w.end_s - cut_s, 3)] for w in speech.words]
    sounds = [[name, round(end - cut_s, 3)] for name, end in speech.sounds]
    return {"text": text, "voice": voice, "words": words, "sounds": sounds}


def jobs(sentences: Sequence[str], folder: Path) -> list[ShardJob]:
    """Cut the sentences into shards; those already made are left out."""
    starts = range(0, len(sentences), SENTENCES_PER_SHARD)
    every = [
        ShardJob(folder / f"shard-{n:04}", tuple(sentences[at : at + SENTENCES_PER_SHARD]), n)
        for n, at in enumerate(starts)
    ]
    return [job for job in every if not job.target.with_suffix(".json").exists()]


def make_speech(folder: Path, sentences: int, processes: int | None = None) -> None:
    """Make all shards that are missing; one process per core unless told otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    work = jobs(training_sentences(sentences), folder)
    with Pool(processes) as pool:
        for done, target in enumerate(pool.imap_unordered(make_shard, work), start=1):
            print(f"speech {done}/{len(work)} {target.name}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the demo model's training speech.")
    parser.add_argument("folder", type=Path, help="where the shards are kept")
    parser.add_argument("--sentences", type=int, default=30_000)
    parser.add_argument("--processes", type=int, default=None)
    arguments = parser.parse_args()
    need_voices()
    need_folder(arguments.folder)
    make_speech(arguments.folder, arguments.sentences, arguments.processes)


if __name__ == "__main__":
    main()
