"""Runs a job and shows it: in this process, or in the engine that is running already."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from editor_plugin import client
from editor_plugin.core.errors import Cancelled, EngineRunning, NameUnusable, RecueError
from editor_plugin.core.jobs.events import (
    Emit,
    Event,
    InputFailed,
    Note,
    StateChanged,
    event_from_wire,
)
from editor_plugin.core.jobs.request import JobRequest, refuse_bytes
from editor_plugin.core.jobs.status import CANCELLED, DONE
from editor_plugin.engine.engine import Engine
from editor_plugin.engine.log import LOG

LOOK_SECONDS = 0.2


def run(
    request: JobRequest, open_engine: Callable[[], Engine], emit: Emit, cancel: threading.Event
) -> bool:
    """Do a job; return whether all of its inputs succeeded. Raises what ended it otherwise.

    While this process does it, it is the engine and serves: an editor finds it. What others have
    put into the queue is then gone on with by an engine in the background.
    """
    usable = _usable(request, emit)
    if not usable.orders:
        return False
    good = _done(usable, open_engine, emit, cancel)
    return good and usable == request


def _usable(request: JobRequest, emit: Emit) -> JobRequest:
    """The request without the inputs whose names no engine takes, which are reported."""
    orders = []
    for order in request.orders:
        try:
            for path in (order.input, *(output.path for output in order.outputs)):
                refuse_bytes(path)
        except NameUnusable as error:
            emit(InputFailed(order.input, error))
        else:
            orders.append(order)
    return replace(request, orders=tuple(orders))


def _done(
    request: JobRequest, open_engine: Callable[[], Engine], emit: Emit, cancel: threading.Event
) -> bool:
    try:
        engine = open_engine()
    except EngineRunning:
        return _there(request, emit, cancel)
    with engine:
        for sentence in engine.notes:
            emit(Note(None, sentence))
        job = engine.queue.add(request, first=True)
        with _serving(engine):
            ended = _here(engine, job, emit, cancel)
        more = not engine.idle and not engine.stopping.is_set()
    if more:
        with contextlib.suppress(RecueError):
            client.launch(sys.executable)
    return _verdict(ended)


def _here(engine: Engine, job: int, emit: Emit, cancel: threading.Event) -> StateChanged:
    """Follow a job of this process to its end; if the engine is to stop, the job stays queued."""
    seen, asked = 0, False
    while True:
        for wire in engine.feed.wait(job, seen, LOOK_SECONDS):
            seen = wire["id"]
            ended = _emitted(event_from_wire(wire), emit)
            if ended is not None:
                return ended
        if engine.stopping.is_set():
            return StateChanged(CANCELLED)
        if cancel.is_set() and not asked:
            asked = True
            engine.queue.cancel(job)


def _there(request: JobRequest, emit: Emit, cancel: threading.Event) -> bool:
    """Have the running engine do it. Ctrl-C ends the job there."""
    engine = client.connect(python=sys.executable)
    job = engine.submit(_with_named_outputs(request))
    emit(Note(None, "Recue's engine is running already; it does this job in its turn."))
    done = threading.Event()

    def stop() -> None:
        while not done.wait(LOOK_SECONDS):
            if cancel.is_set():
                with contextlib.suppress(RecueError):
                    engine.steer(job, "cancel")
                return

    threading.Thread(target=stop, daemon=True).start()
    try:
        for event in engine.follow(job):
            ended = _emitted(event, emit)
            if ended is not None:
                return _verdict(ended)
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


def _with_named_outputs(request: JobRequest) -> JobRequest:
    """On the command line, the user chooses the names of the files."""
    orders = (
        replace(order, outputs=tuple(replace(each, named=True) for each in order.outputs))
        for order in request.orders
    )
    return replace(request, orders=tuple(orders))


def _emitted(event: Event | None, emit: Emit) -> StateChanged | None:
    """Show an event; return it if it is the job's last one."""
    if isinstance(event, StateChanged):
        return event if event.is_final else None
    if event is not None:
        emit(event)
    return None


def _verdict(ended: StateChanged) -> bool:
    if ended.state == CANCELLED:
        raise Cancelled()
    if ended.error is not None:
        raise ended.error
    return ended.state == DONE
