"""The engine's process: it serves until it is asked to end, or has been idle for long."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from types import FrameType

from editor_plugin.core.errors import EngineRunning, RecueError
from editor_plugin.core.handshake import ALREADY_RUNNING
from editor_plugin.engine.log import LOG
from editor_plugin.engine.service.ports import EnginePort
from editor_plugin.engine.service.refusals import wrong_inside
from editor_plugin.engine.service.server import Service

POLL_SECONDS = 1.0


def run(
    open_engine: Callable[[], AbstractContextManager[EnginePort]], idle_minutes: Callable[[], float]
) -> int:
    """Open the engine, serve it, and return the exit status. An error is printed last, as a line of
    JSON: the client that started this engine finds it in the log and shows it."""
    try:
        minutes = _Minutes(idle_minutes)
        with open_engine() as engine:
            serve(engine, minutes.seconds)
        return 0
    except EngineRunning as error:
        _print_error(error)
        return ALREADY_RUNNING
    except RecueError as error:
        _print_error(error)
        return 1
    except Exception:
        LOG.exception("unexpected error of the engine")
        _print_error(wrong_inside())
        return 1


class _Minutes:
    """How long an engine stays without work, by the settings as they are now; as they were, where
    somebody is just writing them. Raises SettingsInvalid where they are invalid at the start."""

    def __init__(self, read: Callable[[], float]) -> None:
        self._read = read
        self._last = read()

    def seconds(self) -> float:
        with suppress(RecueError):
            self._last = self._read()
        return 60 * self._last


def serve(engine: EnginePort, idle_seconds: Callable[[], float]) -> None:
    """Serve an open engine until it is to be closed: after POST /stop, SIGTERM or SIGINT, or when
    no job is unfinished and no call came for `idle_seconds`. Raises as `Service.start` does."""
    asked = threading.Event()
    service = Service(engine, asked.set)
    with _signals(asked):
        service.start()
        try:
            while not asked.wait(max(min(POLL_SECONDS, idle_seconds()), 0.05)):
                if engine.idle and service.idle_seconds() >= idle_seconds():
                    break
            engine.stop()
        finally:
            service.stop()


def _print_error(error: RecueError) -> None:
    print(json.dumps({"error": error.to_wire()}), file=sys.stderr, flush=True)


@contextmanager
def _signals(asked: threading.Event) -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        asked.set()

    before = {name: signal.signal(name, stop) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
