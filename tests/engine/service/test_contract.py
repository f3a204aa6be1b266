"""What the real engine answers is what the contract's forms promise, to the last field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from editor_plugin.core.jobs.request import request_to_wire
from editor_plugin.core.jobs.status import FINAL_STATES, STATES
from editor_plugin.engine.engine import Engine
from editor_plugin.engine.service import forms
from tests.engine.jobs.open_engine import asking, open_engine, plain
from tests.engine.service.served import ServedEngine
from tests.engine.test_engine import cut
from tests.engine.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def real(workspace: Workspace) -> Iterator[ServedEngine]:
    """The real engine and its service; only the runner is a double."""
    with open_engine(workspace) as engine, ServedEngine(engine) as served:
        yield served


def held(form: type[BaseModel], body: Any) -> Any:
    """The body, which is just what the form makes of it: nothing missing, nothing more."""
    assert form.model_validate(body, strict=True).model_dump(mode="json") == body
    return body


def ended(served: ServedEngine, job: int) -> Any:
    engine: Engine = served.engine
    while engine.queue.status(job).state not in FINAL_STATES:
        engine.feed.wait(job, 0, 0.05)
        held(forms.StatusWire, served.ask("GET", f"/jobs/{job}").body)
    return held(forms.StatusWire, served.ask("GET", f"/jobs/{job}").body)


def test_a_job_that_succeeds(real: ServedEngine, workspace: Workspace) -> None:
    film = workspace.media("film.wav", 20)
    request = request_to_wire(asking(workspace, plain(film, "srt"), cut("Cut", film, (0, 20))))
    answer = real.ask("POST", "/jobs", request)
    job = held(forms.JobNumber, answer.body)["job"]
    status = ended(real, job)
    assert [status["state"], *(each["state"] for each in status["inputs"])] == ["done"] * 3
    for number in range(2):
        result = real.ask("GET", f"/jobs/{job}/results/{number}").body
        assert held(forms.ResultWire, result)["cues"]
    news = held(forms.News, real.ask("GET", f"/jobs/{job}/news?after=0").body)
    assert news["news"][-1]["state"] == "done"
    held(forms.StatusesWire, real.ask("GET", "/jobs").body)
    assert held(forms.Hello, real.ask("GET", "/hello").body)["jobs"] == []


def test_a_job_that_fails_and_one_that_is_cancelled(
    real: ServedEngine, workspace: Workspace
) -> None:
    missing = asking(
        workspace, plain(workspace.folder / "a.wav"), plain(workspace.folder / "b.wav")
    )
    job = held(forms.JobNumber, real.ask("POST", "/jobs", request_to_wire(missing)).body)["job"]
    status = ended(real, job)
    assert [each["error"]["code"] for each in status["inputs"]] == ["media-missing"] * 2
    film = workspace.media("film.wav", 600)
    asked = request_to_wire(asking(workspace, plain(film)))
    job = held(forms.JobNumber, real.ask("POST", "/jobs", asked).body)["job"]
    for how in ("pause", "resume", "first", "cancel"):
        held(forms.StatusWire, real.ask("POST", f"/jobs/{job}/{how}").body)
    assert ended(real, job)["state"] in FINAL_STATES
    refusal = real.ask("GET", f"/jobs/{job}/results/7")
    assert refusal.status == 404 and held(forms.Refusal, refusal.body)


def test_the_form_has_every_state() -> None:
    assert get_args(forms.State) == STATES
