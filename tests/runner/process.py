"""A real runner process, talked to over its pipes."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from editor_plugin.core import protocol
from editor_plugin.core.protocol import Failure, Message, Notification, Reply, Request

ROOT = Path(__file__).resolve().parents[2]


class Process:
    """A runner with `cache` as its folder. Every line it writes is decoded, and garbage kept."""

    def __init__(self, cache: Path, *command: str, **environment: str) -> None:
        self.cache = cache
        self.garbage: list[bytes] = []
        self.messages: queue.Queue[Message | None] = queue.Queue()
        self.log = cache.parent / f"{cache.name}.log"
        self._id = 0
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                command or [sys.executable, "-m", "editor_plugin.runner", "--cache", str(cache)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=cache.parent,
                env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
                bufsize=0,
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.popen.stdout is not None
        with open(self.popen.stdout.fileno(), "rb", closefd=False) as stdout:
            for line in stdout:
                try:
                    self.messages.put(protocol.decode(line))
                except Exception:
                    self.garbage.append(line)
        self.messages.put(None)

    def raw(self, line: bytes) -> None:
        assert self.popen.stdin is not None
        self.popen.stdin.write(line)

    def send(self, method: str, **params: Any) -> int:
        self._id += 1
        self.raw(protocol.encode(Request(self._id, method, params)))
        return self._id

    def until(self, wanted: Callable[[Message], bool]) -> Message:
        while True:
            message = self.messages.get(timeout=120)
            assert message is not None, f"the runner ended: {self.log.read_text()[-3000:]}"
            if wanted(message):
                return message

    def answer(self, id: int) -> Reply | Failure:
        message = self.until(lambda m: isinstance(m, (Reply, Failure)) and m.id == id)
        assert isinstance(message, (Reply, Failure))
        return message

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        answer = self.answer(self.send(method, **params))
        assert isinstance(answer, Reply), answer
        return answer.result

    def notified(self, method: str) -> Notification:
        message = self.until(lambda m: isinstance(m, Notification) and m.method == method)
        assert isinstance(message, Notification)
        return message

    def load(self, path: Path) -> dict[str, Any]:
        self.call("initialize", protocol=protocol.PROTOCOL_VERSION)
        return self.call("load_model", path=str(path), device="cpu", precision="fp32", route="map")

    def leftovers(self) -> list[Path]:
        return list((self.cache / "work").iterdir())

    def wait(self) -> int:
        return self.popen.wait(120)  # importing NeMo holds it up, on a busy machine for long

    def close(self) -> None:
        """Hang up, and kill it where it does not end."""
        for pipe in (self.popen.stdin,):
            if pipe is not None and not pipe.closed:
                pipe.close()
        try:
            self.popen.wait(10)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
        self._reader.join(10)
        if self.popen.stdout is not None:
            self.popen.stdout.close()


def gone(pid: int) -> bool:
    """Wait until there is no such process; return whether that came about."""
    import psutil

    for _ in range(300):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.1)
    return False
