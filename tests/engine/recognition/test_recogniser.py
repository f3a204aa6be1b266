"""The recogniser against runners that misbehave, as real processes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core import errors
from editor_plugin.engine.recognition.recogniser import Recogniser
from editor_plugin.engine.recognition.types import Limits, ModelChoice, Outcome, RecognitionItem
from editor_plugin.engine.recognition.watchdog import Timeouts
from tests.misbehaving.staging import BRISK, SECOND, Ear, Stage, seconds, stage, work

__all__ = ["stage"]

ROUTES = ["map", "model-defaults", "direct"]
Open = Callable[..., Recogniser]


@pytest.fixture
def recogniser(stage: Stage) -> Iterator[Open]:
    opened: list[Recogniser] = []

    def open(
        *trouble: dict[str, Any],
        limits: Limits | None = None,
        timeouts: Timeouts = BRISK,
        **more: Any,
    ) -> Recogniser:
        stage.plan(*trouble, **more)
        opened.append(Recogniser(stage.folder, stage.log, stage.launch.command, timeouts))
        opened[-1].prepare(ModelChoice(stage.folder / "model.nemo"), limits)
        return opened[-1]

    yield open
    for each in opened:
        each.close()


def run(recogniser: Recogniser, *items: RecognitionItem) -> tuple[Ear, Outcome]:
    ear = Ear()
    return ear, recogniser.transcribe(items or [work(5)], ear, threading.Event())


def everything(count: int, item: str = "a") -> list[tuple[str, int]]:
    return [(item, start) for start in range(count)]


# A runner that does as it should.


def test_every_window_is_heard_once_and_in_order(recogniser: Open, stage: Stage) -> None:
    ear, outcome = run(recogniser(), work(5), work(3, "b"))
    assert ear.windows == everything(5) + everything(3, "b")
    assert ear.steps == [(float(n), 8.0) for n in range(1, 9)]
    assert outcome == Outcome(Limits(30, 60.0, None, "map", "fp32"))
    assert stage.routes() == ["map"]


def test_the_second_transcription_does_not_load_again(recogniser: Open, stage: Stage) -> None:
    it = recogniser()
    assert not run(it)[1].was_warm
    run(it)
    it.prepare(ModelChoice(stage.folder / "model.nemo"))
    assert run(it)[1].was_warm
    assert len(stage.events("load_model")) == len(stage.events("start")) == 1


def test_the_speed_of_one_call_is_known_in_the_next(recogniser: Open) -> None:
    timeouts = replace(BRISK, first_batch=9, silence=20)
    trouble = {"do": "stall", "at": "batch", "start": 1, "window": 9 * SECOND}
    it = recogniser(trouble, timeouts=timeouts)
    run(it, work(6))
    _, outcome = run(it, RecognitionItem("b", Path("b.wav"), seconds(9)))
    assert ["no progress for 1 s" in note for note in outcome.notes] == [True]


def test_another_model_is_loaded_in_the_same_process(recogniser: Open, stage: Stage) -> None:
    it = recogniser()
    run(it)
    it.prepare(ModelChoice(stage.folder / "other.nemo"))
    run(it)
    assert [Path(event["path"]).name for event in stage.events("loaded")] == [
        "model.nemo",
        "other.nemo",
    ]
    assert len(stage.events("start")) == 1


def test_what_was_remembered_is_what_is_asked_for(recogniser: Open, stage: Stage) -> None:
    limits = Limits(20, 40.0, "cpu", "direct", "bf16")
    run(recogniser(limits=limits))
    (load,) = stage.events("load_model")
    assert load["params"] | {"path": ""} == {
        "path": "",
        "device": "cpu",
        "precision": "bf16",
        "route": "direct",
    }
    assert stage.events("transcribe")[0]["params"]["batch_seconds"] == 40.0


def test_the_users_own_choice_goes_over_what_was_remembered(recogniser: Open, stage: Stage) -> None:
    it = recogniser(limits=Limits(device="cpu", precision="bf16"))
    it.prepare(ModelChoice(stage.folder / "model.nemo", "cuda", "fp32", "de"), Limits(device="cpu"))
    run(it)
    params = stage.events("load_model")[-1]["params"]
    assert (params["device"], params["precision"]) == ("cuda", "fp32")
    assert stage.events("transcribe")[0]["params"]["language"] == "de"


def test_windows_are_planned_by_the_runner(recogniser: Open) -> None:
    it = recogniser()
    planned = it.plan(Path("a.wav"), [(0, 2 * SECOND), (5 * SECOND, 6 * SECOND)], SECOND)
    assert planned == seconds(0, 1, 5)


def test_nothing_to_do_is_done_at_once(recogniser: Open, stage: Stage) -> None:
    ear, outcome = run(recogniser(), work(0))
    assert (ear.windows, outcome.failed) == ([], ())
    assert stage.events("transcribe") == []


def test_a_runner_that_died_between_two_calls_is_replaced(recogniser: Open, stage: Stage) -> None:
    it = recogniser()
    run(it)
    (process,) = stage.running()
    process.kill()
    process.wait()
    ear, outcome = run(it)
    assert ear.windows == everything(5)
    assert outcome.notes == ()


# Stalls and deaths.


@pytest.mark.parametrize(
    "do", ["stall", "freeze", "die", "exit", "hang_up", "half_line", "chatter"]
)
def test_the_next_route_finishes_what_the_first_left(
    recogniser: Open, stage: Stage, do: str
) -> None:
    ear, outcome = run(recogniser({"do": do, "at": "batch", "start": 1, "after": 2}))
    assert ear.windows == everything(5)
    assert stage.sent() == [[0, 1, 2, 3, 4], [2, 3, 4]]
    assert stage.routes() == ROUTES[:2]
    assert outcome.limits.route == "model-defaults"
    assert len(outcome.notes) == 1
    assert outcome.notes == tuple(ear.notes)
    assert len(stage.running()) == 1


def test_a_stall_before_the_first_batch_goes_on_by_the_next_route(
    recogniser: Open, stage: Stage
) -> None:
    ear, _ = run(recogniser({"do": "stall", "at": "batch", "route": "map"}))
    assert ear.windows == everything(5)
    assert stage.sent() == [[0, 1, 2, 3, 4]] * 2


def test_a_death_in_the_middle_of_a_batch_keeps_what_was_said_before(
    recogniser: Open, stage: Stage
) -> None:
    trouble = {"do": "die", "signal": "SIGSEGV", "at": "window", "window": 3 * SECOND, "start": 1}
    ear, _ = run(recogniser(trouble))
    assert ear.windows == everything(5)
    assert stage.sent() == [[0, 1, 2, 3, 4], [3, 4]]


def test_each_window_of_a_slow_batch_is_progress(recogniser: Open, stage: Stage) -> None:
    ear, _ = run(recogniser(window_time=0.4, batch_windows=5))
    assert ear.windows == everything(5)
    assert stage.routes() == ["map"]


def test_the_next_file_begins_with_what_worked_for_this_one(recogniser: Open, stage: Stage) -> None:
    it = recogniser({"do": "exit", "at": "batch", "route": "map"})
    run(it)
    run(it, work(3))
    assert stage.routes() == ["map", "model-defaults", "model-defaults"]
    assert len(stage.events("start")) == 2
    assert [call["params"]["batch_seconds"] for call in stage.events("transcribe")] == [
        None,
        None,
        60.0,
    ]


def test_smaller_steps_are_waited_for_each_on_its_own(recogniser: Open, stage: Stage) -> None:
    ear, _ = run(recogniser({"do": "shrink", "at": "batch", "window": 0}))
    assert ear.windows == everything(5)
    assert stage.routes() == ["map"]


def test_a_death_after_the_last_word_loses_nothing(recogniser: Open, stage: Stage) -> None:
    ear, outcome = run(recogniser({"do": "die", "at": "end"}))
    assert ear.windows == everything(5)
    assert (outcome.limits.route, outcome.notes, outcome.failed) == ("map", (), ())
    assert stage.routes() == ["map"]


def test_a_remembered_route_comes_first_and_the_others_after_it(
    recogniser: Open, stage: Stage
) -> None:
    trouble = [{"do": "exit", "at": "batch", "start": start} for start in (1, 2)]
    _, outcome = run(recogniser(*trouble, limits=Limits(route="direct")))
    assert stage.routes() == ["direct", "map", "model-defaults"]
    assert outcome.limits.route == "model-defaults"


@pytest.mark.parametrize("do", ["stall", "die"])
def test_when_no_route_does_anything_it_ends_with_each_attempt(
    recogniser: Open, stage: Stage, do: str
) -> None:
    timeouts = replace(BRISK, first_batch=0.5)
    with pytest.raises(errors.RoutesExhausted) as caught:
        run(recogniser({"do": do, "at": "batch"}, timeouts=timeouts), work(4))
    attempts = caught.value.data["attempts"]
    assert stage.routes()[:3] == ROUTES
    assert len(attempts) == len(stage.events("transcribe")) == 5
    assert all(attempt.startswith("By route “") for attempt in attempts)
    assert "Traceback" not in str(caught.value)


def test_a_single_window_is_not_tried_a_fourth_time(recogniser: Open, stage: Stage) -> None:
    with pytest.raises(errors.RoutesExhausted):
        run(recogniser({"do": "exit", "at": "batch"}), work(1))
    assert stage.routes() == ROUTES


@pytest.mark.parametrize("bad", [0, 2, 4])
def test_a_window_that_always_kills_fails_alone(recogniser: Open, stage: Stage, bad: int) -> None:
    ear, outcome = run(recogniser({"do": "exit", "at": "batch", "window": bad * SECOND}))
    assert sorted(ear.windows) == [each for each in everything(5) if each[1] != bad]
    assert ear.failures == [("a", bad, "runner-died")]
    assert [each.window for each in outcome.failed] == list(seconds(bad))
    assert ear.steps[-1] == (5.0, 5.0)


def test_two_windows_that_always_kill_fail_and_the_rest_is_finished(
    recogniser: Open, stage: Stage
) -> None:
    trouble = [{"do": "exit", "at": "batch", "window": bad * SECOND} for bad in (1, 6)]
    ear, _ = run(recogniser(*trouble), work(8))
    assert sorted(start for _, start in ear.windows) == [0, 2, 3, 4, 5, 7]
    assert [start for _, start, _ in ear.failures] == [1, 6]


def test_a_runner_that_forgets_a_window_is_asked_by_the_next_route(
    recogniser: Open, stage: Stage
) -> None:
    ear, _ = run(recogniser({"do": "forget", "at": "batch", "after": 4, "start": 1}))
    assert ear.windows == everything(5)
    assert stage.sent() == [[0, 1, 2, 3, 4], [4]]


def test_a_window_that_is_said_twice_is_heard_once(recogniser: Open) -> None:
    ear, _ = run(recogniser({"do": "repeat", "at": "loading"}))
    assert ear.windows == everything(5)


@pytest.mark.parametrize("at", ["importing", "loading"])
@pytest.mark.parametrize("do", ["stall", "die"])
def test_trouble_before_the_first_batch_is_tried_once_more(
    recogniser: Open, stage: Stage, at: str, do: str
) -> None:
    ear, outcome = run(recogniser({"do": do, "at": at, "start": 1}))
    assert ear.windows == everything(5)
    assert stage.routes() == ["map"]
    assert outcome.notes == ()


@pytest.mark.parametrize("at", ["starting", "importing", "loading"])
def test_trouble_that_comes_again_is_raised(recogniser: Open, stage: Stage, at: str) -> None:
    with pytest.raises(errors.RunnerDied) as caught:
        run(recogniser({"do": "exit", "at": at, "status": 7}))
    assert caught.value.data == {"stage": at, "status": 7, "detail": ""}
    assert len(stage.events("start")) == 2


def test_a_plan_that_stalls_is_made_again(recogniser: Open, stage: Stage) -> None:
    it = recogniser({"do": "stall", "at": "planning", "start": 1})
    assert it.plan(Path("a.wav"), [(0, SECOND)], SECOND) == seconds(0)
    ear, _ = run(it)
    assert ear.windows == everything(5)


def test_an_old_protocol_is_said_and_not_tried_again(recogniser: Open, stage: Stage) -> None:
    with pytest.raises(errors.RunnerIncompatible) as caught:
        run(recogniser(protocol=0))
    assert caught.value.data == {"ours": 1, "theirs": "0"}
    assert len(stage.events("start")) == 1


# Errors that the runner answers with.


@pytest.mark.parametrize(
    "error",
    [
        errors.ModelCorrupt("model.nemo"),
        errors.ModelNotSpeech("model.nemo", "a vocoder"),
        errors.OutOfMemory("cpu"),
    ],
)
@pytest.mark.parametrize("at", ["loading", "batch"])
def test_an_error_with_a_known_cause_is_raised_as_it_is(
    recogniser: Open, stage: Stage, at: str, error: errors.RecueError
) -> None:
    it = recogniser({"do": "error", "at": at, "code": error.code, "data": error.data})
    with pytest.raises(type(error)) as caught:
        run(it)
    assert caught.value.to_wire() == error.to_wire()
    assert len(stage.events("start")) == 1
    assert len(stage.events("load_model")) == 1


def test_an_error_without_a_known_cause_is_tried_by_the_next_route(
    recogniser: Open, stage: Stage
) -> None:
    ear, _ = run(recogniser({"do": "error", "at": "batch", "route": "map", "code": "error"}))
    assert ear.windows == everything(5)
    assert stage.routes() == ROUTES[:2]


def test_a_failure_is_passed_on_and_its_item_not_sent_again(recogniser: Open, stage: Stage) -> None:
    it = recogniser({"do": "fail", "at": "batch", "item": "a"}, {"do": "forget", "at": "loading"})
    ear, outcome = run(it, work(2))
    assert ear.failures == [("a", None, "media-unreadable")]
    assert (outcome.failed[0].item, outcome.failed[0].window) == ("a", None)
    assert ear.steps == [(2.0, 2.0)]
    assert len(stage.events("transcribe")) == 1


def test_an_error_of_the_process_is_not_kept_for_the_next_call(
    recogniser: Open, stage: Stage
) -> None:
    broken = errors.EnvironmentBroken("NeMo cannot be loaded.", "Install Recue again.")
    trouble = {"do": "error", "at": "importing", "code": broken.code, "data": broken.data}
    it = recogniser({**trouble, "start": 1})
    with pytest.raises(errors.EnvironmentBroken):
        run(it)
    ear, _ = run(it)
    assert ear.windows == everything(5)


# Cancel and close.


def start(it: Recogniser, ear: Ear, cancel: threading.Event) -> tuple[threading.Thread, list[Any]]:
    ended: list[Any] = []

    def target() -> None:
        try:
            ended.append(it.transcribe([work(200)], ear, cancel))
        except errors.RecueError as error:
            ended.append(error)

    thread = threading.Thread(target=target)
    thread.start()
    return thread, ended


def test_cancel_keeps_the_runner_and_what_is_finished(recogniser: Open, stage: Stage) -> None:
    it, ear, cancel = recogniser(batch_time=0.1), Ear(), threading.Event()
    thread, ended = start(it, ear, cancel)
    assert ear.came.wait(20)
    cancel.set()
    thread.join()
    assert [type(each) for each in ended] == [errors.Cancelled]
    assert 0 < len(ear.windows) < 200
    ear, _ = run(it)
    assert ear.windows == everything(5)
    assert len(stage.events("start")) == len(stage.events("loaded")) == 1


def test_a_runner_that_does_not_heed_a_cancel_is_killed(recogniser: Open, stage: Stage) -> None:
    timeouts = replace(BRISK, first_batch=20, idle=20)
    it = recogniser({"do": "stall", "at": "batch", "after": 2}, timeouts=timeouts)
    ear, cancel = Ear(), threading.Event()
    thread, ended = start(it, ear, cancel)
    assert ear.came.wait(20)
    cancel.set()
    thread.join()
    assert [type(each) for each in ended] == [errors.Cancelled]
    assert ear.notes == []
    assert stage.running() == []


def test_cancel_does_not_wait_for_the_model(recogniser: Open, stage: Stage) -> None:
    timeouts = replace(BRISK, loading=20)
    it = recogniser({"do": "stall", "at": "loading", "start": 1}, timeouts=timeouts)
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(errors.Cancelled):
        it.transcribe([work(5)], Ear(), cancel)
    assert len(stage.running()) <= 1
    assert len(stage.events("start")) <= 1


def test_close_ends_a_call_that_runs(recogniser: Open, stage: Stage) -> None:
    it, ear = recogniser({"do": "stall", "at": "batch", "after": 2}), Ear()
    thread, ended = start(it, ear, threading.Event())
    assert ear.came.wait(20)
    it.close()
    thread.join()
    assert [type(each) for each in ended] == [errors.Cancelled]
    assert stage.running() == []


def test_a_listener_that_fails_ends_the_call_and_the_next_one_works(
    recogniser: Open, stage: Stage
) -> None:
    class Full(Ear):
        def progress(self, done_seconds: float, of_seconds: float) -> None:
            raise errors.DiskFull("/")

    it = recogniser(batch_time=0.1)
    with pytest.raises(errors.DiskFull):
        it.transcribe([work(50)], Full(), threading.Event())
    assert stage.running() == []
    ear, _ = run(it)
    assert ear.windows == everything(5)


def test_calls_of_two_threads_take_turns(recogniser: Open, stage: Stage) -> None:
    it, ears = recogniser(), [Ear(), Ear()]
    threads = [
        threading.Thread(target=it.transcribe, args=([work(20)], ear, threading.Event()))
        for ear in ears
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [ear.windows for ear in ears] == [everything(20)] * 2
