"""Scores of a segmentation: its agreement with a person's, and whether its lines fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

from benchmarks.references import Break, Sentence


@dataclass(frozen=True)
class Score:
    """Counts over some text. A boundary is the end of a line or of a cue, the last one included."""

    ours: int = 0
    theirs: int = 0
    shared: int = 0
    lines: int = 0
    lines_that_fit: int = 0

    @property
    def precision(self) -> float:
        return self.shared / self.ours if self.ours else 0.0

    @property
    def recall(self) -> float:
        return self.shared / self.theirs if self.theirs else 0.0

    @property
    def f1(self) -> float:
        """Of boundaries, whichever their kind."""
        both = self.ours + self.theirs
        return 2 * self.shared / both if both else 0.0

    @property
    def conformity(self) -> float:
        """The part of the lines that are within the limit."""
        return self.lines_that_fit / self.lines if self.lines else 1.0


def score(reference: Sentence, breaks: Sequence[Break], limit: int = 42) -> Score:
    """Compare the breaks of a segmentation with a person's; lines are counted in characters."""
    lines, length = [], -1
    for word, mark in zip(reference.words, breaks, strict=True):
        length += len(word) + 1
        if mark:
            lines.append(length)
            length = -1
    return Score(
        ours=sum(map(bool, breaks)),
        theirs=sum(map(bool, reference.breaks)),
        shared=sum(a > 0 and b > 0 for a, b in zip(reference.breaks, breaks, strict=True)),
        lines=len(lines),
        lines_that_fit=sum(line <= limit for line in lines),
    )


def total(scores: Iterable[Score]) -> Score:
    """All counts together."""
    rows = [astuple(each) for each in scores]
    return Score(*map(sum, zip(*rows, strict=True))) if rows else Score()
