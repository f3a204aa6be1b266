"""bf16 hears what fp32 hears: on the 200 held-out sentences, within 0.1 points of word errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.precision import error_rates
from demo.sentences import held_out
from tests.programs import need


@pytest.mark.nemo
def test_bf16_makes_no_more_errors_than_fp32(tmp_path: Path) -> None:
    need("flite", "espeak-ng")
    sentences = held_out()
    assert len(sentences) == 200
    rates = error_rates(tmp_path, sentences)
    assert abs(rates["bf16"] - rates["fp32"]) <= 0.1
    assert rates["fp32"] <= 3.0
