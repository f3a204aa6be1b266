"""Human-segmented text: one sentence a line, `<eol>` ends a line and `<eob>` ends a cue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from pathlib import Path

from editor_plugin.core.cues import Cue
from editor_plugin.core.transcript import Word

PACE = Fraction(1, 15)
"""Seconds a character: an even pace without pauses, for text that has no sound."""


class Break(IntEnum):
    """The boundary after a word."""

    NONE = 0
    LINE = 1
    CUE = 2


MARKS = {"<eol>": Break.LINE, "<eob>": Break.CUE}


class NoReferenceError(ValueError):
    """The file cannot be read, or has no sentence; the message is the reason."""


@dataclass(frozen=True)
class Sentence:
    """The words of one line of the file, and what follows each."""

    words: tuple[str, ...]
    breaks: tuple[Break, ...]


def read_reference(path: Path) -> list[Sentence]:
    """Read a file of tagged text; a sentence's last word always ends a cue."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise NoReferenceError(f"“{path}” cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise NoReferenceError(f"“{path}” is not text in UTF-8.") from error
    sentences = []
    for line in text.splitlines():
        words: list[str] = []
        breaks: list[Break] = []
        for part in line.split():
            if part not in MARKS:
                words.append(part)
                breaks.append(Break.NONE)
            elif breaks:
                breaks[-1] = MARKS[part]
        if words:
            sentences.append(Sentence(tuple(words), (*breaks[:-1], Break.CUE)))
    if not sentences:
        raise NoReferenceError(f"“{path}” holds no sentence.")
    return sentences


def joined(sentences: Iterable[Sentence], count: int) -> list[Sentence]:
    """Running text: `count` sentences in one."""
    found = list(sentences)
    groups = [found[at : at + count] for at in range(0, len(found), count)]
    return [
        Sentence(
            tuple(word for each in group for word in each.words),
            tuple(mark for each in group for mark in each.breaks),
        )
        for group in groups
    ]


def paced(words: Sequence[str]) -> list[Word]:
    """The words at an even pace."""
    found, at = [], 0
    for word in words:
        found.append(Word(word, at * PACE, (at + len(word)) * PACE))
        at += len(word) + 1
    return found


def breaks_of(cues: Iterable[Cue]) -> tuple[Break, ...]:
    """The Break after each word in cues that were built from words with spaces."""
    marks: list[Break] = []
    for cue in cues:
        for line in cue.lines:
            marks += [Break.NONE] * len(line.split())
            marks[-1] = Break.LINE
        marks[-1] = Break.CUE
    return tuple(marks)
