"""Recognition routes: three ways to run NeMo on batches of windows.

Each takes a loaded model and an iterable of batches, and yields the hypotheses of one batch after
another, in order. A batch is requested only when the one before it is done. All three give the same
text, so that the engine can fall back to another where one fails on a user's machine.
"""

from __future__ import annotations

import contextlib
import functools
import re
import shutil
import tempfile
import types
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import nemo.collections.asr.parts.mixins.transcription as nemo_transcription
import soundfile
import torch
from lhotse import AudioSource, CutSet, MonoCut, Recording
from lhotse.dataset.collation import collate_audio
from omegaconf import open_dict

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.core.transcript import SAMPLE_RATE
from editor_plugin.runner.model import Loaded
from editor_plugin.runner.pieces import SHORTEST, AudioPiece, read, usable

_LANGUAGE = re.compile(r"<\|[a-z]{2}\|>")
Batch = Sequence[AudioPiece]
Outputs = Generator[list[Any], None, None]
Route = Callable[[Loaded, Iterable[Batch], "str | None"], Outputs]


def setup_transcribe_config(model: Any, batch_size: int) -> Any:
    """Return the model's own transcription config, made safe; to be passed as `override_config`.
    `num_workers` is left as it is: each route sets it where the data loader is created, which is
    where it takes effect."""
    config = model.get_transcribe_config()
    if hasattr(config, "force_map_dataset"):
        config.force_map_dataset = True
    config.batch_size = batch_size
    if hasattr(config, "drop_last"):
        config.drop_last = False
    return config


def words_config(loaded: Loaded, batch_size: int, language: str | None) -> Any:
    """Return the config for words with times, and for Canary its prompt."""
    config = setup_transcribe_config(loaded.model, batch_size)
    config.return_hypotheses = True
    config.timestamps = True
    config.verbose = False
    if loaded.family == "canary":
        config.enable_chunking = False  # the windows are cut already
        config.prompt = [{"role": "user", "slots": _prompt(loaded.model, language or "en")}]
    return config


def by_map(loaded: Loaded, batches: Iterable[Batch], language: str | None) -> Outputs:
    """Recue's own map-style Lhotse loader, which reads the windows from the WAV in place. No worker
    processes, no manifest, no temporary files."""
    loader = torch.utils.data.DataLoader(
        _Windows(), sampler=batches, batch_size=None, num_workers=0, collate_fn=_as_it_is
    )
    config = words_config(loaded, 1, language)
    yield from loaded.model.transcribe_generator(loader, override_config=config)


def by_model_defaults(loaded: Loaded, batches: Iterable[Batch], language: str | None) -> Outputs:
    """Files, and the loader that the model makes for them, with its worker count pinned to 0."""
    for batch in batches:
        folder = Path(tempfile.mkdtemp(prefix="windows-"))
        try:
            paths = [str(folder / f"{index}.wav") for index in range(len(batch))]
            for path, piece in zip(paths, batch, strict=True):
                soundfile.write(path, read(piece), SAMPLE_RATE, subtype="FLOAT")
            config = words_config(loaded, len(batch), language)
            with _pinned_loader(loaded.model):
                parts = loaded.model.transcribe_generator(paths, override_config=config)
                hypotheses = [each for part in parts for each in part]
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        yield hypotheses


def direct(loaded: Loaded, batches: Iterable[Batch], language: str | None) -> Outputs:
    """Tensors straight through the model's forward and decoding, without any loader."""
    loaded.model.eval()  # NeMo's own routes leave some modules in training mode behind them
    for batch in batches:
        config = words_config(loaded, len(batch), language)
        config._internal = config._internal or nemo_transcription.InternalTranscribeConfig()
        config._internal.device = torch.device(loaded.device)
        sounds = [torch.from_numpy(read(piece)) for piece in batch]
        lengths = torch.tensor([len(sound) for sound in sounds], device=loaded.device)
        audio = torch.nn.utils.rnn.pad_sequence(sounds, batch_first=True).to(loaded.device)
        outputs = loaded.model._transcribe_forward((audio, lengths, None, None), config)
        yield loaded.model._transcribe_output_processing(outputs, config)


ROUTES: dict[str, Route] = {"map": by_map, "model-defaults": by_model_defaults, "direct": direct}


def show_true_errors() -> None:
    """Keep NeMo's own clean-up from hiding why a run stopped. On Windows its temporary folder
    cannot be removed while the manifest in it is open, which it is when a run stops early; that
    error would replace the true one."""
    folder = functools.partial(tempfile.TemporaryDirectory, ignore_cleanup_errors=True)
    nemo_transcription.tempfile = types.SimpleNamespace(TemporaryDirectory=folder)


class _Windows:
    """Maps a batch to its audio, (samples [B, T], lengths [B], None, None) as NeMo takes it."""

    def __getitem__(self, batch: Batch) -> tuple[Any, ...]:
        cuts = CutSet.from_cuts(_cut(f"{i}", piece) for i, piece in enumerate(batch))
        audio, lengths = collate_audio(cuts.pad(duration=SHORTEST / SAMPLE_RATE))
        return audio, lengths, None, None


def _cut(id: str, piece: AudioPiece) -> MonoCut:
    frames = usable(piece.audio, [piece.window])
    recording = Recording(
        id=id,
        sources=[AudioSource(type="file", channels=[0], source=str(piece.audio))],
        sampling_rate=SAMPLE_RATE,
        num_samples=frames,
        duration=frames / SAMPLE_RATE,
    )
    window = piece.window
    # Lhotse takes seconds, and rounds them back to these very samples.
    start, duration = window.context_start / SAMPLE_RATE, window.samples / SAMPLE_RATE
    return MonoCut(id=id, start=start, duration=duration, channel=0, recording=recording)


def _as_it_is(batch: Any) -> Any:
    return batch


@contextlib.contextmanager
def _pinned_loader(model: Any) -> Iterator[None]:
    original = model._setup_dataloader_from_config

    def pinned(config: Any) -> Any:
        with open_dict(config):
            config.num_workers = 0
            config.force_map_dataset = True
            config.pin_memory = torch.cuda.is_available()
        return original(config)

    model._setup_dataloader_from_config = pinned
    try:
        yield
    finally:
        del model._setup_dataloader_from_config


def _prompt(model: Any, language: str) -> dict[str, str]:
    """Canary's prompt: transcribe this language, with punctuation, and times where it can."""
    known = set(model.tokenizer.vocab)
    languages = {each[2:-2] for each in known if _LANGUAGE.fullmatch(each)}
    if hasattr(model.tokenizer, "langs"):  # it may have a token for a language, and no words of it
        languages &= {each[:2] for each in model.tokenizer.langs}
    if language not in languages:
        raise SettingsInvalid("the language", language, f"one of: {', '.join(sorted(languages))}")
    times = {"<|timestamp|>", "<|0|>"} <= known and model.timestamps_asr_model is None
    slots = {
        "source_lang": language,
        "target_lang": language,
        "pnc": "yes",
        "task": "asr",
        "timestamp": "yes" if times else "no",
        "decodercontext": "",
        "emotion": "<|emo:undefined|>",
        "itn": "no",
        "diarize": "no",
    }
    return {slot: slots[slot] for slot in model.prompt.get_slots("user") if slot in slots}
