"""Fitting the weights of segmentation: they come to say what the text shows."""

from __future__ import annotations

import itertools

import pytest

pytest.importorskip("scipy", reason="needs the package scipy")

from benchmarks.fit_boundaries import cross_validate, fit
from benchmarks.references import Break, Sentence
from benchmarks.scores import total
from editor_plugin.core.languages import lexicon


def sentences() -> list[Sentence]:
    """A made-up house rule: a cue ends before “because”, a line before “of”, and nowhere else."""
    whats = ["the harbour lamp", "a small camera", "our oldest boat", "the captain"]
    whose = ["the northern island", "a sleepy village", "our first film", "the museum"]
    whys = ["nobody asked him", "everyone was watching", "rain fell", "it was late and dark"]
    found = []
    for what, who, why in itertools.product(whats, whose, whys):
        text = f"He described {what} of {who} because {why}."
        words = text.split()
        marks = [Break.NONE] * len(words)
        marks[words.index("because") - 1] = Break.CUE
        if len(" ".join(words[: words.index("because")])) > 42:
            marks[words.index("of") - 1] = Break.LINE
        marks[-1] = Break.CUE
        found.append(Sentence(tuple(words), tuple(marks)))
    return found


def test_weights_learn_a_house_rule_and_apply_it_to_other_text() -> None:
    weights = fit(sentences(), lexicon("en"))
    assert weights.gaps["before subordinator"][0] > 0.5
    assert weights.gaps["before subordinator"][0] > weights.gaps["before preposition"][0]
    assert total(cross_validate(sentences(), "en", 4)).f1 > 0.95
