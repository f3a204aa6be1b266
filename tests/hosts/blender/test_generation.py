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
from editor_plugin.core.timeline import Timeline
from editor_plugin.hosts.base import JobOptions, Placed, Subtitles
from editor_plugin.hosts.blender.generation import MOST_FAILURES, Generation, time_left
from editor_plugin.hosts.blender.host import EditedSubtitles

INPUT = {"notes": ["A note."], "error": None, "recognised": 0}
STATUS = {"percent": 40.0, "seconds_left": 12.0, "error": None, "notes": [], "inputs": [INPUT]}
RESULT = {
    "name": "Cut",
    "cues": [{"start": "1", "end": "2", "lines": ["Hello."]}],
    "srt": "",
    "findings": ["A finding."],
    "doubtful": [],
}


class Engine:
    """Answers with what it was given, one answer for each poll."""

    def __init__(self, *answers: str | RecueError) -> None:
        self.answers = list(answers)
        self.refusal: RecueError | None = None
        self.corrected: list[Any] = []
        self.submitted = 0

    def submit(self, _request: Any) -> int:
        self.submitted += 1
        return 17

    def news(self, job: int, _after: int) -> dict[str, Any]:
        assert job == 17
        answer = self.answers.pop(0)
        if isinstance(answer, RecueError):
            raise answer
        error = ModelNotFetched("m", 10).to_wire() if answer == "failed" else None
        return {"news": [], "status": {**STATUS, "state": answer, "error": error}}

    def result(self, _job: int) -> dict[str, Any]:
        return RESULT

    def cancel(self, _job: int) -> None:
        self.answers = ["cancelled"]

    def correct(self, body: Any) -> dict[str, Any]:
        self.corrected.append(body)
        if self.refusal:
            raise self.refusal
        return {"batch": 1, "changes": [], "sentences": ["Learnt."]}


class Host:
    """A timeline without Blender."""

    def __init__(self, edits: list[EditedSubtitles]) -> None:
        self._edits = edits
        self.placed: list[Subtitles] = []
        self.released: list[str] = []
        self.changed = False

    def snapshot(self) -> Timeline:
        return Timeline("Cut", Fraction(25 if not self.changed else 24), ())

    def edits(self) -> list[EditedSubtitles]:
        return self._edits

    def place(self, subtitles: Subtitles) -> Placed:
        self.placed.append(subtitles)
        return Placed(True, ("Placed.",))

    def remember(self, job: int) -> None:
        assert job == 17

    def let_go(self, names: tuple[str, ...]) -> int:
        self.released += names
        return len(names)


def errand_of(
    engine: Engine, host: Host | None = None, ready: Callable[[], bool] = lambda: True
) -> Generation:
    class Client:
        class Opening:
            def poll(self) -> Engine | None:
                return engine if ready() else None

    errand: Any = Generation
    return errand(Client, host or Host([]), JobOptions())  # type: ignore[no-any-return]


def ended(errand: Generation) -> Placed:
    for _ in range(40):
        placed = errand.step()
        if placed is not None:
            return placed
    raise AssertionError("it never ends")


def test_a_job_ends_with_a_report() -> None:
    host = Host([])
    placed = ended(errand_of(Engine("queued", "running", "done"), host))
    assert placed.sentences == (
        "Placed.",
        "Nothing had to be recognised anew.",
        "A note.",
        "A finding.",
    )
    assert host.placed[0].cues == (Cue(Fraction(1), Fraction(2), ("Hello.",)),)


def test_progress_is_that_of_the_engine() -> None:
    errand = errand_of(Engine("running"))
    for _ in range(3):
        errand.step()
    progress = errand.progress
    assert (progress.doing, progress.percent, progress.seconds_left) == ("Listening", 40.0, 12.0)


def test_an_engine_that_vanishes_is_found_again_and_the_job_goes_on() -> None:
    engine = Engine(EngineUnreachable("gone"), "running", EngineUnreachable("gone"), "done")
    assert ended(errand_of(engine)).verified
    assert engine.submitted == 1


def test_an_engine_that_never_comes_back_is_given_up() -> None:
    engine = Engine(*[EngineUnreachable("gone")] * MOST_FAILURES)
    with pytest.raises(EngineUnreachable):
        ended(errand_of(engine))


def test_a_failed_job_tells_its_own_error() -> None:
    with pytest.raises(ModelNotFetched):
        ended(errand_of(Engine("running", "failed")))


def test_a_cancelled_job_places_nothing() -> None:
    host = Host([])
    errand = errand_of(Engine("running", "running", "done"), host)
    for _ in range(3):
        errand.step()
    errand.cancel()
    with pytest.raises(Cancelled):
        ended(errand)
    assert host.placed == []


def test_it_can_be_cancelled_before_there_is_an_engine() -> None:
    errand = errand_of(Engine(), ready=lambda: False)
    assert errand.step() is None
    with pytest.raises(Cancelled):
        errand.cancel()


def test_edits_are_handed_over_before_the_job() -> None:
    edited = EditedSubtitles(5, (Cue(Fraction(1, 3), Fraction(2), ("Hullo.",)),), ("Recue 001",))
    engine, host = Engine("done"), Host([edited])
    assert "Learnt." in ended(errand_of(engine, host)).sentences
    cue = {"start": "1/3", "end": "2", "text": "Hullo."}
    assert engine.corrected == [{"cues": [cue], "of": {"job": 5, "input": 0}}]
    assert host.released == []


def test_edits_that_cannot_be_kept_become_the_users_own() -> None:
    engine, host = Engine("done"), Host([EditedSubtitles(5, (), ("Recue 001",))])
    engine.refusal = JobUnknown("5")
    told = ended(errand_of(engine, host)).sentences
    assert host.released == ["Recue 001"]
    assert any(each.startswith("A subtitle that you edited is now your own") for each in told)


def test_a_timeline_that_changed_meanwhile_is_said() -> None:
    host = Host([])
    errand = errand_of(Engine("done"), host)
    host.changed = True
    assert "The timeline was changed meanwhile: refresh the subtitles." in ended(errand).sentences


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, ""),
        (3.0, "a few seconds left"),
        (44.0, "about 40 seconds left"),
        (100.0, "about 2 minutes left"),
    ],
)
def test_time_left_is_said_as_people_say_it(seconds: float | None, said: str) -> None:
    assert time_left(seconds) == said
