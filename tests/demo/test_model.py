"""The demo model itself, through NeMo, on speech made on the spot."""

from __future__ import annotations

import json
import warnings
from typing import Any

import numpy as np
import pytest

from demo.files import REFERENCE
from demo.sentences import held_out
from demo.training.error_rate import error_rate, plain_words
from tests.programs import need

pytestmark = pytest.mark.nemo

SUBSET = 30
MOST_WRONG = 0.08
WORD_TIME_S = 0.15  # how far a word's start may be off


@pytest.fixture(scope="module")
def listener() -> Any:
    """`demo.evaluate_model` and the loaded model."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NeMo warns as it is imported
        from demo import evaluate_model

        return evaluate_model, evaluate_model.load_model()


@pytest.mark.filterwarnings("ignore")
def test_it_hears_held_out_sentences(listener: Any) -> None:
    need("flite", "espeak-ng")
    tools, model = listener
    said = held_out()[:: len(held_out()) // SUBSET][:SUBSET]
    heard = [hypothesis.text for hypothesis in tools.hear(model, tools.spoken(said))]
    rate = error_rate(zip(map(plain_words, said), map(plain_words, heard), strict=True))
    assert rate <= MOST_WRONG, [
        pair for pair in zip(said, heard, strict=True) if pair[0] != pair[1]
    ]


@pytest.mark.filterwarnings("ignore")
def test_it_hears_nothing_in_silence_and_noise(listener: Any) -> None:
    tools, model = listener
    assert set(tools.quiet_results(model).values()) == {0}


@pytest.mark.filterwarnings("ignore")
def test_words_of_the_film_are_right_and_in_time(listener: Any) -> None:
    need("ffmpeg")
    tools, model = listener
    results = tools.film_results(model)
    words = sum(len(s["words"]) for s in json.loads(REFERENCE.read_text("utf-8"))["sentences"])
    assert results["word_error_rate"] <= 100 * MOST_WRONG
    assert results["words_with_times"] >= words / 2
    assert results["start_error_ms"]["nine_in_ten_below"] <= 1000 * WORD_TIME_S


@pytest.mark.filterwarnings("ignore")
def test_a_long_recording_is_heard_like_its_parts(listener: Any) -> None:
    need("flite", "espeak-ng")
    tools, model = listener
    said = held_out()[:6]
    pause = np.zeros(8000, np.float32)
    sound = np.concatenate([part for one in tools.spoken(said) for part in (one, pause)])
    (hypothesis,) = tools.hear(model, [sound])
    rate = error_rate([(plain_words(" ".join(said)), plain_words(hypothesis.text))])
    assert rate <= 2 * MOST_WRONG
