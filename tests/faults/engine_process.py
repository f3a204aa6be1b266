"""Engines in processes of their own, to be killed; they tell on stdout what they are about to do.

A line on stdin, `Household.start` as JSON, starts an engine on that household. It adds the job
where there is none, and ends when the job has ended. The process is forked from one that has
imported everything already, so that two hundred starts take seconds.

Lines on stdout: {"pid", "say", …}; `say` is started, opened, extracting, planning, recognising,
kept (a window is in the store: start, end in seconds), writing, set aside (and
asked for again), ended (state, status), gone.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import JobSetAside
from editor_plugin.core.jobs.request import request_from_wire
from editor_plugin.core.jobs.status import FINAL_STATES, status_to_wire
from editor_plugin.engine.engine import Engine
from editor_plugin.engine.export import files
from editor_plugin.engine.jobs import audio_chunks, writing
from editor_plugin.engine.media import extraction
from editor_plugin.engine.recognition.recogniser import Recogniser
from tests.faults.household import CALM, MARK


def say(what: str, **more: Any) -> None:
    """Tell what is about to be done, in one write."""
    os.write(1, (json.dumps({"pid": os.getpid(), "say": what, **more}) + "\n").encode())


def announced(what: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which says first that it is called."""

    def call(*arguments: Any, **named: Any) -> Any:
        say(what)
        return function(*arguments, **named)

    return call


def engine(start: dict[str, Any]) -> None:
    """Open the house, have the job done, and end."""
    command = tuple(start["command"]) or None
    recogniser = Recogniser(
        Path(start["runners"]), Path(start["log"]), command, CALM if command else None
    )
    vars(audio_chunks)["extract"] = announced("extracting", extraction.extract)
    vars(writing)["put"] = announced("writing", files.put)
    recogniser.plan = announced("planning", recogniser.plan)  # type: ignore[method-assign]
    recogniser.transcribe = announced(  # type: ignore[method-assign]
        "recognising", recogniser.transcribe
    )
    with Engine(Path(start["data"]), Path(start["work"]), recogniser) as engine:
        signal.signal(signal.SIGTERM, lambda number, frame: engine.stop())
        say("opened", notes=list(engine.notes))
        jobs = engine.queue.all()
        if jobs and isinstance(jobs[0].error, JobSetAside):
            say("set aside")
            jobs = []  # the user asks for it again
        follow(
            engine, jobs[0].job if jobs else engine.queue.add(request_from_wire(start["request"]))
        )


def follow(engine: Engine, job: int) -> None:
    """Tell of every window that is kept, until the job has ended or the house is to be left."""
    seen = 0
    while True:
        for news in engine.feed.wait(job, seen, 0.05):
            seen = news["id"]
            if news["event"] == "words":
                say("kept", start=news["start"], end=news["end"])
        status = engine.queue.status(job)
        if status.state in FINAL_STATES and not engine.feed.since(job, seen):
            return say("ended", state=status.state, status=status_to_wire(status))
        if engine.stopping.is_set():
            return None


def reap(*_: object) -> None:
    """Tell of every engine that has ended."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        os.write(1, (json.dumps({"pid": pid, "say": "gone", "status": status}) + "\n").encode())


def main() -> None:
    signal.signal(signal.SIGCHLD, reap)
    while line := sys.stdin.buffer.readline():
        start = json.loads(line)
        if os.fork():
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setpgid(0, 0)
        say("started")
        os.environ[MARK] = start["mark"]
        status = 1
        try:
            engine(start)
            status = 0
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)


if __name__ == "__main__":
    main()
