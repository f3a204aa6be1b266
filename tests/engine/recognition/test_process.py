"""One runner process: real ones, that stall, die, flood and leave children."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core import errors, protocol
from editor_plugin.core.protocol import Notification
from editor_plugin.engine.recognition import process
from editor_plugin.engine.recognition.pipes import INBOX, lines
from editor_plugin.engine.recognition.process import RunnerCall, RunnerProcess, runner_command
from editor_plugin.engine.recognition.watchdog import CallSize, Timeouts, Watchdog
from tests.misbehaving.staging import BRISK, Stage, stage, work

__all__ = ["stage"]

CHUNK = 12
Start = Callable[..., RunnerProcess]
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


@pytest.fixture
def start(stage: Stage) -> Iterator[Start]:
    started: list[RunnerProcess] = []

    def start(*trouble: dict[str, Any], timeouts: Timeouts = BRISK, **more: Any) -> RunnerProcess:
        stage.plan(*trouble, **more)
        started.append(RunnerProcess(stage.launch, timeouts))
        return started[-1]

    yield start
    for each in started:
        each.kill()


def load(**more: Any) -> RunnerCall:
    params = {"path": "m.nemo", "device": "cpu", "precision": "fp32", "route": "map"}
    return RunnerCall("load_model", params, CallSize("loading"), **more)


def transcribe(count: int = 4, **more: Any) -> RunnerCall:
    windows = [protocol.window_to_wire(window) for window in work(count).windows]
    items = [{"item": "a", "audio": "a.wav", "windows": windows}]
    params = {"items": items, "route": "map", "batch_seconds": None, "language": None}
    return RunnerCall("transcribe", params, CallSize("transcribing"), **more)


def progress(news: Notification, watch: Watchdog) -> None:
    """A listener that takes every window for progress, as the real one does."""
    if news.method == "words":
        watch.progressed()


def script(stage: Stage, code: str) -> None:
    """Start this program instead of the fake runner."""
    stage.launch = replace(stage.launch, command=(sys.executable, "-S", "-c", code))


def test_a_call_gets_its_answer_and_its_listener_the_news(start: Start) -> None:
    runner, news = start(), list[Notification]()
    runner.greet()
    runner.call(load())
    result = runner.call(transcribe(listener=lambda each, watch: news.append(each)))
    assert result["windows"] == 4
    assert [each.method for each in news] == ["words", "words", "progress"] * 2
    runner.close()
    assert not runner.alive


def test_a_polite_end_is_not_a_kill(start: Start, stage: Stage) -> None:
    runner = start()
    runner.greet()
    runner.close()
    assert len(stage.events("shutdown")) == 1
    assert runner._process.returncode == 0


@pytest.mark.parametrize("spoken", [0, 2, "1", None])
def test_another_protocol_is_refused(start: Start, spoken: Any) -> None:
    runner = start(protocol=spoken)
    with pytest.raises(errors.RunnerIncompatible):
        runner.greet()
    assert not runner.alive


def test_a_runner_that_does_not_know_the_greeting_is_refused(start: Start) -> None:
    with pytest.raises(errors.RunnerIncompatible, match="unknown"):
        start(protocol="none").greet()


def test_a_program_that_is_no_runner_has_stalled(stage: Stage) -> None:
    script(stage, "import time; print('Hello', flush=True); time.sleep(600)")
    runner = RunnerProcess(stage.launch, replace(BRISK, starting=1))
    with pytest.raises(errors.RunnerStalled) as caught:
        runner.greet()
    assert caught.value.data["stage"] == "starting"
    assert runner._pipes.garbage == 1


def test_a_command_that_is_not_there_is_said(stage: Stage) -> None:
    launch = replace(stage.launch, command=(str(stage.folder / "no-python"), "-m", "x"))
    with pytest.raises(errors.EnvironmentBroken, match="cannot be started"):
        RunnerProcess(launch, BRISK)


# Death.


@posix
@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGTERM"])
def test_death_by_signal_names_stage_and_signal(start: Start, name: str) -> None:
    runner = start({"do": "die", "signal": name, "at": "window", "after": 1})
    runner.greet()
    heard: list[str] = []
    with pytest.raises(errors.RunnerDied) as caught:
        runner.call(transcribe(listener=lambda each, watch: heard.append(each.method)))
    assert caught.value.data["stage"] == "transcribing"
    assert caught.value.data["status"] == -getattr(signal, name)
    assert heard == ["words"]
    assert not runner.alive


def test_stderr_of_a_dead_runner_is_in_the_log_and_not_in_the_sentence(stage: Stage) -> None:
    script(stage, "import sys; sys.exit('Traceback: something of NeMo')")
    runner = RunnerProcess(stage.launch, BRISK)
    with pytest.raises(errors.RunnerDied) as caught:
        runner.greet()
    assert "Traceback" not in str(caught.value)
    assert caught.value.data["status"] == 1
    log = stage.log.read_text("utf-8")
    assert "Traceback: something of NeMo" in log
    assert "ended while starting, status 1" in log


def test_a_call_to_a_dead_runner_is_no_broken_pipe(start: Start) -> None:
    runner = start()
    runner.greet()
    psutil.Process(runner.pid).kill()
    with pytest.raises(errors.RunnerDied):
        runner.call(load())
    with pytest.raises(errors.RunnerDied):
        runner.call(load())


def test_a_runner_that_closes_its_stdin_has_stalled(stage: Stage) -> None:
    script(stage, "import os, time; os.close(0); time.sleep(600)")
    runner = RunnerProcess(stage.launch, replace(BRISK, starting=1))
    with pytest.raises(errors.RunnerStalled):
        runner.greet()


def test_a_request_that_nobody_reads_does_not_block(start: Start) -> None:
    runner = start({"do": "stall", "at": "loading"})
    runner.greet()
    call = load()
    call.params["path"] = "x" * (8 * 1024 * 1024)
    with pytest.raises(errors.RunnerStalled):
        runner.call(call)


def test_a_runner_that_hangs_up_is_dead(start: Start) -> None:
    runner = start({"do": "hang_up", "at": "loading"})
    runner.greet()
    with pytest.raises(errors.RunnerDied):
        runner.call(load())


# Stalls.


@pytest.mark.parametrize("at", ["importing", "loading", "batch", "window"])
@pytest.mark.parametrize("heartbeat", [0, 0.05])
def test_a_stall_is_found_with_and_without_heartbeat(
    start: Start, at: str, heartbeat: float
) -> None:
    runner = start({"do": "stall", "at": at}, heartbeat=heartbeat)
    runner.greet()
    with pytest.raises(errors.RunnerStalled) as caught:
        runner.call(load())
        runner.call(transcribe())
    stage = {"batch": "transcribing", "window": "transcribing"}.get(at, at)
    if heartbeat:
        assert caught.value.data["stage"] == stage
    assert not runner.alive


def test_work_that_goes_on_without_heartbeat_is_left_alone(start: Start) -> None:
    timeouts = replace(BRISK, silence=0.8)
    runner = start({"do": "quiet", "at": "loading"}, batch_time=0.2, timeouts=timeouts)
    runner.greet()
    runner.call(load())
    assert runner.call(transcribe(12, listener=progress))["windows"] == 12


def test_a_slow_runner_is_left_alone(start: Start) -> None:
    runner = start(batch_time=0.4, batch_windows=1)
    runner.greet()
    assert runner.call(transcribe(5, listener=progress))["windows"] == 5


@posix
def test_a_frozen_process_is_killed(start: Start) -> None:
    runner = start()
    runner.greet()
    os.kill(runner.pid, signal.SIGSTOP)
    with pytest.raises(errors.RunnerStalled):
        runner.call(load())


def test_a_machine_that_slept_kills_nobody(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock leaps by a day each time that the engine looks, but for a few looks."""
    runner = start(batch_time=0.5)
    runner.greet()
    looks = iter(range(10**9))

    class Leaping:
        @staticmethod
        def monotonic() -> float:
            return time.monotonic() + 86400 * (next(looks) // 10)

    monkeypatch.setattr(process, "time", Leaping)
    patient = replace(BRISK, longest_tick=0.05)
    runner._timeouts = patient
    assert runner.call(transcribe(4, listener=progress))["windows"] == 4
    assert next(looks) > 20


def test_a_listener_that_takes_long_is_not_the_runners_fault(start: Start) -> None:
    runner = start()
    runner.greet()

    def slow(news: Notification, watch: Watchdog) -> None:
        time.sleep(0.5)

    assert runner.call(transcribe(4, listener=slow))["windows"] == 4


def test_a_listener_that_raises_ends_the_runner(start: Start) -> None:
    runner = start()
    runner.greet()

    def full(news: Notification, watch: Watchdog) -> None:
        raise errors.DiskFull("/")

    with pytest.raises(errors.DiskFull):
        runner.call(transcribe(listener=full))
    assert not runner.alive


def test_a_batch_in_which_nothing_happens_is_not_waited_for_as_long(start: Start) -> None:
    timeouts = replace(BRISK, first_batch=3600, idle=1)
    runner = start({"do": "stall", "at": "batch"}, timeouts=timeouts)
    runner.greet()
    with pytest.raises(errors.RunnerStalled):
        runner.call(transcribe())


def test_a_batch_that_computes_for_long_is_waited_for(start: Start) -> None:
    runner = start(batch_spin=2.5, batch_windows=4, timeouts=replace(BRISK, first_batch=60, idle=1))
    runner.greet()
    assert runner.call(transcribe(4))["windows"] == 4


# Noise.


def test_garbage_on_stdout_is_counted_logged_and_passed_over(start: Start, stage: Stage) -> None:
    runner = start({"do": "garbage", "at": "window"})
    runner.greet()
    news: list[Notification] = []
    runner.call(transcribe(2, listener=lambda each, watch: news.append(each)))
    assert runner._pipes.garbage == 2 * 8
    assert [
        each.method for each in news if "seconds" in each.params or "window" in each.params
    ] == [
        "words",
        "words",
        "progress",
    ]
    runner.close()
    assert "Transcribing: 0it" in stage.log.read_text("utf-8")


@given(
    chunks=st.lists(st.text("ab\n", min_size=1, max_size=CHUNK).map(str.encode), max_size=12),
    longest=st.integers(1, 8),
)
def test_lines_are_whole_however_they_arrive_and_long_ones_are_cut(
    chunks: list[bytes], longest: int
) -> None:
    class Pipe:
        def __init__(self) -> None:
            self.left = iter(chunks)

        def read(self, size: int) -> bytes:
            return next(self.left, b"")

    with mock.patch.object(protocol, "MAX_LINE_BYTES", longest):
        found = list(lines(Pipe()))  # type: ignore[arg-type]
    *whole, rest = b"".join(chunks).split(b"\n")
    expected = [*whole, rest] if rest else whole
    assert len(found) == len(expected)
    for line, full in zip(found, expected, strict=True):
        assert full.startswith(line)
        assert len(line) <= longest + CHUNK
        assert line == full if len(full) <= longest else len(line) > longest


UNHURRIED = replace(BRISK, first_batch=60, batch=60, silence=60, idle=60)
"""Megabytes take seconds on a busy machine, and are no stall."""


def test_a_line_without_end_takes_bounded_memory(start: Start) -> None:
    runner = start({"do": "long_line", "at": "window", "window": 0}, timeouts=UNHURRIED)
    runner.greet()
    before = psutil.Process().memory_info().rss
    assert runner.call(transcribe(2))["windows"] == 2
    assert runner._pipes.garbage == 1
    assert psutil.Process().memory_info().rss - before < 4 * protocol.MAX_LINE_BYTES


@pytest.mark.parametrize(("pipe", "megabytes"), [("stderr", 100), ("stdout", 10)])
def test_a_flood_fills_neither_memory_nor_disk(
    start: Start, stage: Stage, pipe: str, megabytes: int
) -> None:
    flood = {"do": f"flood_{pipe}", "at": "batch", "megabytes": megabytes, "window": 0}
    runner = start(flood, timeouts=UNHURRIED)
    runner.greet()
    before = psutil.Process().memory_info().rss
    assert runner.call(transcribe(2))["windows"] == 2
    assert psutil.Process().memory_info().rss - before < 50e6
    runner.close()
    assert sum(file.stat().st_size for file in stage.log.parent.iterdir()) < 10e6


def test_a_flood_of_messages_nobody_waits_for_blocks_nobody(start: Start) -> None:
    """The runner talks without end between two calls; the next call is still answered by a kill."""
    runner = start({"do": "chatter", "at": "loading"})
    runner.greet()
    with pytest.raises(errors.RunnerStalled):
        runner.call(load())
    assert runner._pipes.inbox.qsize() <= INBOX


# Children.


@pytest.mark.parametrize("do", ["child", "daemon"])
@pytest.mark.parametrize("end", ["kill", "close", "die"])
def test_children_end_with_the_runner(start: Start, stage: Stage, do: str, end: str) -> None:
    runner = start({"do": do, "at": "loading"}, {"do": "exit", "at": "batch"})
    runner.greet()
    runner.call(load())
    (event,) = stage.events("child")
    assert psutil.pid_exists(event["child"])
    if end == "die":
        with pytest.raises(errors.RunnerDied):
            runner.call(transcribe())
    else:
        getattr(runner, end)()
    assert stage.running() == []


@posix
def test_a_runner_that_ignores_every_request_to_end_is_killed(start: Start, stage: Stage) -> None:
    runner = start({"do": "deafen", "at": "loading"})
    runner.greet()
    runner.call(load())
    psutil.Process(runner.pid).terminate()
    assert runner.alive
    runner.close()
    assert stage.running() == []


def test_kill_may_come_twice_and_from_another_thread(start: Start, stage: Stage) -> None:
    runner = start({"do": "stall", "at": "loading"}, timeouts=Timeouts())
    runner.greet()
    threading.Timer(0.3, runner.kill).start()
    with pytest.raises(errors.RunnerDied):
        runner.call(load())
    runner.kill()
    assert stage.running() == []


def test_what_a_killed_runner_left_in_its_work_folder_is_removed(
    start: Start, stage: Stage
) -> None:
    runner = start()
    runner.greet()
    folders = stage.folder / "work"
    mine, other = folders / f"{runner.pid}-abcd", folders / f"{runner.pid}0-abcd"
    for folder in (mine, other):
        folder.mkdir(parents=True)
        (folder / "weights.ckpt").write_bytes(b"x")
    mine.with_name(f"{mine.name}.lock").touch()
    runner.kill()
    assert list(folders.iterdir()) == [other]


# Surroundings.


def test_the_package_is_found_whatever_an_editor_has_set(stage: Stage, monkeypatch: Any) -> None:
    monkeypatch.chdir(stage.folder)
    monkeypatch.setenv("PYTHONPATH", str(stage.folder))
    monkeypatch.setenv("PYTHONHOME", str(stage.folder))
    out = stage.folder / "seen.json"
    script(
        stage,
        "import editor_plugin, json, os, sys; from pathlib import Path;"
        f"Path({str(out)!r}).write_text(json.dumps("
        "[editor_plugin.__file__, sys.stdout.encoding, os.environ['PYTHONPATH']]))",
    )
    runner = RunnerProcess(stage.launch, BRISK)
    with pytest.raises(errors.RunnerDied):
        runner.greet()
    where, encoding, path = json.loads(out.read_text("utf-8"))
    assert Path(where).samefile(Path(process.__file__).parents[2] / "__init__.py")
    assert encoding == "utf-8"
    assert str(stage.folder) not in path


def test_the_real_command_names_the_runner_and_its_folder(tmp_path: Path) -> None:
    assert runner_command(tmp_path) == (
        sys.executable,
        "-m",
        "editor_plugin.runner",
        "--cache",
        str(tmp_path),
    )
