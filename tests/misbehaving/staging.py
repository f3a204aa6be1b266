"""Sets the stage for runners that misbehave, and sees to it that none is left afterwards."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from editor_plugin.core.errors import RecueError
from editor_plugin.core.transcript import HeardWindow, Window
from editor_plugin.engine.recognition.process import Launch
from editor_plugin.engine.recognition.types import RecognitionItem
from editor_plugin.engine.recognition.watchdog import Timeouts
from tests.misbehaving import runner

SECOND = 16_000
MARK = "RECUE_TEST_STAGE"

BRISK = Timeouts(
    starting=20,
    importing=1,
    loading=1,
    loading_per_gigabyte=0,
    planning=1,
    planning_per_second=0,
    first_batch=1,
    first_batch_per_second=0,
    batch=1,
    factor=3,
    silence=10,
    idle=10,
    cancelling=1,
    stopping=1,
    tick=0.02,
)
"""A second for everything but the start, which a busy machine may make slow."""


class Stage:
    """A folder with a plan for fake runners."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log" / "runner.log"
        self.launch: Launch
        self.plan()

    def plan(self, *trouble: dict[str, Any], **more: Any) -> None:
        """Tell the runners what to do wrong."""
        script, plan = Path(runner.__file__), self.folder / "plan.json"
        plan.write_text(json.dumps({"trouble": list(trouble), **more}), "utf-8")
        # Without site-packages a Python starts in a third of the time; a fake needs none of them.
        command = (
            sys.executable,
            "-S",
            str(script),
            "--cache",
            str(self.folder),
            "--plan",
            str(plan),
        )
        self.launch = Launch(command, self.folder, self.log)

    def events(self, kind: str) -> list[dict[str, Any]]:
        """What the runners did, in order."""
        return [event for event in runner.events(self.folder) if event["event"] == kind]

    def sent(self) -> list[list[int]]:
        """The starts of the windows of each `transcribe` call, in seconds."""
        return [
            [window[1] // SECOND for item in call["params"]["items"] for window in item["windows"]]
            for call in self.events("transcribe")
        ]

    def routes(self) -> list[str]:
        """The route of each `transcribe` call."""
        return [call["params"]["route"] for call in self.events("transcribe")]

    def running(self) -> list[psutil.Process]:
        """Every process that was started on this stage and is still there."""
        found = []
        for process in psutil.process_iter():
            try:
                ours = process.environ().get(MARK) == str(self.folder)
                if ours and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except psutil.Error:
                continue
        return found


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A stage in a folder whose name is not ASCII. Fails where a process or a thread is left."""
    folder = tmp_path / "Büro – été"
    folder.mkdir()
    monkeypatch.setenv(MARK, str(folder))
    before = set(threading.enumerate())
    stage = Stage(folder)
    yield stage
    left = stage.running()
    for process in left:
        process.kill()
    assert left == []
    assert set(threading.enumerate()) - before == set()


class Ear:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.windows: list[tuple[str, int]] = []
        self.failures: list[tuple[str, int | None, str]] = []
        self.steps: list[tuple[float, float]] = []
        self.notes: list[str] = []
        self.came = threading.Event()

    def heard(self, item: str, heard: HeardWindow) -> None:
        assert [word.text for word in heard.words] == [f"w{heard.window.start}"]
        self.windows.append((item, heard.window.start // SECOND))
        self.came.set()

    def failed(self, item: str, window: Window | None, error: RecueError) -> None:
        start = None if window is None else window.start // SECOND
        self.failures.append((item, start, error.code))

    def progress(self, done_seconds: float, of_seconds: float) -> None:
        self.steps.append((done_seconds, of_seconds))

    def note(self, text: str) -> None:
        self.notes.append(text)


def seconds(*starts: int) -> tuple[Window, ...]:
    """Windows of one second each."""
    return tuple(Window(s * SECOND, (s + 1) * SECOND, s * SECOND, (s + 1) * SECOND) for s in starts)


def work(count: int, item: str = "a") -> RecognitionItem:
    """An item with that many windows of one second."""
    return RecognitionItem(item, Path("a.wav"), seconds(*range(count)))
