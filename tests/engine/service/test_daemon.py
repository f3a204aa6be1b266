"""The engine as a process: how it begins and ends, and what its log holds."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.core.handshake import from_text
from editor_plugin.engine.service import daemon
from tests.engine.service.served import ServedEngine, settled
from tests.small_engine import SmallEngine

PROJECT = Path(__file__).parents[3]
Start = Callable[..., "subprocess.Popen[bytes]"]
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def start(**environ: str) -> subprocess.Popen[bytes]:
        with (tmp_path / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.small_engine"],
                cwd=PROJECT,
                env={**os.environ, "RECUE_HOME": str(tmp_path), **environ},
                stdout=log,
                stderr=log,
            )
        started.append(process)
        return process

    yield start
    for each in started:
        each.kill()
        each.wait()


class Far(ServedEngine):
    """An engine that is served by another process."""

    def __init__(self, folder: Path) -> None:
        deadline = time.monotonic() + 90
        while (found := from_text(settled(folder / "engine.json"))) is None:
            assert time.monotonic() < deadline, settled(folder / "log")
            time.sleep(0.02)
        self.engine: Any = SmallEngine(folder, work=False)
        self.token, self._port = found.token, found.port

    @property
    def port(self) -> int:
        return self._port


def test_it_ends_when_nobody_needs_it(start: Start, tmp_path: Path) -> None:
    engine = start(TEST_IDLE_SECONDS="0.3", TEST_WORDS="20")
    job = Far(tmp_path).submit()
    assert engine.wait(30) == 0
    assert json.loads((tmp_path / "jobs.json").read_text())[str(job)]["state"] == "done"
    assert not (tmp_path / "engine.json").exists()
    assert settled(tmp_path / "log") == ""


def test_a_job_that_rests_keeps_nobody_awake(start: Start, tmp_path: Path) -> None:
    engine = start(TEST_IDLE_SECONDS="0.2", TEST_WORDS="1000")
    served = Far(tmp_path)
    job = served.submit()
    assert served.ask("POST", f"/jobs/{job}/pause").status == 200
    assert engine.wait(30) == 0
    assert json.loads((tmp_path / "jobs.json").read_text())[str(job)]["state"] == "paused"


def test_it_ends_when_it_is_asked_to(start: Start, tmp_path: Path) -> None:
    engine = start(TEST_WORDS="1000")
    served = Far(tmp_path)
    served.submit()
    assert served.ask("POST", "/stop").status == 200
    assert engine.wait(30) == 0
    assert not (tmp_path / "engine.json").exists()


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_politely(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    engine = start()
    Far(tmp_path)
    engine.send_signal(number)
    assert engine.wait(30) == 0
    assert not (tmp_path / "engine.json").exists()
    assert "Traceback" not in settled(tmp_path / "log")


def test_a_second_one_leaves_the_first_alone(start: Start, tmp_path: Path) -> None:
    start()
    served = Far(tmp_path)
    assert start().wait(30) == 3
    assert served.ask("GET", "/hello").status == 200
    last = settled(tmp_path / "log").splitlines()[-1]
    assert json.loads(last)["error"]["code"] == "engine-running"


def test_its_log_holds_nothing_of_what_is_asked(start: Start, tmp_path: Path) -> None:
    start(TEST_WORDS="1")
    served = Far(tmp_path)
    secret = tmp_path / "the-secret.wav"
    secret.write_bytes(b"sound")
    good = {"orders": [{"input": str(secret), "outputs": []}]}
    assert served.ask("POST", "/jobs", good).status == 201
    for body in ({**good, "the-secret": 1}, '{"the-secret', {"orders": [{"input": "the-secret"}]}):
        assert served.ask("POST", "/jobs", body).status >= 400
    served.ask("GET", "/jobs/the-secret")
    served.raw(b"the-secret\r\n\r\n")
    assert b"word" in served.raw(served.head("GET /jobs/1/events", "Connection: close"))
    log = settled(tmp_path / "log")
    assert "secret" not in log and "word" not in log and served.token not in log


def test_another_idle_time_holds_without_a_restart(tmp_path: Path) -> None:
    read: list[str] = []

    def minutes() -> float:
        """An hour, then a moment in which the file is being written, then none."""
        read.append("")
        if len(read) == 3:
            raise SettingsInvalid("idle_minutes", "", "minutes")
        return 60.0 if len(read) < 4 else 0.0

    opened = contextlib.nullcontext(SmallEngine(tmp_path, work=False))
    assert daemon.run(lambda: opened, minutes) == 0
    assert len(read) >= 4
