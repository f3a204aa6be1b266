"""A job from click to report where things go wrong: engines that vanish, jobs that end badly."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from editor_plugin.core.cues import Cue
from editor_plugin.core.errors import (
    Cancelled,
    EngineUnreachable,
    JobUnknown,
    ModelNotFetched,
    RecueError,
)
from editor_plugin.core.jobs.request import JobOptions
from editor_plugin.core.jobs.result import JobResult, result_to_wire
from editor_plugin.core.jobs.status import InputStatus, JobStatus, status_to_wire
from editor_plugin.core.timeline import Timeline
from editor_plugin.hosts.blender.generation import Generation
from editor_plugin.hosts.blender.host import EditedSubtitles, Scope
from editor_plugin.hosts.job_client import MOST_FAILURES
from editor_plugin.hosts.placed import Placed

RESULT = JobResult(
    "Cut", None, (Cue(Fraction(1), Fraction(2), ("Hello.",)),), (None,), "", ("A finding.",)
)


class Engine:
    """Answers with what it was given, one answer for each poll."""

    def __init__(self, *answers: str | RecueError) -> None:
        self.answers = list(answers)
        self.refusal: RecueError | None = None
        self.corrected: list[Any] = []
        self.submitted = 0

    def call(self, method: str, path: str, body: Any = None, timeout: float = 30.0) -> Any:
        if path == "/corrections":
            self.corrected.append(body)
            if self.refusal:
                raise self.refusal
            return {"batch": 1, "changes": [], "sentences": ["Learnt."]}
        if path == "/jobs":
            self.submitted += 1
            return {"job": 17}
        assert path.startswith("/jobs/17")
        if path.endswith("/cancel"):
            self.answers = ["cancelled"]
            return self.status("running")
        return result_to_wire(RESULT) if "/results/" in path else self.poll()

    def poll(self) -> dict[str, Any]:
        answer = self.answers.pop(0)
        if isinstance(answer, RecueError):
            raise answer
        return self.status(answer)

    def status(self, state: str) -> dict[str, Any]:
        error = ModelNotFetched("m", 10) if state == "failed" else None
        each = InputStatus("Cut", state, 40.0, ("A note.",), recognised=0)
        return status_to_wire(JobStatus(17, state, 40.0, 12.0, (each,), error))


class Host:
    """A timeline without Blender."""

    scope = Scope()

    def __init__(self, edits: list[EditedSubtitles]) -> None:
        self._edits = edits
        self.placed: list[JobResult] = []
        self.released: list[str] = []
        self.changed = False

    def snapshot(self) -> Timeline:
        return Timeline("Cut", Fraction(25 if not self.changed else 24), ())

    def edits(self) -> list[EditedSubtitles]:
        return self._edits

    def place(self, result: JobResult) -> Placed:
        self.placed.append(result)
        return Placed(True, ("Placed.",))

    def remember(self, job: int) -> None:
        assert job == 17

    def let_go(self, names: tuple[str, ...]) -> int:
        self.released += names
        return len(names)


def generation_of(
    engine: Engine, host: Host | None = None, ready: Callable[[], bool] = lambda: True
) -> Generation:
    class Client:
        class Opening:
            def poll(self) -> Engine | None:
                return engine if ready() else None

    generation: Any = Generation
    return generation(Client, host or Host([]), JobOptions())  # type: ignore[no-any-return]


def ended(generation: Generation) -> Placed:
    for _ in range(40):
        placed = generation.step()
        if placed is not None:
            return placed
    raise AssertionError("it never ends")


def test_a_job_ends_with_a_report() -> None:
    host = Host([])
    placed = ended(generation_of(Engine("queued", "running", "done"), host))
    assert placed.sentences == (
        "Placed.",
        "All of the sound had been recognised before.",
        "A note.",
        "A finding.",
    )
    assert host.placed[0].cues == (Cue(Fraction(1), Fraction(2), ("Hello.",)),)


def test_progress_is_that_of_the_engine() -> None:
    generation = generation_of(Engine("running"))
    for _ in range(3):
        generation.step()
    assert generation.percent == 40.0
    assert generation.text == "Transcribing (40 %, about 12 seconds left)"


def test_an_engine_that_vanishes_is_found_again_and_the_job_goes_on() -> None:
    engine = Engine(EngineUnreachable("gone"), "running", EngineUnreachable("gone"), "done")
    assert ended(generation_of(engine)).verified
    assert engine.submitted == 1


def test_an_engine_that_never_comes_back_is_given_up() -> None:
    engine = Engine(*[EngineUnreachable("gone")] * MOST_FAILURES)
    with pytest.raises(EngineUnreachable):
        ended(generation_of(engine))


def test_a_failed_job_tells_its_own_error() -> None:
    with pytest.raises(ModelNotFetched):
        ended(generation_of(Engine("running", "failed")))


def test_a_cancelled_job_places_nothing() -> None:
    host = Host([])
    generation = generation_of(Engine("running", "running", "done"), host)
    for _ in range(3):
        generation.step()
    generation.cancel()
    with pytest.raises(Cancelled):
        ended(generation)
    assert host.placed == []


def test_a_cancel_that_finds_no_engine_is_sent_again() -> None:
    class Vanishing(Engine):
        def call(self, method: str, path: str, body: Any = None, timeout: float = 30.0) -> Any:
            if path.endswith("/cancel") and not self.vanished:
                self.vanished = True
                raise EngineUnreachable("gone")
            return super().call(method, path, body, timeout)

        vanished = False

    engine, host = Vanishing("running", "running", "done"), Host([])
    generation = generation_of(engine, host)
    for _ in range(3):
        generation.step()
    generation.cancel()
    with pytest.raises(Cancelled):
        ended(generation)
    assert engine.vanished and host.placed == []


def test_it_can_be_cancelled_before_there_is_an_engine() -> None:
    generation = generation_of(Engine(), ready=lambda: False)
    assert generation.step() is None
    generation.cancel()
    with pytest.raises(Cancelled):
        generation.step()


def test_edits_are_handed_over_before_the_job() -> None:
    edited = EditedSubtitles(5, (Cue(Fraction(1, 3), Fraction(2), ("Hullo.",)),), ("Recue 001",))
    engine, host = Engine("done"), Host([edited])
    assert "Learnt." in ended(generation_of(engine, host)).sentences
    cue = {"start": "1/3", "end": "2", "text": "Hullo."}
    assert engine.corrected == [{"cues": [cue], "of": {"job": 5, "input": 0}}]
    assert host.released == []


def test_edits_that_cannot_be_kept_become_the_users_own() -> None:
    engine, host = Engine("done"), Host([EditedSubtitles(5, (), ("Recue 001",))])
    engine.refusal = JobUnknown("5")
    told = ended(generation_of(engine, host)).sentences
    assert host.released == ["Recue 001"]
    assert any(each.startswith("A subtitle that you edited is now your own") for each in told)


def test_a_timeline_that_changed_meanwhile_is_said() -> None:
    host = Host([])
    generation = generation_of(Engine("done"), host)
    host.changed = True
    assert (
        "The timeline was changed meanwhile: refresh the subtitles." in ended(generation).sentences
    )
