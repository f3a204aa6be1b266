"""Starts engine processes, hears what they tell, and kills them."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import psutil

from tests.faults.household import PATIENT_SECONDS, Household

ROOT = Path(__file__).parents[2]


class Engines:
    """The process that engines are forked from."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.engine_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        self._told: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._thread.join()
        self._process.stdout.close()

    def start(self, household: Household, *films: Path) -> Engine:
        """Start an engine that does the job of these films."""
        assert self._process.stdin is not None
        self._process.stdin.write((json.dumps(household.start(*films)) + "\n").encode())
        self._process.stdin.flush()
        while (told := self._told.get(timeout=PATIENT_SECONDS))["say"] != "started":
            pass  # an earlier engine's
        return Engine(told["pid"], self._told)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._told.put(json.loads(line))


class Engine:
    """An engine process. `kept` are the windows that it has said are in the store, in seconds."""

    def __init__(self, pid: int, told: queue.SimpleQueue[dict[str, Any]]) -> None:
        self.pid = pid
        self.kept: list[tuple[float, float]] = []
        self.notes: list[str] = []
        self.end: dict[str, Any] | None = None
        self.gone = False
        self._reached = {"started"}
        self._told = told

    def until(self, *what: str) -> bool:
        """Hear it until it has said one of these since it was last asked; False where it ended."""
        while not self.gone:
            told = self._told.get(timeout=PATIENT_SECONDS)
            if told["pid"] != self.pid:
                continue
            self._take(told)
            if told["say"] in what:
                return True
        return False

    def reached(self, *stages: str) -> bool:
        """Wait until it has begun one of these stages; False where it ended without."""
        return not self._reached.isdisjoint(stages) or self.until(*stages)

    def has_said(self, what: str) -> bool:
        """Whether it has said this until now."""
        return what in self._reached

    def kill(self, who: str) -> None:
        """kill -9 of its `runner`, of the `engine`, or of `both`, the runner first."""
        if who != "engine":
            for runner in self.runners():
                _kill(runner)
        if who != "runner":
            _kill(self.pid)
            self.until("gone")

    def terminate(self) -> None:
        """Ask it to end."""
        os.kill(self.pid, signal.SIGTERM)

    def runners(self) -> list[int]:
        """Its runners."""
        try:
            children = psutil.Process(self.pid).children(recursive=True)
            return [child.pid for child in children if "--cache" in child.cmdline()]
        except psutil.Error:
            return []

    def _take(self, told: dict[str, Any]) -> None:
        self._reached.add(told["say"])
        if told["say"] == "kept":
            self.kept.append((told["start"], told["end"]))
        elif told["say"] == "opened":
            self.notes = told["notes"]
        elif told["say"] == "ended":
            self.end = told
        elif told["say"] == "gone":
            self.gone = True


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended already
        os.kill(pid, signal.SIGKILL)
