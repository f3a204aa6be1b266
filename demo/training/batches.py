"""Batches of speech: one sentence or several with pauses, silence and noise, grouped by length."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from sentencepiece import SentencePieceProcessor
from torch import Tensor
from torch.utils.data import IterableDataset, get_worker_info

from demo.flite import SAMPLE_RATE
from demo.training.tokens import load_tokenizer, place_tokens

FRAME_S = 0.04  # the encoder makes one frame of four 10 ms steps
LONGEST_S = 30.0
# flite's names of sounds, silence first.
# fmt: off
SOUNDS = (
    "pau", "aa", "ae", "ah", "ao", "aw", "ax", "ay", "b", "ch", "d", "dh", "eh", "er", "ey", "f",
    "g", "hh", "ih", "iy", "jh", "k", "l", "m", "n", "ng", "ow", "oy", "p", "r", "s", "sh", "t",
    "th", "uh", "uw", "v", "w", "y", "z", "zh",
)
# fmt: on
UNKNOWN_SOUND = -100  # cross_entropy's "no label here"
POOL_ITEMS = 512  # so many items are drawn, then grouped by length
EMPTY_SHARE, LONG_SHARE = 0.02, 0.15
MOST_SENTENCES = 10


@dataclass(frozen=True)
class Limits:
    """What one batch may hold: padded seconds, and nodes of the loss's lattice."""

    seconds: float
    nodes: int


@dataclass(frozen=True)
class Sentence:
    """One spoken sentence: 16 kHz sound, tokens with windows, sounds as (number, end in s)."""

    samples: npt.NDArray[np.int16]
    ids: tuple[int, ...]
    first_s: tuple[float, ...]
    last_s: tuple[float, ...]
    sounds: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Item:
    """What one training example is made of: sentences, and the silence before each (seconds)."""

    sentences: tuple[Sentence, ...]
    pauses_s: tuple[float, ...]
    tail_s: float

    @property
    def sample_count(self) -> int:
        speech = sum(len(sentence.samples) for sentence in self.sentences)
        return speech + sum(round(s * SAMPLE_RATE) for s in (*self.pauses_s, self.tail_s))


@dataclass(frozen=True)
class Batch:
    """Tensors of one step; windows are frames, `sounds` is one label per frame."""

    audio: Tensor
    audio_count: Tensor
    tokens: Tensor
    token_count: Tensor
    first: Tensor
    last: Tensor
    sounds: Tensor


class Speech:
    """All shards made so far. Sound stays on disk until it is used."""

    def __init__(self, folder: Path, tokenizer: SentencePieceProcessor) -> None:
        self._folder, self._tokenizer = folder, tokenizer
        self._known: dict[str, npt.NDArray[np.int16]] = {}
        self._entries: list[tuple[str, dict[str, Any]]] = []

    def look_again(self) -> None:
        """Take in shards that were finished since the last look."""
        for path in sorted(self._folder.glob("shard-*.json")):
            if path.stem not in self._known:
                self._known[path.stem] = np.load(path.with_suffix(".npy"), mmap_mode="r")
                entries = json.loads(path.read_text(encoding="utf-8"))
                self._entries += [(path.stem, entry) for entry in entries]

    def __len__(self) -> int:
        return len(self._entries)

    def sentence(self, number: int) -> Sentence:
        shard, entry = self._entries[number]
        samples = self._known[shard][entry["begin"] : entry["end"]]
        ids = self._tokenizer.encode(entry["text"])
        pieces = [self._tokenizer.id_to_piece(piece) for piece in ids]
        tokens = place_tokens(pieces, ids, entry["words"], len(samples) / SAMPLE_RATE)
        sounds = tuple((SOUNDS.index(name), end_s) for name, end_s in entry["sounds"])
        return Sentence(np.asarray(samples), tokens.ids, tokens.first_s, tokens.last_s, sounds)


