"""The runner as a real process: clean pipes, prompt ends, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from editor_plugin.core.errors import Cancelled, EnvironmentBroken, ModelCorrupt
from editor_plugin.core.protocol import Failure
from tests.runner.conftest import item, plain, sound
from tests.runner.process import ROOT, Process, gone

pytestmark = [pytest.mark.nemo]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.fixture
def runner(tmp_path: Path, home: Path) -> Iterator[Process]:
    process = Process(tmp_path / "cache é", HOME=str(home))
    yield process
    process.close()


def order(audio: Path, count: int, **changes: object) -> dict[str, object]:
    windows = [plain(2 * index, 2 * index + 2) for index in range(count)]
    return {
        "items": [item("a", audio, *windows)],
        "route": "map",
        "batch_seconds": 2,
        "language": None,
        **changes,
    }


def test_a_whole_session_leaves_nothing_behind(
    runner: Process, models: Callable[[str], Path], tmp_path: Path, home: Path
) -> None:
    audio = sound(tmp_path / "a.wav", 8)
    runner.raw(b"garbage\n")
    assert runner.load(models("tdt"))["family"] == "tdt"
    planned = runner.call("plan_windows", audio=str(audio), ranges=[[0, 128000]], limit=64000)
    assert planned["windows"][0][0] == 0 and planned["windows"][-1][3] == 128000
    for route in ("map", "model-defaults", "direct"):
        assert runner.call("transcribe", **order(audio, 4, route=route))["windows"] == 4
    assert runner.leftovers()
    broken = tmp_path / "broken.nemo"
    broken.write_bytes(models("ctc").read_bytes()[:5000])
    params = {"path": str(broken), "device": "cpu", "precision": "auto", "route": "map"}
    answer = runner.answer(runner.send("load_model", **params))
    assert isinstance(answer, Failure) and isinstance(answer.error, ModelCorrupt)
    runner.call("unload")
    runner.call("shutdown")
    assert runner.wait() == 0
    assert runner.leftovers() == []
    assert runner.garbage == []
    assert list(home.iterdir()) == []
    expected = {"home", "a.wav", "broken.nemo", "cache é", "cache é.log"}
    assert {each.name for each in tmp_path.iterdir()} == expected


def test_cancel_and_hanging_up_in_the_middle_of_a_transcription(
    runner: Process, models: Callable[[str], Path], tmp_path: Path
) -> None:
    audio = sound(tmp_path / "a.wav", 1200)
    runner.load(models("tdt"))
    begun = runner.send("transcribe", **order(audio, 600))
    runner.notified("progress")
    runner.send("cancel")
    answer = runner.answer(begun)
    assert isinstance(answer, Failure) and isinstance(answer.error, Cancelled)
    runner.send("transcribe", **order(audio, 600, route="model-defaults"))
    runner.notified("progress")
    assert runner.popen.stdin is not None
    runner.popen.stdin.close()
    assert runner.wait() == 0
    assert runner.leftovers() == []


def test_hanging_up_during_the_import(runner: Process) -> None:
    runner.call("initialize", protocol=1)
    assert runner.popen.stdin is not None
    runner.popen.stdin.close()
    assert runner.wait() == 0
    assert runner.leftovers() == []


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_the_next_runner_clears_up_after_a_killed_one(
    runner: Process, models: Callable[[str], Path], tmp_path: Path
) -> None:
    audio = sound(tmp_path / "a.wav", 400)
    runner.load(models("tdt"))
    runner.send("transcribe", **order(audio, 200, route="model-defaults"))
    runner.notified("progress")
    runner.popen.kill()
    assert runner.wait() == -signal.SIGKILL
    assert runner.leftovers()
    second = Process(runner.cache)
    third = Process(runner.cache)
    try:
        for each in (second, third):
            each.call("initialize", protocol=1)
        pids = {second.popen.pid, third.popen.pid}
        folders = [each for each in runner.leftovers() if each.is_dir()]
        assert {int(each.name.partition("-")[0]) for each in folders} == pids
        second.popen.terminate()
        assert second.wait() == 128 + signal.SIGTERM
        third.call("shutdown")
        assert third.wait() == 0
        assert runner.leftovers() == []
    finally:
        second.close()
        third.close()


_SIGNALLED_ELSEWHERE = """
import signal, sys, threading
from editor_plugin.runner import __main__ as runner, serve

def signalled(self):
    self._initialized.wait()
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

serve.Server._infer = signalled
sys.exit(runner.main())
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_sigterm_ends_it_though_the_reading_thread_is_not_interrupted(tmp_path: Path) -> None:
    cache = tmp_path / "cache é"
    runner = Process(cache, sys.executable, "-c", _SIGNALLED_ELSEWHERE, "--cache", str(cache))
    try:
        runner.call("initialize", protocol=1)
        assert runner.wait() == 128 + signal.SIGTERM
        assert runner.leftovers() == []
    finally:
        runner.close()


