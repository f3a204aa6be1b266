"""The sentences that the user reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import EngineUnreachable, NoAudio
from editor_plugin.hosts.obs.jobs import RecordingJob
from editor_plugin.hosts.obs.status_text import duration, told, told_all

FILM = Path("/films/a film.mkv")


def status(state: str, **of_input: Any) -> dict[str, Any]:
    return {"job": 1, "state": state, "percent": 41.7, "seconds_left": 95, "inputs": [of_input]}


@pytest.mark.parametrize(
    ("errand", "sentence"),
    [
        (RecordingJob(FILM, {}), "“a film.mkv” is handed over."),
        (RecordingJob(FILM, {}, 1), "“a film.mkv” waits for its turn."),
        (RecordingJob(FILM, {}, 1, status("queued")), "“a film.mkv” waits for its turn."),
        (RecordingJob(FILM, {}, 1, status("paused")), "“a film.mkv” rests."),
        (
            RecordingJob(FILM, {}, 1, status("running")),
            "“a film.mkv”: 42 % transcribed, about 2 minutes left.",
        ),
        (
            RecordingJob(
                FILM, {}, 1, status("done", cues=1, outputs=["/films/a film.srt"], notes=["N."])
            ),
            "“a film.mkv”: 1 subtitle in “a film.srt”. N.",
        ),
        (
            RecordingJob(FILM, {}, 1, status("failed", error=NoAudio("a film.mkv").to_wire())),
            f"“a film.mkv”: {NoAudio('a film.mkv')}",
        ),
        (
            RecordingJob(FILM, {}, 1, status("failed")),
            "“a film.mkv”: It could not be transcribed. Recue's log tells why.",
        ),
        (
            RecordingJob(FILM, {}, 1, status("cancelled")),
            "“a film.mkv”: stopped. What was recognised is kept for the next time.",
        ),
        (
            RecordingJob(FILM, {}, error=NoAudio("x")),
            f"“a film.mkv”: {NoAudio('x')}",
        ),
    ],
)
def test_each_state_has_its_sentence(errand: RecordingJob, sentence: str) -> None:
    assert told(errand) == sentence


def test_why_nothing_goes_on_is_told_while_something_waits() -> None:
    trouble = EngineUnreachable("it does not start")
    waiting, done = RecordingJob(FILM, {}), RecordingJob(FILM, {}, 1, status("done", cues=2))
    assert told_all([done], trouble) == [told(done)]
    assert told_all([done, waiting], trouble) == [told(done), told(waiting), str(trouble)]


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


@given(st.floats(1, 10**6))
def test_a_length_of_time_is_nearly_right(seconds: float) -> None:
    number, unit = duration(seconds).split()
    length = {"second": 1, "minute": 60, "hour": 3600}[unit.removesuffix("s")]
    assert abs(int(number) * length - seconds) <= 0.5 * length
    assert unit.endswith("s") == (number != "1")
