"""Do a job and show it: in this process, or by the engine that runs already."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from editor_plugin.core.errors import Cancelled, EngineRunning, from_wire
from editor_plugin.engine.events import Note, Tell, event_from_wire
from editor_plugin.engine.house import House
from editor_plugin.engine.jobs.queue import FINAL

LOOK_SECONDS = 0.2


def run(
    request: dict[str, Any],
    open_house: Callable[[], House],
    tell: Tell,
    cancel: threading.Event,
) -> bool:
    """Do a job; return whether all of its inputs succeeded. Raises what ended it otherwise."""
    try:
        house = open_house()
    except EngineRunning:
        raise
    with house:
        for sentence in house.notes:
            tell(Note(None, sentence))
        job = house.queue.add(request, first=True)
        return _follow(house, job, tell, cancel)


def _follow(house: House, job: int, tell: Tell, cancel: threading.Event) -> bool:
    seen, asked = 0, False
    while True:
        for wire in house.feed.wait(job, seen, LOOK_SECONDS):
            seen = wire["id"]
            if wire["event"] == "state" and wire["state"] in FINAL:
                return _ended(wire)
            event = event_from_wire(wire)
            if event is not None:
                tell(event)
        if cancel.is_set() and not asked:
            asked = True
            house.queue.cancel(job)


def _ended(wire: dict[str, Any]) -> bool:
    if wire["state"] == "cancelled":
        raise Cancelled()
    if wire["error"] is not None:
        raise from_wire(wire["error"])
    return bool(wire["state"] == "done")
