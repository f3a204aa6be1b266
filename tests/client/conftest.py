"""A home in which the client starts real engines, of the small kind, as processes."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.handshake import Announcement, from_text, to_text
from editor_plugin.core.jobs.request import JobRequest, Order

PROJECT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in")


@dataclass
class Home:
    """The data folder, and what lies in it."""

    data: Path

    @property
    def started(self) -> list[int]:
        """The pids of the engines that got the lock, in their order."""
        path = self.data / "started"
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    @property
    def announced(self) -> Announcement:
        found = from_text((self.data / "engine.json").read_text())
        assert found is not None
        return found

    @property
    def log(self) -> str:
        return (self.data / "logs" / "engine.log").read_text()

    def pretend(self, **other: Any) -> Announcement:
        """Write an engine.json of an engine that is not there."""
        fields: dict[str, Any] = {"port": 1, "token": "t" * 43, "pid": 2**22 + 1}
        fields |= {"version": "0.1.0", "protocol": 1, "host": "here", **other}
        announced = Announcement(**fields)
        (self.data / "engine.json").write_text(to_text(announced))
        return announced

    def request(self) -> JobRequest:
        media = self.data / "a.wav"
        media.write_bytes(b"sound")
        return JobRequest((Order(media),))


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not laid to rest does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def ends(pid: int) -> None:
    """Wait for a process to end."""
    deadline = time.monotonic() + 90
    while alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    for package in ("fastapi", "filelock"):
        pytest.importorskip(package, reason=f"needs the package {package}")
    script = tmp_path / "python"
    script.write_text(
        f"#!/bin/sh\nexport PYTHONPATH='{PROJECT}'\n"
        f"echo \"$@\" >> '{tmp_path}/asked'\n"
        f"exec '{sys.executable}' -m tests.small_engine\n"
    )
    script.chmod(0o755)
    home = Home(tmp_path / "data with späce")
    home.data.mkdir()
    monkeypatch.setenv("RECUE_HOME", str(home.data))
    monkeypatch.setenv("RECUE_PYTHON", str(script))
    yield home
    for pid in home.started:
        if alive(pid):
            os.kill(pid, signal.SIGKILL)
            ends(pid)
