"""The sentences that the user reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.errors import DiskFull, EngineUnreachable, NoAudio, Surface
from editor_plugin.core.jobs.request import JobRequest
from editor_plugin.core.jobs.status import InputStatus, JobStatus
from editor_plugin.hosts.job_client import JobClient
from editor_plugin.hosts.obs.jobs import RecordingJob
from editor_plugin.hosts.obs.status_text import status_text, status_texts

FILM = Path("/films/a film.mkv")


def job(state: str = "", has_ended: bool = False, **of_input: Any) -> RecordingJob:
    """A job that the engine has, where a state is given."""
    client = JobClient(NoTransport(), JobRequest(()))
    if state:
        client.job = 1
        client.status = JobStatus(1, state, 41.7, 95, (InputStatus("a film", **of_input),))
    return RecordingJob(FILM, client, has_ended, of_input.get("error"))


class NoTransport:
    """Never called here."""

    def send(self, method: str, path: str, body: object = None, seconds: float = 30.0) -> None:
        raise AssertionError

    def receive(self) -> Any:
        raise AssertionError


@pytest.mark.parametrize(
    ("job", "sentence"),
    [
        (job(), "“a film.mkv” is being handed to the engine."),
        (job("queued"), "“a film.mkv”: Waiting."),
        (job("paused"), "“a film.mkv”: Paused."),
        (job("running"), "“a film.mkv”: Transcribing (42 %, about 2 minutes left)."),
        (
            job("done", True, cues=1, outputs=("/films/a film.srt",), notes=("N.",)),
            "“a film.mkv”: 1 subtitle in “a film.srt”. N.",
        ),
        (
            job("failed", True, error=NoAudio("a film.mkv")),
            f"“a film.mkv”: {NoAudio('a film.mkv')}",
        ),
        (
            job("cancelled", True),
            "“a film.mkv”: stopped. What was recognised so far is kept.",
        ),
        (
            job("", True),
            "“a film.mkv”: stopped. What was recognised so far is kept.",
        ),
        (
            job("failed", True, error=DiskFull("/films")),
            f"“a film.mkv”: {DiskFull('/films').sentence(Surface.EDITOR)}",
        ),
    ],
)
def test_each_state_has_its_sentence(job: RecordingJob, sentence: str) -> None:
    assert status_text(job) == sentence


def test_why_nothing_goes_on_is_shown_while_something_waits() -> None:
    trouble = EngineUnreachable("it does not start")
    waiting, done = job(), job("done", True, cues=2)
    assert status_texts([done], trouble) == [status_text(done)]
    assert status_texts([done, waiting], trouble) == [
        status_text(done),
        status_text(waiting),
        trouble.sentence(Surface.EDITOR),
    ]
