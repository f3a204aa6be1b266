"""The model, its measured results and its card agree."""

from __future__ import annotations

import copy
import json
from hashlib import sha256
from typing import Any

import pytest

from demo.files import CARD, MODEL, RESULTS
from demo.model_card import card
from demo.sentences import held_out
from demo.words import vocabulary

ON_A_GPU, ON_A_CPU = 3.0, 8.0  # per cent of the words that may be wrong


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return loaded


def test_the_model_is_small() -> None:
    assert MODEL.stat().st_size <= 20_000_000


def test_the_results_are_those_of_this_model(results: dict[str, Any]) -> None:
    assert results["sha256"] == sha256(MODEL.read_bytes()).hexdigest()
    assert results["bytes"] == MODEL.stat().st_size
    assert results["vocabulary"] == len(vocabulary())
    assert results["held_out"]["sentences"] == len(held_out()) == 200


def test_the_card_is_written_from_the_results(results: dict[str, Any]) -> None:
    assert CARD.read_text(encoding="utf-8") == card(results)
    other = copy.deepcopy(results)
    other["held_out"]["word_error_rate"] += 1
    assert card(other) != card(results)


def test_the_model_hears_well_enough(results: dict[str, Any]) -> None:
    gpu = any("NVIDIA" in stage["device"] for stage in results["training"]["stages"])
    assert results["held_out"]["word_error_rate"] <= (ON_A_GPU if gpu else ON_A_CPU)
    assert set(results["words_heard_in"].values()) == {0}


def test_the_card_says_that_it_is_a_demo(results: dict[str, Any]) -> None:
    text = CARD.read_text(encoding="utf-8")
    assert "**This model is a demo.**" in text
    assert "Human speech: it was never trained on any." in text