@pytest.mark.skipif(os.name == "nt", reason="on Windows the pipe itself breaks")
def test_a_killed_parent_ends_the_runner_even_where_its_pipe_stays_open(tmp_path: Path) -> None:
    # The pipe's engine end lives on in this process, as it would in another child of the engine.
    reading, writing = os.pipe()
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import subprocess, sys, time\n"
            "child = subprocess.Popen([sys.executable, '-m', 'editor_plugin.runner',"
            " '--cache', sys.argv[1]], stdin=int(sys.argv[2]), stdout=subprocess.DEVNULL)\n"
            "print(child.pid, flush=True)\n"
            "time.sleep(600)\n",
            str(tmp_path / "cache"),
            str(reading),
        ],
        stdout=subprocess.PIPE,
        pass_fds=[reading],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    os.close(reading)
    try:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        while not (tmp_path / "cache" / "work").exists():
            assert not gone_now(pid)
        parent.kill()
        parent.wait()
        assert gone(pid)
        assert list((tmp_path / "cache" / "work").iterdir()) == []
    finally:
        parent.kill()
        parent.stdout.close()  # type: ignore[union-attr]
        os.close(writing)


def gone_now(pid: int) -> bool:
    import psutil

    return not psutil.pid_exists(pid)


def test_a_folder_that_cannot_be_used_is_told_as_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "file.d").mkdir()
    command = [sys.executable, "-m", "editor_plugin.runner", "--cache", str(tmp_path / "file/c")]
    runner = Process(tmp_path / "file.d" / "cache", *command)
    try:
        answer = runner.answer(runner.send("initialize", protocol=1))
        assert isinstance(answer, Failure) and isinstance(answer.error, EnvironmentBroken)
        assert runner.wait() == 3
        assert "Traceback" not in runner.log.read_text()
    finally:
        runner.close()


LOUD = '''
"""A runner in which everything prints, on every way that there is to standard output."""
import ctypes, logging, os, subprocess, sys, threading, warnings
import multiprocessing

def shout(who):
    print(who, "prints")
    sys.stdout.write(who + " writes without an end"); sys.stdout.flush()
    sys.__stdout__.write("\\n{not json}\\n"); sys.__stdout__.flush()
    os.write(1, who.encode() + b" writes to descriptor 1\\n")
    try:
        c = ctypes.CDLL(None)
        c.puts(who.encode() + b" puts in C"); c.fflush(None)
    except (OSError, TypeError):
        pass  # Windows has no such library
    warnings.warn(who + " warns")
    logging.basicConfig(stream=sys.stdout, force=True)
    logging.warning(who + " logs")
    from tqdm import tqdm
    for _ in tqdm(range(3), desc=who, file=sys.stdout): pass
    os.system("echo a shell speaks")
    subprocess.run([sys.executable, "-c", "print('a child prints')"])

def child():
    shout("a forked child")
    print("read:", sys.stdin.read())

from editor_plugin.runner import methods
prepare, call = methods.Recognition.prepare, methods.Recognition.call

def loud_prepare(self):
    shout("while importing")
    prepare(self)
    from nemo.utils import logging as nemo_logging
    nemo_logging.info("NeMo informs")
    nemo_logging.warning("NeMo warns")

def loud_call(self, job, notify):
    def loud_notify(method, **params):
        shout("before " + method)
        notify(method, **params)
    shout("in a call")
    if hasattr(os, "fork"):
        other = multiprocessing.get_context("fork").Process(target=child)
        other.start(); other.join()
    return call(self, job, loud_notify)

methods.Recognition.prepare, methods.Recognition.call = loud_prepare, loud_call
from editor_plugin.runner.__main__ import main
sys.exit(main())
'''


def test_standard_output_carries_nothing_but_the_protocol(
    models: Callable[[str], Path], tmp_path: Path
) -> None:
    script = tmp_path / "loud.py"
    script.write_text(LOUD)
    audio = sound(tmp_path / "a.wav", 4)
    cache = tmp_path / "cache"
    runner = Process(cache, sys.executable, str(script), "--cache", str(cache))
    try:
        runner.load(models("tdt"))
        for route in ("map", "model-defaults", "direct"):
            assert runner.call("transcribe", **order(audio, 2, route=route))["windows"] == 2
        runner.call("shutdown")
        assert runner.wait() == 0
    finally:
        runner.close()
    assert runner.garbage == []
    log = runner.log.read_text(errors="replace")
    for loud in ("prints", "puts in C", "logs", "a child prints", "NeMo informs", "a forked child"):
        assert loud in log  # it was said, and went where it may
