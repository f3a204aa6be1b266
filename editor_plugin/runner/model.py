"""Load a model, and configure it to give words with times and confidence."""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import torch
from nemo.collections.asr import models
from nemo.collections.asr.parts.utils.asr_confidence_utils import (
    ConfidenceConfig,
    ConfidenceMethodConfig,
)
from omegaconf import OmegaConf, open_dict

from editor_plugin.core.errors import OutOfMemory, SettingsInvalid
from editor_plugin.core.transcript import SAMPLE_RATE
from editor_plugin.runner import memory, precision
from editor_plugin.runner.restoring import naming_failures, restore


@dataclass(frozen=True)
class ModelOptions:
    """A model and how it is to run. `device` and `precision` may be "auto"."""

    path: Path
    device: str
    precision: str


@dataclass
class Loaded:
    """A loaded model, ready for use. Where memory runs out, `device` changes to "cpu". `family` is
    ctc, tdt, rnnt, hybrid or canary. `frame_samples` is how much audio one frame of the encoder
    stands for; the times of words are multiples of it."""

    model: Any
    wanted: ModelOptions
    family: str
    frame_samples: int
    device: str
    precision: str
    seconds: float
    note: str

    def facts(self) -> dict[str, Any]:
        """Return the result of `load_model`, except for the route."""
        return {
            "family": self.family,
            "name": self.wanted.path.stem,
            "frame_samples": self.frame_samples,
            "device": self.device,
            "precision": self.precision,
            "confidence": self.family != "canary",
            "seconds": round(self.seconds, 3),
            "note": self.note,
        }

    def move_to_cpu(self) -> None:
        """Move the model to the CPU."""
        self.model.to("cpu")
        if self.precision == "bf16" and not precision.has_bf16("cpu"):
            self.precision = "fp32"
            precision.convert(self.model.encoder, "fp32")
        memory.free(self.device)
        self.device = "cpu"


def load(wanted: ModelOptions, store: Path) -> Loaded:
    """Load a model; `store` is the folder for unpacked models. Raises ModelUnknown, ModelCorrupt,
    ModelNotSpeech, ModelRefused, ModelNotOpened, EnvironmentBroken, DiskFull, OutOfMemory, and
    SettingsInvalid where the device is not there."""
    begun = time.monotonic()
    device, notes = _device(wanted.device), []
    try:
        model = restore(wanted.path, device, store)
    except OutOfMemory:
        if device == "cpu":
            raise
        notes.append(f"There is not enough memory on {device} for the model; it runs on the CPU.")
        memory.free(device)
        device = "cpu"
        model = restore(wanted.path, device, store)
    with naming_failures(wanted.path, device):
        return _prepared(wanted, model, device, notes, begun)


def _prepared(
    wanted: ModelOptions, model: Any, device: str, notes: list[str], begun: float
) -> Loaded:
    """Configure a restored model; `begun` is when its loading began (time.monotonic)."""
    family = _family(model)
    if family != "canary":
        _ask_for_words(model)
    _no_randomness(model)
    chosen, why = precision.choose(wanted.precision, model.encoder, device)
    precision.convert(model.encoder, chosen)
    return Loaded(
        model=model,
        wanted=wanted,
        family=family,
        frame_samples=frame_samples(model),
        device=device,
        precision=chosen,
        seconds=time.monotonic() - begun,
        note=" ".join([*notes, *([why] if why else [])]),
    )


def frame_samples(model: Any) -> int:
    """Return the samples of audio that one frame of the encoder stands for."""
    stride = Fraction(str(model.cfg.preprocessor.window_stride))
    return int(model.encoder.subsampling_factor * stride * SAMPLE_RATE)


def _device(wanted: str) -> str:
    here = ["cpu"]
    if torch.backends.mps.is_available():
        here.insert(0, "mps")
    if torch.cuda.is_available():
        here.insert(0, "cuda")
    if wanted == "auto":
        return here[0]
    if wanted not in here:
        raise SettingsInvalid("the device", wanted, f"on this machine: auto, {', '.join(here)}")
    return wanted


def _family(model: Any) -> str:
    if isinstance(model, models.EncDecMultiTaskModel):
        return "canary"
    if isinstance(model, models.EncDecHybridRNNTCTCModel):
        return "hybrid"
    if isinstance(model, models.EncDecRNNTModel):
        return "tdt" if model.cfg.decoding.get("durations") else "rnnt"
    return "ctc"


def _ask_for_words(model: Any) -> None:
    """Configure the decoder to give each word's frames, and the mean probability of its tokens."""
    decoding = copy.deepcopy(model.cfg.decoding)
    confidence = ConfidenceConfig(
        preserve_frame_confidence=True,
        preserve_token_confidence=True,
        preserve_word_confidence=True,
        aggregation="mean",
        method_cfg=ConfidenceMethodConfig(name="max_prob"),
    )
    with open_dict(decoding):
        # The fastest strategy, and one that gives confidence; a beam gives none.
        decoding.strategy = "greedy_batch"
        decoding.compute_timestamps = True
        decoding.confidence_cfg = OmegaConf.structured(confidence)
        if isinstance(model, models.EncDecRNNTModel):
            # NeMo 3.0.0 makes CUDA graphs of this loop, and in doing so writes a zero over the
            # bytes object of a single space, which CPython shares: every later torch.load in the
            # process fails. Some batches then crash in them (NVIDIA-NeMo/Speech issue 15423).
            decoding.greedy = {**(decoding.get("greedy") or {}), "use_cuda_graph_decoder": False}
    model.change_decoding_strategy(decoding, verbose=False)


def _no_randomness(model: Any) -> None:
    """Switch off the noise that is for training, as NeMo's `transcribe` does on its own routes."""
    featurizer = getattr(model.preprocessor, "featurizer", None)
    for name in ("dither", "pad_to"):
        if hasattr(featurizer, name):
            setattr(featurizer, name, 0)
