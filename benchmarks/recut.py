"""(e) The next version of an hour's cut with known words, compared with its first version."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from benchmarks.edits import Shot, edit, next_version, write_timeline
from benchmarks.figures import Figure
from benchmarks.recordings import demo_model
from benchmarks.side_by_side import recogniser
from editor_plugin.core.jobs.request import JobOptions, JobRequest, Order, OutputFile
from editor_plugin.core.jobs.status import FINAL_STATES
from editor_plugin.engine.engine import STORE, Engine
from editor_plugin.engine.interchange import read_timeline
from editor_plugin.engine.recognition.recogniser import Recogniser

REPEAT = 9
GOAL_SECONDS = 0.3
"""The longest response time of a menu that feels immediate."""
READER_SECONDS = 0.15
"""What the process may take that reads a timeline file; an editor's menu hands over none."""


@dataclass(frozen=True)
class Job:
    """What a version of the cut took, in wall seconds, and what came of it."""

    seconds: float
    clips: int
    cues: int
    words: int


def measure(folder: Path) -> list[Figure]:
    """Both as a user meets them: an engine that runs gets a job, and the clock stops at the news
    that its SRT is on the disk. Each job gets a version of the cut that the engine
    has not seen; the first version is recognised with an empty store."""
    data = folder / "recut"
    for old in data.glob(f"{STORE}*"):
        old.unlink()
    with recogniser(folder, demo_model()) as opened:
        jobs = run(folder, opened)
    cold, warm = jobs[0], jobs[1:]
    ways = (("from an editor's menu", 0.0), ("from a timeline file", READER_SECONDS))
    return [
        _figure(cold, warm[at :: len(ways)], way, GOAL_SECONDS + more)
        for at, (way, more) in enumerate(ways)
    ]


def _figure(cold: Job, warm: Sequence[Job], way: str, goal: float) -> Figure:
    return Figure(
        f"re-cut of an hour with 400 clips, {way}",
        median([each.seconds for each in warm]),
        cold.seconds,
        "s",
        goal / cold.seconds,
        "its first version, with recognition",
        {
            "goal_seconds": goal,
            "slowest": max(each.seconds for each in warm),
            "clips": median([each.clips for each in warm]),
            "words": median([each.words for each in warm]),
            "cues": median([each.cues for each in warm]),
        },
    )


def run(folder: Path, opened: Recogniser) -> list[Job]:
    """Run the first version of the cut, then each next one, in one engine: as a snapshot, such as
    an editor's menu takes, and as a file, in turn."""
    first = edit(folder)
    versions = [first, *(next_version(first, seed) for seed in range(2 * REPEAT))]
    with Engine(folder / "recut", folder / "work", opened) as engine:
        jobs = []
        for number, version in enumerate(versions):
            jobs.append(_job(engine, version, folder, from_menu=number % 2 == 1))
            print(f"recut, version {number}: {jobs[-1]}", flush=True)
    return jobs


def _job(engine: Engine, shots: tuple[Shot, ...], folder: Path, from_menu: bool) -> Job:
    path, target = folder / "an hour.otio", folder / "an hour.srt"
    write_timeline(shots, path)
    order = Order(path, (OutputFile("srt", target),))
    if from_menu:
        order = replace(order, timeline=read_timeline(path))
    request = JobRequest((order,), JobOptions("demo"))
    target.unlink(missing_ok=True)
    begun = time.perf_counter()
    job = engine.queue.add(request)
    written = _told(engine, job, "finished")
    taken = time.perf_counter() - begun
    state = _told(engine, job, "state", *FINAL_STATES)
    assert written and state == "done" and target.stat().st_size
    status = engine.queue.status(job).inputs[0]
    return Job(taken, len(shots), status.cues or 0, status.words or 0)


def _told(engine: Engine, job: int, kind: str, *states: str) -> str:
    """Wait for an event of a job; return its state, or its kind."""
    after = 0
    while True:
        for event in engine.feed.wait(job, after, 60.0):
            after = event["id"]
            if event["event"] == kind and (not states or event["state"] in states):
                return str(event.get("state", kind))
