"""Train the demo model: `python -m demo.train_model WORK`. A GPU is used when there is one.

WORK holds everything that is made: the tokenizer, the speech (made first where there is none; see
demo/speech.py), and the checkpoint from which an interrupted training goes on. The order of the
batches is seeded; how many there are depends on the machine, for the time is what is given. Then
`python -m demo.export_model WORK` writes the `.nemo` file.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from demo.needs import need_files, need_folder, need_json, need_packages

os.environ.setdefault("NEMO_REDIRECT_LOGS_TO_STDERR", "1")
if __name__ == "__main__":
    need_packages("nemo", "numpy", "scipy", "torch")

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from demo.sentences import grammar_sha256, training_sentences
from demo.speech import make_speech, need_voices
from demo.training import augment, network
from demo.training.batches import SOUNDS, UNKNOWN_SOUND, Batch, Batches, Limits
from demo.training.progress_check import ProgressCheck
from demo.training.tdt_loss import Targets, TokenWindows, tdt_loss
from demo.training.tokens import train_tokenizer

PEAK_RATE, FINAL_SHARE = 2e-3, 0.01
WARM_UP = 0.03  # of the time
UNMASKED = 0.05  # of the time, before parts of the input are hidden
SOUND_WEIGHT = 0.5  # of the helper that names the sound in each frame; fades to none by half time
SIGMA = 0.02
AVERAGE_STEPS = 1000  # the weights that count are an average over about so many steps
CHECK_MINUTES = 2.0


@dataclass(frozen=True)
class Plan:
    """What the command line asks for; `limits` bound one batch."""

    work: Path
    minutes: float
    sentences: int
    limits: Limits
    workers: int
    device: torch.device
    peak_rate: float
    start_from: Path | None


class Trainer:
    """The model, its optimiser and its averaged weights; with `start_from`, not from nothing."""

    def __init__(self, plan: Plan) -> None:
        torch.manual_seed(1)
        self.plan = plan
        self.model = network.build(plan.work / "tokenizer").to(plan.device)
        self.earlier: list[dict[str, Any]] = []
        if plan.start_from:
            self.model.load_state_dict(_weights(plan.start_from))
            facts = plan.start_from / "training.json"
            self.earlier = json.loads(facts.read_text(encoding="utf-8"))["stages"]
        self.model.train()
        self.model.preprocessor.eval()  # no dither: demo.training.augment adds the noise
        self.names_sounds = nn.Linear(network.WIDTH, len(SOUNDS)).to(plan.device)
        everything = [*self.model.parameters(), *self.names_sounds.parameters()]
        self.optimiser = torch.optim.AdamW(
            everything, lr=plan.peak_rate, betas=(0.9, 0.98), weight_decay=1e-3
        )
        self.average = {k: v.detach().clone() for k, v in self.model.state_dict().items()}
        self.step, self.elapsed_s, self.clock = 0, 0.0, time.perf_counter()

    @property
    def progress(self) -> float:
        """From 0 to 1, by time."""
        return min(self.elapsed_s / 60 / self.plan.minutes, 1.0)

    def losses(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """The transducer's loss per token, and the helper's per frame."""
        model, cuda = self.model, self.plan.device.type == "cuda"
        with torch.no_grad():
            audio = augment.roughen(batch.audio)
            features, lengths = model.preprocessor(input_signal=audio, length=batch.audio_count)
            if self.progress > UNMASKED:
                features = augment.mask(features)
        with torch.autocast("cuda", torch.bfloat16, enabled=cuda):
            encoded, frames = model.encoder(audio_signal=features, length=lengths)
            encoded = encoded.transpose(1, 2)
            said, _, _ = model.decoder(targets=batch.tokens, target_length=batch.token_count)
            joint = model.joint
            heard = joint.project_encoder(encoded).unsqueeze(2)
            logits = joint.joint_net(heard + joint.project_prednet(said.transpose(1, 2))[:, None])
            sounds = self.names_sounds(encoded)
        last_frame = (frames - 1)[:, None]
        windows = TokenWindows(
            batch.first.clamp(min=0).minimum(last_frame),
            batch.last.clamp(min=0).minimum(last_frame),
        )
        targets = Targets(batch.tokens, batch.token_count, frames, windows)
        transducer = tdt_loss(logits, targets, len(network.DURATIONS), SIGMA)
        return transducer.sum() / batch.token_count.sum().clamp(min=1), _sound_loss(sounds, batch)

    def train_on(self, batch: Batch) -> tuple[float, float]:
        """One step; the time it takes counts from the end of the one before."""
        rate = self.plan.peak_rate * _share_of_rate(self.progress)
        for each in self.optimiser.param_groups:
            each["lr"] = rate
        transducer, helper = self.losses(_moved(batch, self.plan.device))
        fresh = not self.plan.start_from
        weight = SOUND_WEIGHT * max(0.0, 1 - 2 * self.progress) if fresh else 0.0
        self.optimiser.zero_grad(set_to_none=True)
        (transducer + weight * helper).backward()
        norm = nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        if torch.isfinite(norm):
            self.optimiser.step()
        self._update_average()
        values = transducer.item(), helper.item()
        self.step += 1
        now = time.perf_counter()
        self.elapsed_s += now - self.clock
        self.clock = now
        return values

    def _update_average(self) -> None:
        keep = min(1 - 1 / AVERAGE_STEPS, (1 + self.step) / (10 + self.step))
        now = self.model.state_dict()
        shadow = [v for v in self.average.values() if v.is_floating_point()]
        fresh = [now[k].detach() for k, v in self.average.items() if v.is_floating_point()]
        torch._foreach_lerp_(shadow, fresh, 1 - keep)

    def save(self) -> None:
        """The checkpoint for going on, and the averaged weights alone for the export."""
        state = {
            "model": self.model.state_dict(),
            "names_sounds": self.names_sounds.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "average": self.average,
            "step": self.step,
            "elapsed_s": self.elapsed_s,
        }
        _save(state, self.plan.work / "checkpoint.pt")
        _save({k: v.cpu() for k, v in self.average.items()}, self.plan.work / "weights.pt")
        device = self.plan.device
        cores = f"CPU, threads: {torch.get_num_threads()}"
        name = torch.cuda.get_device_name(device) if device.type == "cuda" else cores
        stage = {
            "minutes": round(self.elapsed_s / 60, 1),
            "steps": self.step,
            "device": name,
            "grammar_sha256": grammar_sha256(),
        }
        facts = json.dumps({"stages": [*self.earlier, stage]})
        (self.plan.work / "training.json").write_text(facts + "\n", encoding="utf-8")

    def load(self) -> None:
        """Go on from a checkpoint, if there is one."""
        path = self.plan.work / "checkpoint.pt"
        if path.exists():
            state = torch.load(path, map_location=self.plan.device, weights_only=True)
            self.model.load_state_dict(state["model"])
            self.names_sounds.load_state_dict(state["names_sounds"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.average, self.step = state["average"], state["step"]
            self.elapsed_s = state["elapsed_s"]
            print(f"going on after step {self.step}, {self.elapsed_s / 60:.1f} minutes", flush=True)


def _save(state: dict[str, Any], path: Path) -> None:
    torch.save(state, path.with_suffix(".part"))
    os.replace(path.with_suffix(".part"), path)


def _weights(folder: Path) -> dict[str, Tensor]:
    weights: dict[str, Tensor] = torch.load(
        folder / "weights.pt", map_location="cpu", weights_only=True
    )
    return weights


def _share_of_rate(progress: float) -> float:
    """Up to 1 in a short warm-up, then down along a cosine."""
    if progress < WARM_UP:
        return 0.02 + 0.98 * progress / WARM_UP
    fall = (progress - WARM_UP) / (1 - WARM_UP)
    return FINAL_SHARE + (1 - FINAL_SHARE) * (1 + math.cos(math.pi * fall)) / 2


def _moved(batch: Batch, device: torch.device) -> Batch:
    moved = {f.name: getattr(batch, f.name).to(device, non_blocking=True) for f in fields(batch)}
    return replace(batch, **moved)


def _sound_loss(sounds: Tensor, batch: Batch) -> Tensor:
    frames = min(sounds.shape[1], batch.sounds.shape[1])
    guess, right = sounds[:, :frames].float(), batch.sounds[:, :frames]
    known = (right != UNKNOWN_SOUND).sum().clamp(min=1)
    loss = nn.functional.cross_entropy(
        guess.transpose(1, 2), right, ignore_index=UNKNOWN_SOUND, reduction="sum"
    )
    return loss / known


def train(plan: Plan) -> None:
    """Train until the time is used up, with a check and a checkpoint every few minutes."""
    trainer = Trainer(plan)
    trainer.load()
    check = ProgressCheck(plan.work)
    checked_s, trainer.clock = trainer.elapsed_s, time.perf_counter()
    for batch in _batches(plan, seed=trainer.step):
        transducer, helper = trainer.train_on(batch)
        if trainer.step % 100 == 0:
            minutes = trainer.elapsed_s / 60
            line = f"{minutes:6.1f} min  step {trainer.step}  loss {transducer:.3f}"
            print(f"{line}  sounds {helper:.3f}  {tuple(batch.audio.shape)}", flush=True)
        done = trainer.progress >= 1
        if done or trainer.elapsed_s - checked_s > CHECK_MINUTES * 60:
            checked_s = trainer.elapsed_s
            trainer.save()
            print(check.report(trainer.model, trainer.average), flush=True)
            trainer.clock = time.perf_counter()
        if done:
            return


def _batches(plan: Plan, seed: int) -> Iterator[Batch]:
    dataset = Batches(plan.work / "speech", plan.work / "tokenizer", plan.limits, seed)
    return iter(DataLoader(dataset, batch_size=None, num_workers=plan.workers))


def _plan() -> Plan:
    cuda = torch.cuda.is_available()
    parser = argparse.ArgumentParser(description="Train the demo speech model.")
    parser.add_argument("work", type=Path, help="where everything is kept; several gigabytes")
    parser.add_argument("--minutes", type=float, default=17 if cuda else 150)
    parser.add_argument("--sentences", type=int, default=60_000)
    parser.add_argument("--batch-seconds", type=float, default=600 if cuda else 40)
    parser.add_argument("--nodes", type=int, default=3_000_000 if cuda else 130_000)
    parser.add_argument("--workers", type=int, default=8 if cuda else 1)
    parser.add_argument("--peak-rate", type=float, default=PEAK_RATE)
    parser.add_argument("--start-from", type=Path, help="the WORK folder of an earlier training")
    chosen = parser.parse_args()
    limits = Limits(chosen.batch_seconds, chosen.nodes)
    device = torch.device("cuda" if cuda else "cpu")
    return Plan(
        chosen.work,
        chosen.minutes,
        chosen.sentences,
        limits,
        chosen.workers,
        device,
        chosen.peak_rate,
        chosen.start_from,
    )


def main() -> None:
    plan = _plan()
    if plan.start_from:
        need_files(plan.start_from / "weights.pt", plan.start_from / "tokenizer" / "vocab.txt")
        need_json(plan.start_from / "training.json", "stages")
    need_folder(plan.work)
    speech_is_there = any((plan.work / "speech").glob("shard-*.json"))
    if not (speech_is_there and (plan.work / "check" / "shard-check.json").exists()):
        need_voices()
    if not (plan.work / "tokenizer" / "vocab.txt").exists():
        if plan.start_from:
            shutil.copytree(plan.start_from / "tokenizer", plan.work / "tokenizer")
        else:
            train_tokenizer(training_sentences(30_000), plan.work / "tokenizer")
    if not speech_is_there:
        make_speech(plan.work / "speech", plan.sentences)
    train(plan)


if __name__ == "__main__":
    main()
