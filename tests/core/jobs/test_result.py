"""A result there and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.cues import Cue
from editor_plugin.core.errors import EngineUnreachable
from editor_plugin.core.jobs.result import (
    DoubtfulWord,
    JobResult,
    result_from_wire,
    result_to_wire,
)

texts = st.text(max_size=12)
times = st.fractions(0, 10**5)
shares = st.floats(0, 1)
cues = st.builds(Cue, times, times, st.lists(texts, min_size=1, max_size=2).map(tuple))
several = st.lists(st.tuples(cues, st.none() | shares), max_size=4)
sentences = st.lists(texts, max_size=3).map(tuple)
doubtful = st.lists(st.builds(DoubtfulWord, times, texts, shares), max_size=3).map(tuple)


@given(texts, st.none() | st.fractions(1, 240), several, texts, sentences, doubtful)
def test_a_result_comes_back_as_it_was(
    name: str, rate: Any, cues: Any, srt: str, findings: Any, doubtful: Any
) -> None:
    made = tuple(cue for cue, _ in cues)
    result = JobResult(name, rate, made, tuple(each for _, each in cues), srt, findings, doubtful)
    assert result_from_wire(json.loads(json.dumps(result_to_wire(result)))) == result


@pytest.mark.parametrize("wire", [{}, {"name": "a"}, [], None])
def test_what_is_no_result_is_an_engine_that_is_not_understood(wire: Any) -> None:
    with pytest.raises(EngineUnreachable):
        result_from_wire(wire)
