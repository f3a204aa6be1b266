"""`recue engine` and `recue jobs`: the engine in the background and its queue."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys

from editor_plugin import client
from editor_plugin.core.errors import EngineUnreachable, JobUnknown
from editor_plugin.core.jobs.status import DONE, JobStatus, count, status_to_wire
from editor_plugin.engine import paths
from editor_plugin.engine.engine import STORE, visit
from editor_plugin.engine.jobs.queue import JobQueue

NONE_RUNS = "No engine is running."


def add_engine(command: argparse.ArgumentParser) -> None:
    """Add the arguments of recue engine."""
    actions = command.add_subparsers(metavar="ACTION", required=True)
    for name, run, about in (
        ("status", _status, "show whether an engine is running"),
        ("start", _start, "start an engine; editors do that by themselves"),
        ("stop", _stop, "stop the engine after the present window; its jobs are kept"),
    ):
        actions.add_parser(name, help=about).set_defaults(run=run)


def add_jobs(command: argparse.ArgumentParser) -> None:
    """Add the arguments of recue jobs."""
    command.set_defaults(run=_jobs)
    command.add_argument("--json", action="store_true", help="print them as JSON")
    actions = command.add_subparsers(metavar="ACTION")
    for name, about in (
        ("cancel", "end a job; what was recognised is kept"),
        ("pause", "pause a job"),
        ("resume", "continue a paused job"),
        ("first", "put a job in front of the queue"),
    ):
        action = actions.add_parser(name, help=about)
        action.add_argument("job", type=int, metavar="JOB", help="its number in the list")
        action.set_defaults(run=_steer, steer=name)


def _status(_: argparse.Namespace) -> int:
    engine = client.try_connect()
    if engine is None:
        print(NONE_RUNS)
        return 1
    hello = engine.hello()
    jobs = count(len(hello["jobs"]), "job")
    print(f"Recue {hello['version']} is running (process {hello['pid']}) with {jobs}.")
    return 0


def _start(_: argparse.Namespace) -> int:
    client.connect(python=sys.executable)
    return _status(_)


def _stop(_: argparse.Namespace) -> int:
    engine = client.try_connect()
    if engine is None:
        print(NONE_RUNS)
        return 0
    engine.stop()
    print("The engine stops after the present window; its jobs are kept.")
    return 0


def _jobs(options: argparse.Namespace) -> int:
    """The list. Without an engine it is read from the store, and no engine is started for it."""
    engine = client.try_connect()
    found = engine.jobs() if engine is not None else _kept()
    if options.json:
        print(json.dumps([status_to_wire(each) for each in found], indent=1, ensure_ascii=False))
        return 0
    print("\n".join(map(_line, found)) or "No jobs.")
    return 0


def _kept() -> list[JobStatus]:
    data = paths.data_folder()
    if not (data / STORE).exists():
        return []
    with visit(data) as store:
        queue = JobQueue(store.database)
        return [_kept_status(queue, number) for number in queue.numbers()]


def _kept_status(queue: JobQueue, number: int) -> JobStatus:
    state, error = queue.standing(number)
    percent, inputs = 100.0 if state == DONE else 0.0, tuple(queue.inputs(number))
    return JobStatus(number, state, percent, None, inputs, error)


def _line(status: JobStatus) -> str:
    names = [each.name for each in status.inputs]
    shown = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
    share = "" if status.has_ended else f" {status.percent:.0f} %"
    return f"{status.job:>5}  {status.state}{share}  {shown}"


def _steer(options: argparse.Namespace) -> int:
    if options.steer == "cancel":
        status = _cancelled(options.job)
    else:
        status = client.connect(python=sys.executable).steer(options.job, options.steer)
    print(_line(status))
    return 0


def _cancelled(job: int) -> JobStatus:
    """Cancel a job: by the engine that answers, else in the store. No engine is started for it, for
    this may be a job that ends every engine, and one that is just starting is not waited for."""
    engine = client.try_connect()
    if engine is not None:
        with contextlib.suppress(EngineUnreachable):
            return engine.steer(job, "cancel")
    data = paths.data_folder()
    if not (data / STORE).exists():
        raise JobUnknown(str(job))
    with visit(data) as store:
        queue = JobQueue(store.database)
        queue.cancel(job)
        return _kept_status(queue, job)