def draw_item(speech: Speech, chance: random.Random) -> Item:
    """One example: mostly a sentence, often several with pauses, seldom none at all."""
    kind = chance.random()
    if kind < EMPTY_SHARE:
        return Item((), (), chance.uniform(0.5, 15.0))
    wanted = chance.randint(2, MOST_SENTENCES) if kind > 1 - LONG_SHARE else 1
    sentences: list[Sentence] = []
    pauses: list[float] = []
    room_s = LONGEST_S
    for number in range(wanted):
        sentence = speech.sentence(chance.randrange(len(speech)))
        pause_s = chance.choice((0.0, chance.uniform(0, 0.6), chance.uniform(0, 2.0)))
        pause_s = max(pause_s, 0.1) if number else pause_s
        room_s -= pause_s + len(sentence.samples) / SAMPLE_RATE
        if sentences and room_s < 0:
            break
        sentences.append(sentence)
        pauses.append(pause_s)
    tail_s = chance.choice((0.0, chance.uniform(0, 0.6), chance.uniform(0, 2.0)))
    return Item(tuple(sentences), tuple(pauses), min(tail_s, max(room_s, 0.0)))


def group(items: list[Item], limits: Limits) -> Iterator[list[Item]]:
    """Cut items, sorted by length, into batches within the limits."""
    batch: list[Item] = []
    for item in sorted(items, key=lambda item: item.sample_count):
        seconds = item.sample_count / SAMPLE_RATE
        longest = max([sum(len(s.ids) for s in i.sentences) for i in [*batch, item]])
        nodes = seconds / FRAME_S * (longest + 1)
        size = len(batch) + 1
        if batch and (size * seconds > limits.seconds or size * nodes > limits.nodes):
            yield batch
            batch = []
        batch.append(item)
    yield batch


def collate(items: list[Item]) -> Batch:
    """Pad and join items to tensors."""
    most = max(max(item.sample_count for item in items), SAMPLE_RATE // 2)
    audio = np.zeros((len(items), most), np.int16)
    sounds = np.zeros((len(items), int(most / SAMPLE_RATE / FRAME_S) + 2), np.int64)
    ids: list[list[int]] = []
    windows: list[tuple[list[float], list[float]]] = []
    for row, item in enumerate(items):
        ids.append([])
        windows.append(([], []))
        at = 0
        for sentence, pause_s in zip(item.sentences, item.pauses_s, strict=True):
            at += round(pause_s * SAMPLE_RATE)
            at_s = at / SAMPLE_RATE
            audio[row, at : at + len(sentence.samples)] = sentence.samples
            ids[row] += sentence.ids
            windows[row][0].extend(at_s + s for s in sentence.first_s)
            windows[row][1].extend(at_s + s for s in sentence.last_s)
            at += len(sentence.samples)
            _label_sounds(sounds[row], sentence, at_s, at / SAMPLE_RATE)
    tokens = _padded(ids).long()
    first = (_padded([w[0] for w in windows]) / FRAME_S).round().long()
    last = (_padded([w[1] for w in windows]) / FRAME_S).round().long()
    return Batch(
        torch.from_numpy(audio),
        torch.tensor([item.sample_count for item in items]),
        tokens,
        torch.tensor([len(row) for row in ids]),
        first,
        torch.maximum(first, last),
        torch.from_numpy(sounds),
    )


def _padded(rows: list[list[Any]]) -> Tensor:
    table = torch.zeros(len(rows), max(max(map(len, rows)), 1), dtype=torch.float64)
    for row, values in enumerate(rows):
        table[row, : len(values)] = torch.tensor(values, dtype=torch.float64)
    return table


def _label_sounds(row: npt.NDArray[np.int64], sentence: Sentence, at_s: float, to_s: float) -> None:
    if not sentence.sounds:
        row[round(at_s / FRAME_S) : round(to_s / FRAME_S) + 1] = UNKNOWN_SOUND
        return
    begin = max(0, round(at_s / FRAME_S))
    for number, end_s in sentence.sounds:
        end = max(begin, min(round((at_s + end_s) / FRAME_S), round(to_s / FRAME_S)))
        row[begin:end] = number
        begin = end


class Batches(IterableDataset[Batch]):  # type: ignore[misc]  # torch is untyped here
    """An endless stream of batches; each worker draws its own, from its own seed."""

    def __init__(self, folder: Path, tokenizer: Path, limits: Limits, seed: int) -> None:
        self._folder, self._tokenizer, self._limits, self._seed = folder, tokenizer, limits, seed

    def __iter__(self) -> Iterator[Batch]:
        worker = get_worker_info()
        chance = random.Random(f"{self._seed} {worker.id if worker else 0}")
        speech = Speech(self._folder, load_tokenizer(self._tokenizer))
        while True:
            speech.look_again()
            items = [draw_item(speech, chance) for _ in range(POOL_ITEMS)]
            batches = list(group(items, self._limits))
            chance.shuffle(batches)
            yield from map(collate, batches)
