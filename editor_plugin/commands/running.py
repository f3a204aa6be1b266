"""Do a job and show it: in this process, or by the engine that runs already."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from editor_plugin import client
from editor_plugin.core.errors import Cancelled, EngineRunning, RecueError, from_wire
from editor_plugin.engine.engine import Engine
from editor_plugin.engine.jobs.events import Note, Tell, event_from_wire
from editor_plugin.engine.jobs.queue import FINAL
from editor_plugin.engine.log import LOG

LOOK_SECONDS = 0.2
Ended = dict[str, Any]


def run(
    request: dict[str, Any],
    open_engine: Callable[[], Engine],
    tell: Tell,
    cancel: threading.Event,
) -> bool:
    """Do a job; return whether all of its inputs succeeded. Raises what ended it otherwise.

    While this process does it, it is the engine and serves: an editor finds it. What others have
    put into the queue is then gone on with by an engine in the background.
    """
    try:
        engine = open_engine()
    except EngineRunning:
        return _there(request, tell, cancel)
    with engine:
        for sentence in engine.notes:
            tell(Note(None, sentence))
        job = engine.queue.add(request, first=True)
        with _serving(engine):
            ended = _here(engine, job, tell, cancel)
        more = not engine.idle and not engine.stopping.is_set()
    if more:
        with contextlib.suppress(RecueError):
            client.launch(sys.executable)
    return _verdict(ended)


def _here(engine: Engine, job: int, tell: Tell, cancel: threading.Event) -> Ended:
    """Follow a job of this process to its end. Whoever asks the engine to stop leaves the job in
    the queue, for the next one."""
    seen, asked = 0, False
    while True:
        for wire in engine.feed.wait(job, seen, LOOK_SECONDS):
            seen = wire["id"]
            if _heed(wire, tell):
                return wire
        if engine.stopping.is_set():
            return {"state": "cancelled"}
        if cancel.is_set() and not asked:
            asked = True
            engine.queue.cancel(job)


def _there(request: dict[str, Any], tell: Tell, cancel: threading.Event) -> bool:
    """Have the running engine do it. Ctrl-C ends the job there."""
    engine = client.connect(python=sys.executable)
    for order in request["orders"]:
        for output in order["outputs"]:
            output["named"] = True
    job = engine.submit(request)
    tell(Note(None, "Recue's engine is running already; it does this job in its turn."))
    done = threading.Event()

    def stop() -> None:
        while not done.wait(LOOK_SECONDS):
            if cancel.is_set():
                with contextlib.suppress(RecueError):
                    engine.cancel(job)
                return

    threading.Thread(target=stop, daemon=True).start()
    try:
        for wire in engine.follow(job):
            if _heed(wire, tell):
                return _verdict(wire)
    finally:
        done.set()
    raise Cancelled()


@contextlib.contextmanager
def _serving(engine: Engine) -> Iterator[None]:
    """Serve as long as the block runs. A machine where that does not work can do without."""
    from editor_plugin.engine.service.server import Service  # half a second that nobody waits for

    service = Service(engine)
    beginning = threading.Thread(target=_begin, args=(service,), daemon=True)
    beginning.start()
    try:
        yield
    finally:
        beginning.join()
        service.stop()


def _begin(service: Any) -> None:
    try:
        service.start()
    except Exception as error:
        LOG.info("no service: %s", error)


def _heed(wire: dict[str, Any], tell: Tell) -> bool:
    """Show an event; return whether it is the last one."""
    event = event_from_wire(wire)
    if event is not None:
        tell(event)
    return bool(wire["event"] == "state" and wire["state"] in FINAL)


def _verdict(wire: Ended) -> bool:
    if wire["state"] == "cancelled":
        raise Cancelled()
    if wire["error"] is not None:
        raise from_wire(wire["error"])
    return bool(wire["state"] == "done")
