"""Fits the weights of `core.boundary_weights` to human-segmented text.

    python -m benchmarks.fit_boundaries REFERENCE [--language en] [--folds 8]

Prints the tables and, with --folds, the boundary F1 that they reach on text that was left out. The
model is a semi-Markov conditional random field: the probability of a segmentation goes with e to
the power of its rating, which is what `core.segmentation` maximises. The weights are those that
make the human segmentation most probable, less a penalty on large ones (L2). Needs numpy and scipy.
"""

from __future__ import annotations

import argparse
import pprint
from collections.abc import Sequence
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

from demo.needs import need_packages, refuse

if __name__ == "__main__":
    need_packages("numpy", "scipy")

import numpy as np
from scipy.optimize import minimize

from benchmarks.references import (
    Break,
    NoReferenceError,
    Sentence,
    breaks_of,
    joined,
    paced,
    read_reference,
)
from benchmarks.scores import Score, score, total
from editor_plugin.core.boundaries import evidence
from editor_plugin.core.boundary_weights import Shape, Weights
from editor_plugin.core.languages import Lexicon, lexicon
from editor_plugin.core.segmentation import cut_utterance, segment
from editor_plugin.core.styles import PLAIN

Floats = Any  # numpy arrays; their stubs say less than the shapes in the comments

LINE = PLAIN.max_chars
SHAPES = [field.name for field in fields(Shape) if field.name != "scale"]
PER_CHARS = 10  # shapes are fitted by ten characters, so that all weights are of one size
PENALTIES = (
    1.0,
    2.0,
    0.1,
)  # on what cue and line have in common, on what sets them apart, on shape
TOGETHER = 4  # sentences that are joined to running text, which is used beside the single ones
FEWER_LINES = -0.3  # added to every line's rating: on left-out text it gains a little


class Candidates:
    """Every possible cue of every text, with its features."""

    def __init__(self, texts: Sequence[Sentence], known: Lexicon | None, names: list[str]) -> None:
        self.sizes = np.array([len(text.words) for text in texts])
        offsets = np.concatenate([[0], np.cumsum(self.sizes)])
        self.gaps = np.zeros((offsets[-1], len(names)))
        column = {name: at for at, name in enumerate(names)}
        rows = []
        for number, text in enumerate(texts):
            for at, found in enumerate(evidence(text.words, known)):
                for name, value in found.items():
                    if name in column:
                        self.gaps[offsets[number] + at, column[name]] = value
            rows += [(number, *cue) for cue in _cues(text)]
        self.text, self.first, self.upper, self.last = np.array([row[:4] for row in rows]).T
        self.shapes = np.array([row[4] for row in rows])
        self.human = np.array([row[5] for row in rows])
        self.cue_gap = offsets[self.text] + self.last
        self.two = self.upper >= 0
        self.line_gap = offsets[self.text[self.two]] + self.upper[self.two]
        self.forward = self._steps(self.last)
        self.backward = self._steps(self.first)[::-1]

    def _steps(self, key: Floats) -> list[tuple[Floats, Floats]]:
        """Candidates by one of their words, grouped by text: indices, and where groups begin."""
        order = np.lexsort((self.text, key))
        steps = np.split(order, np.flatnonzero(np.diff(key[order])) + 1)
        starts = [np.flatnonzero(np.diff(self.text[step], prepend=-1)) for step in steps]
        return list(zip(steps, starts, strict=True))

    def ratings(self, weights: Floats) -> Floats:
        """Of every candidate. Weights: gaps' for cues, gaps' for lines, shapes'."""
        count = self.gaps.shape[1]
        for_cue, for_line, for_shape = np.split(weights, [count, 2 * count])
        found = (self.gaps @ for_cue)[self.cue_gap] + self.shapes @ for_shape
        found[self.two] += (self.gaps @ for_line)[self.line_gap]
        return found

    def sums(self, share: Floats) -> Floats:
        """Evidence summed over candidates, each counted by its share; in the order of weights."""
        count = len(self.gaps)
        cue = np.bincount(self.cue_gap, share, count) @ self.gaps
        line = np.bincount(self.line_gap, share[self.two], count) @ self.gaps
        return np.concatenate([cue, line, share @ self.shapes])

    def probabilities(self, ratings: Floats) -> tuple[Floats, float]:
        """Of every candidate cue, and the sum of the texts' log partition functions."""
        ahead = self._sweep(self.forward, ratings, self.first, self.last + 1, 0 * self.sizes)
        behind = self._sweep(self.backward, ratings, self.last + 1, self.first, self.sizes)
        whole = ahead[np.arange(len(self.sizes)), self.sizes]
        inner = ahead[self.text, self.first] + ratings + behind[self.text, self.last + 1]
        return np.exp(np.minimum(0, inner - whole[self.text])), float(whole.sum())

    def _sweep(
        self, steps: Any, ratings: Floats, source: Floats, target: Floats, origin: Floats
    ) -> Floats:
        table = np.full((len(self.sizes), self.sizes.max() + 1), -1e30)
        table[np.arange(len(self.sizes)), origin] = 0
        for step, starts in steps:
            values = table[self.text[step], source[step]] + ratings[step]
            most = np.maximum.reduceat(values, starts)
            spread = np.repeat(most, np.diff(starts, append=len(step)))
            sums = np.add.reduceat(np.exp(values - spread), starts)
            table[self.text[step[starts]], target[step[starts]]] = most + np.log(sums)
        return table


