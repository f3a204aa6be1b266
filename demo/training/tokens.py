"""The tokenizer, and in which stretch of a sentence each token is said."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import sentencepiece

PIECES = 192
MARKS = (".", ",", "?", "!")
WORD_OPENS = "▁"
ENDINGS = (WORD_OPENS, *MARKS)  # a piece that begins so closes the word before it

# A word's first token is written at its start, its last one shortly before its end, so that the
# model's word times are the times of the speech. All in seconds.
EARLY_S, LATE_S = 0.04, 0.10
TAIL_S = 0.20
MARK_BEFORE_S, MARK_AFTER_S = 0.20, 0.50


@dataclass(frozen=True)
class Tokens:
    """Token numbers, and for each the seconds between which it may be written."""

    ids: tuple[int, ...]
    first_s: tuple[float, ...]
    last_s: tuple[float, ...]


def train_tokenizer(sentences: Iterable[str], folder: Path) -> None:
    """Write `tokenizer.model` and `vocab.txt` as NeMo wants them."""
    folder.mkdir(parents=True, exist_ok=True)
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences),
        model_writer=model,
        model_type="bpe",
        vocab_size=PIECES,
        character_coverage=1.0,
        user_defined_symbols=list(MARKS),  # never joined to letters
        bos_id=-1,
        eos_id=-1,
        pad_id=-1,
        unk_id=0,
        minloglevel=2,
    )
    (folder / "tokenizer.model").write_bytes(model.getvalue())
    pieces = load_tokenizer(folder)
    lines = [pieces.id_to_piece(number) for number in range(pieces.get_piece_size())]
    (folder / "vocab.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def load_tokenizer(folder: Path) -> sentencepiece.SentencePieceProcessor:
    return sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))


def place_tokens(
    pieces: Sequence[str], ids: Sequence[int], words: Sequence[Sequence[float]], end_s: float
) -> Tokens:
    """Windows of a sentence's tokens; without word times, each may come anywhere in 0 … end."""
    if not words:
        return Tokens(tuple(ids), (0.0,) * len(ids), (end_s,) * len(ids))
    first, last, word = [], [], -1
    for at, piece in enumerate(pieces):
        opens = piece.startswith(WORD_OPENS)
        word += opens
        start_s, stop_s = words[word]
        closes = at + 1 == len(pieces) or pieces[at + 1].startswith(ENDINGS)
        if piece in MARKS:
            first.append(stop_s - MARK_BEFORE_S)
            last.append(stop_s + MARK_AFTER_S)
        elif opens:
            first.append(start_s - EARLY_S)
            last.append(start_s + LATE_S)
        else:
            first.append(stop_s - TAIL_S if closes else start_s)
            last.append(stop_s + EARLY_S)
    return Tokens(tuple(ids), tuple(first), tuple(last))
