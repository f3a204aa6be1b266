"""Measure the demo model: `python -m demo.evaluate_model` writes `model/results.json`.

The 200 held-out sentences are spoken by the voices of the training, in turn, and heard through
NeMo's own `transcribe`. So is the demo film, whose words' times are compared with its reference;
the same sentences in recordings of some 25 seconds; and silence and noise, where no word is right.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from demo.needs import (
    need_files,
    need_folder,
    need_json,
    need_packages,
    need_programs,
    refuse,
)

os.environ.setdefault("NEMO_REDIRECT_LOGS_TO_STDERR", "1")
if __name__ == "__main__":
    need_packages("nemo", "numpy", "scipy", "torch")

import numpy as np
import numpy.typing as npt
import torch
from nemo.collections.asr.models import EncDecRNNTBPEModel

from demo.files import MEDIA, MODEL, REFERENCE, RESULTS
from demo.flite import SAMPLE_RATE
from demo.sentences import held_out
from demo.speech import VOICES, need_voices, say
from demo.training.error_rate import error_rate, plain_words
from demo.words import vocabulary
from editor_plugin.runner.restoring import restore

WRITTEN_BY_HAND = 50  # the first sentences of held_out.txt; the others are the generator's
LONG_S, PAUSE_S = 25.0, 0.5
NOISE_DB = (-70, -50, -30)
QUIET_S = 10

Sound = npt.NDArray[np.float32]


def load_model(path: Path = MODEL) -> EncDecRNNTBPEModel:
    with tempfile.TemporaryDirectory() as store:
        model: EncDecRNNTBPEModel = restore(path, "cpu", Path(store))
    return model


def hear(model: EncDecRNNTBPEModel, sounds: Sequence[Sound]) -> list[Any]:
    """NeMo's hypotheses with word times for 16 kHz sounds, in their order."""
    heard: list[Any] = model.transcribe(
        list(sounds), batch_size=8, num_workers=0, timestamps=True, verbose=False
    )
    return heard


def spoken(sentences: Iterable[str]) -> list[Sound]:
    """The sentences, each by the next of the voices."""
    return [
        say(text, VOICES[number % len(VOICES)]).samples.astype(np.float32) / np.float32(32768)
        for number, text in enumerate(sentences)
    ]


def rates(said: Sequence[str], heard: Sequence[str]) -> dict[str, float]:
    """Word error rates in per cent: of plain words, and of words with case and punctuation."""
    plain = zip(map(plain_words, said), map(plain_words, heard), strict=True)
    written = zip(map(str.split, said), map(str.split, heard), strict=True)
    return {
        "word_error_rate": round(100 * error_rate(plain), 2),
        "with_case_and_punctuation": round(100 * error_rate(written), 2),
    }


def held_out_results(model: EncDecRNNTBPEModel) -> dict[str, Any]:
    """The main figure, and its parts."""
    said = held_out()
    sounds = spoken(said)
    heard = [hypothesis.text for hypothesis in hear(model, sounds)]
    parts = {voice: slice(n, None, len(VOICES)) for n, voice in enumerate(VOICES)}
    parts |= {
        "written by hand": slice(0, WRITTEN_BY_HAND),
        "from the generator": slice(WRITTEN_BY_HAND, None),
    }
    return {
        "sentences": len(said),
        "written_by_hand": WRITTEN_BY_HAND,
        "words": sum(len(plain_words(text)) for text in said),
        **rates(said, heard),
        "parts": {name: rates(said[part], heard[part]) for name, part in parts.items()},
        "wrong": [
            {"said": a, "heard": b}
            for a, b in zip(said, heard, strict=True)
            if plain_words(a) != plain_words(b)
        ],
    }


def long_results(model: EncDecRNNTBPEModel) -> dict[str, Any]:
    """The same sentences in long recordings with mixed voices and pauses."""
    pause = np.zeros(round(PAUSE_S * SAMPLE_RATE), np.float32)
    sounds, texts = [pause], [""]
    for text, sound in zip(held_out(), spoken(held_out()), strict=True):
        if (len(sounds[-1]) + len(sound)) / SAMPLE_RATE > LONG_S:
            sounds.append(pause)
            texts.append("")
        sounds[-1] = np.concatenate((sounds[-1], sound, pause))
        texts[-1] += f" {text}"
    heard = [hypothesis.text for hypothesis in hear(model, sounds)]
    longest = max(map(len, sounds)) / SAMPLE_RATE
    return {"recordings": len(sounds), "longest_s": round(longest, 1), **rates(texts, heard)}