def _cues(text: Sentence) -> list[tuple[int, int, int, list[float], bool]]:
    """Each cue that fits: first word, last of the upper line or -1, last; shape; whether human."""
    ends = np.cumsum([len(word) + 1 for word in text.words]) - 1
    starts = ends - [len(word) for word in text.words]
    human = _human(text, starts, ends)
    found = []
    for first in range(len(ends)):
        for last in range(first, len(ends)):
            length = ends[last] - starts[first]
            if length <= LINE:
                shape = [-Shape(**{name: 1.0}).one_line(length) for name in SHAPES]
                found.append((first, -1, last, shape))
                continue
            for upper in range(first, last):
                top, bottom = ends[upper] - starts[first], ends[last] - starts[upper + 1]
                if top <= LINE and bottom <= LINE:
                    uneven = max(0, bottom - top), max(0, top - bottom)
                    found.append((first, upper, last, [0, 0, 0, length - LINE, *uneven]))
    return [
        (first, upper, last, [-value / PER_CHARS for value in shape], (first, upper, last) in human)
        for first, upper, last, shape in found
    ]


def _human(text: Sentence, starts: Floats, ends: Floats) -> set[tuple[int, int, int]]:
    cues, first, upper = set(), 0, -1
    for at, mark in enumerate(text.breaks):
        if mark == Break.LINE:
            upper = at
        elif mark == Break.CUE:
            fits = ends[at] - starts[first] <= LINE  # then Recue never makes two lines of it
            cues.add((first, -1 if fits else upper, at))
            first, upper = at + 1, -1
    return cues


def fit(sentences: Sequence[Sentence], known: Lexicon | None) -> Weights:
    """The weights that make the human segmentation most probable, single and as running text."""
    texts = [*sentences, *joined(sentences, TOGETHER)]
    names = sorted(
        {name for text in texts for found in evidence(text.words, known) for name in found}
    )
    every = Candidates(texts, known, names)
    seen = every.sums(every.human.astype(float))
    count = len(names)
    common, apart, shape = PENALTIES

    def unfold(free: Floats) -> Floats:
        both, half = free[:count], free[count : 2 * count]
        return np.concatenate([both + half, both - half, free[2 * count :]])

    penalties = np.repeat([common, apart, shape], [count, count, len(SHAPES)])

    def loss(free: Floats) -> tuple[float, Floats]:
        ratings = every.ratings(unfold(free))
        share, whole = every.probabilities(ratings)
        slope = every.sums(share) - seen
        cue, line = slope[:count], slope[count : 2 * count]
        slope = np.concatenate([cue + line, cue - line, slope[2 * count :]])
        size = whole - ratings[every.human].sum() + penalties @ free**2 / 2
        return size, slope + penalties * free

    start = np.zeros(2 * count + len(SHAPES))
    options = {"maxiter": 120, "ftol": 1e-6}
    found = unfold(minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x)
    found[count + names.index("any")] += FEWER_LINES
    gaps = {
        name: (round(float(found[at]), 2), round(float(found[count + at]), 2))
        for at, name in enumerate(names)
    }
    shapes = found[2 * count :] / PER_CHARS
    return Weights(gaps, Shape(*(round(float(value), 3) for value in shapes)))


def cross_validate(sentences: Sequence[Sentence], language: str | None, folds: int) -> list[Score]:
    """The score of each fold, a stretch of the text, with weights fitted on the others."""
    scores = []
    fold = [at * folds // len(sentences) for at in range(len(sentences))]
    for left_out in range(folds):
        rest = [text for text, where in zip(sentences, fold, strict=True) if where != left_out]
        cut = partial(cut_utterance, weights=fit(rest, lexicon(language)))
        scores.append(
            total(
                score(text, breaks_of(segment(paced(text.words), PLAIN, language, cut)))
                for text, where in zip(sentences, fold, strict=True)
                if where == left_out
            )
        )
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("reference", type=Path)
    parser.add_argument("--language", default="en")
    parser.add_argument("--folds", type=int, default=0)
    options = parser.parse_args()
    try:
        sentences = read_reference(options.reference)
    except NoReferenceError as error:
        refuse(str(error))
    if options.folds and not 2 <= options.folds <= len(sentences):
        parser.error(f"--folds is from 2 to {len(sentences)}, the number of sentences, or 0")
    for language in (options.language, None):
        if options.folds:
            scores = cross_validate(sentences, language, options.folds)
            values = [each.f1 for each in scores]
            print(
                f"# left out: F1 {total(scores).f1:.3f}, folds {min(values):.3f}–{max(values):.3f}"
            )
        weights = fit(sentences, lexicon(language))
        pprint.pp(weights.gaps)
        print(weights.shape)


if __name__ == "__main__":
    main()
