"""A job's events there and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import NoAudio
from editor_plugin.core.jobs.events import (
    EXTRACTING_SHARE,
    Event,
    InputFailed,
    InputFinished,
    InputStarted,
    Note,
    StageProgress,
    StateChanged,
    Words,
    event_from_wire,
    event_to_wire,
)
from editor_plugin.core.jobs.status import FINAL_STATES, STATES

paths = st.text(st.characters(codec="utf-8"), min_size=1, max_size=9).map(Path)
counts = st.integers(0, 10**6)
times = st.floats(0, 10**6)
events = st.one_of(
    st.builds(InputStarted, paths, counts, counts),
    st.builds(StageProgress, paths, st.sampled_from(("extracting", "recognising")), times, times),
    st.builds(Words, paths, paths, times, times, st.text()),
    st.builds(Note, st.none() | paths, st.text()),
    st.builds(InputFinished, paths, st.lists(paths).map(tuple), counts, counts, times),
    st.builds(StateChanged, st.sampled_from(STATES)),
)


@given(events)
def test_an_event_comes_back_as_it_was(event: Event) -> None:
    assert event_from_wire(json.loads(json.dumps(event_to_wire(event)))) == event


def test_an_error_comes_back_as_what_it_is() -> None:
    for event in (InputFailed(Path("a"), NoAudio("a")), StateChanged("failed", NoAudio("a"))):
        read = event_from_wire(event_to_wire(event))
        assert isinstance(read, InputFailed | StateChanged)
        assert isinstance(read.error, NoAudio) and str(read.error) == str(NoAudio("a"))


def test_the_names_in_json_are_those_that_programs_know() -> None:
    wire = event_to_wire(InputStarted(Path("a"), 1, 2))
    assert wire == {"event": "started", "input": "a", "number": 1, "of": 2}
    assert event_from_wire({"event": "of a newer Recue"}) is None


@pytest.mark.parametrize("state", STATES)
def test_a_final_state_is_known(state: str) -> None:
    assert StateChanged(state).is_final == (state in FINAL_STATES)


def test_extraction_is_a_small_share_of_an_input() -> None:
    def share(stage: str, done: float) -> float:
        return StageProgress(Path("a"), stage, done, 10.0).share

    assert share("extracting", 10) == share("recognising", 0) == EXTRACTING_SHARE
    assert share("recognising", 20) == 1
    assert StageProgress(Path("a"), "extracting", 0, 0).share == 0
