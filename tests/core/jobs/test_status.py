"""A job's status there and back, and the words for it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import EngineUnreachable, MediaMissing, NoAudio, RecueError
from editor_plugin.core.jobs.status import (
    STATE_TEXTS,
    STATES,
    InputStatus,
    JobStatus,
    count,
    duration,
    first_error,
    progress_text,
    status_from_wire,
    status_to_wire,
    time_left,
)
from editor_plugin.core.printable import printable

texts = st.text(max_size=12)
counts = st.none() | st.integers(0, 10**6)
percents = st.floats(0, 100)
errors = st.none() | texts.map(MediaMissing) | texts.map(NoAudio)
inputs = st.builds(
    InputStatus,
    texts,
    st.sampled_from(STATES),
    percents,
    st.lists(texts, max_size=3).map(tuple),
    errors,
    counts,
    counts,
    st.none() | st.floats(0, 10**6),
    st.lists(texts, max_size=3).map(tuple),
)
statuses = st.builds(
    JobStatus,
    st.integers(1, 10**9),
    st.sampled_from(STATES),
    percents,
    st.none() | st.floats(0, 10**6),
    st.lists(inputs, max_size=3).map(tuple),
    errors,
    st.lists(texts, max_size=3).map(tuple),
)


@given(statuses)
def test_a_status_comes_back_as_it_was(status: JobStatus) -> None:
    wire = json.loads(json.dumps(status_to_wire(status)))
    read = status_from_wire(wire)
    assert status_to_wire(read) == wire
    notes = tuple(map(printable, status.notes))
    assert (read.job, read.state, read.notes) == (status.job, status.state, notes)
    assert type(read.error) is type(status.error)


@pytest.mark.parametrize("wire", [{}, {"job": 1}, {"job": "x", "state": "done"}, [], None])
def test_what_is_no_status_is_an_engine_that_is_not_understood(wire: Any) -> None:
    with pytest.raises(EngineUnreachable):
        status_from_wire(wire)


def test_the_input_of_an_older_store_has_nothing_but_its_name() -> None:
    read = status_from_wire({"job": 1, "state": "queued", "inputs": [{"name": "a"}]})
    assert read.inputs == (InputStatus("a"),)


def test_the_first_error_is_the_jobs_else_that_of_an_input() -> None:
    of_job, of_input = RecueError("It rained.", ""), NoAudio("a")
    failed = (InputStatus("a"), InputStatus("b", error=of_input))
    assert first_error(JobStatus(1, "failed", inputs=failed, error=of_job)) is of_job
    assert first_error(JobStatus(1, "failed", inputs=failed)) is of_input
    assert isinstance(first_error(JobStatus(1, "failed")), EngineUnreachable)


def test_notes_are_said_once() -> None:
    status = JobStatus(1, "done", inputs=(InputStatus("a", notes=("N.", "M.")),), notes=("N.",))
    assert status.all_notes == ("N.", "M.")


def test_progress_is_shown_of_a_running_job_only() -> None:
    assert progress_text(JobStatus(1, "queued", 0)) == "Waiting"
    assert progress_text(JobStatus(1, "running", 41.7)) == "Transcribing (42 %)"
    running = JobStatus(1, "running", 41.7, 95)
    assert progress_text(running) == "Transcribing (42 %, about 2 minutes left)"
    assert set(STATE_TEXTS) == set(STATES)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1 second"),
        (1.4, "1 second"),
        (20, "20 seconds"),
        (60, "1 minute"),
        (95, "2 minutes"),
        (3600, "1 hour"),
        (7000, "2 hours"),
    ],
)
def test_a_length_of_time_is_said_as_people_say_it(seconds: float, text: str) -> None:
    assert duration(seconds) == text
    assert time_left(seconds) == f"about {text} left"
    assert time_left(None) == ""


@given(st.floats(1, 10**6))
def test_a_length_of_time_is_nearly_right(seconds: float) -> None:
    number, unit = duration(seconds).split()
    length = {"second": 1, "minute": 60, "hour": 3600}[unit.removesuffix("s")]
    assert abs(int(number) * length - seconds) <= 0.5 * length
    assert unit.endswith("s") == (number != "1")


def test_plurals() -> None:
    assert [count(number, "cue") for number in (0, 1, 2)] == ["0 cues", "1 cue", "2 cues"]