def quiet_results(model: EncDecRNNTBPEModel) -> dict[str, int]:
    """Words heard where nothing is said; each should be 0."""
    noise = np.random.default_rng(0).standard_normal(QUIET_S * SAMPLE_RATE).astype(np.float32)
    names = ["digital silence", *(f"white noise at {level} dB" for level in NOISE_DB)]
    sounds = [0 * noise, *(noise * np.float32(10 ** (level / 20)) for level in NOISE_DB)]
    heard = [hypothesis.text for hypothesis in hear(model, sounds)]
    return {name: len(text.split()) for name, text in zip(names, heard, strict=True)}


def film_sound(path: Path = MEDIA) -> Sound:
    """The film's sound at 16 kHz, mono."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-ac", "1", "-ar", str(SAMPLE_RATE)]
    raw = subprocess.run([*command, "-f", "f32le", "-"], check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.float32).copy()  # torch wants to be able to write


def film_results(model: EncDecRNNTBPEModel) -> dict[str, Any]:
    """The demo film, heard sentence by sentence, with the errors of its words' times."""
    sentences = json.loads(REFERENCE.read_text(encoding="utf-8"))["sentences"]
    sound, margin_s = film_sound(), 0.2
    begins = [sentence["start_s"] - margin_s for sentence in sentences]
    ends = [sentence["end_s"] + margin_s for sentence in sentences]
    cuts = [
        sound[round(a * SAMPLE_RATE) : round(b * SAMPLE_RATE)]
        for a, b in zip(begins, ends, strict=True)
    ]
    heard = hear(model, cuts)
    starts, stops = [], []
    for sentence, begin, hypothesis in zip(sentences, begins, heard, strict=True):
        words = hypothesis.timestamp["word"]
        if [w["word"] for w in words] != [w["text"] for w in sentence["words"]]:
            continue  # times of different words cannot be compared
        for own, word in zip(sentence["words"], words, strict=True):
            starts.append(abs(begin + word["start"] - own["start_s"]))
            stops.append(abs(begin + word["end"] - own["end_s"]))
    said = [sentence["text"] for sentence in sentences]
    return {
        "sentences": len(sentences),
        **rates(said, [hypothesis.text for hypothesis in heard]),
        "words_with_times": len(starts),
        "start_error_ms": _spread(starts),
        "end_error_ms": _spread(stops),
    }


def _spread(errors_s: list[float]) -> dict[str, int]:
    ninety = quantiles(errors_s, n=10)[-1]
    return {
        "median": round(1000 * median(errors_s)),
        "nine_in_ten_below": round(1000 * ninety),
        "largest": round(1000 * max(errors_s)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the demo speech model.")
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--training", type=Path, help="training.json of demo.train_model")
    arguments = parser.parse_args()
    need_files(arguments.model, REFERENCE, MEDIA)
    if arguments.training:
        training = need_json(arguments.training, "stages")
    elif RESULTS.exists():
        training = need_json(RESULTS, "training")["training"]
    else:
        refuse(f"“{RESULTS}” is not there to tell how the model was trained: name --training.")
    need_folder(arguments.results.parent)
    need_programs("ffmpeg")
    need_voices()
    torch.manual_seed(0)
    model = load_model(arguments.model)
    results = {
        "model": arguments.model.name,
        "bytes": arguments.model.stat().st_size,
        "sha256": sha256(arguments.model.read_bytes()).hexdigest(),
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "vocabulary": len(vocabulary()),
        "voices": list(VOICES),
        "training": training,
        "held_out": held_out_results(model),
        "long_recordings": long_results(model),
        "words_heard_in": quiet_results(model),
        "demo_film": film_results(model),
    }
    arguments.results.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
