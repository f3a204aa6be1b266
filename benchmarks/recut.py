"""(e) The next version of an hour's cut, all of whose words are known, over its first one."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.edits import Shot, edit, next_version, write_timeline
from benchmarks.figures import Figure
from benchmarks.recordings import demo_model
from benchmarks.side_by_side import median, never, recogniser
from editor_plugin.engine.jobs import Engine, Order, Settings, transcribe
from editor_plugin.engine.recognition import ModelChoice
from editor_plugin.engine.store import Store

REPEAT = 7
GOAL_SECONDS = 0.3
"""As long as a menu may take to answer without seeming to think."""


def measure(folder: Path) -> list[Figure]:
    """Both from the timeline file to the SRT, in one process. Each run gets a version of the cut
    that it has not seen; the first version is recognised with an empty store."""
    first = edit(folder)
    store_path = folder / "recut.sqlite"
    store_path.unlink(missing_ok=True)
    with recogniser(folder, demo_model()) as opened:
        store = Store.at(store_path)
        engine = Engine(store, opened, folder / "work")
        cold = _job(engine, first, folder)
        versions = [next_version(first, seed) for seed in range(REPEAT)]
        warm = [_job(engine, version, folder) for version in versions]
        store.close()
    taken = median(warm)
    return [
        Figure(
            "re-cut of an hour with 400 clips",
            taken,
            cold,
            "s",
            GOAL_SECONDS / cold,
            "its first version, with recognition",
            {"goal_seconds": GOAL_SECONDS, "slowest": max(warm)},
        )
    ]


def _job(engine: Engine, shots: tuple[Shot, ...], folder: Path) -> float:
    """Wall seconds from a timeline file to the SRT."""
    path = folder / "an hour.otio"
    write_timeline(shots, path)
    order = Order(path, (("srt", folder / "an hour.srt"),))
    begun = time.perf_counter()
    good = transcribe(engine, [order], Settings(ModelChoice(demo_model())), _ignore, never())
    taken = time.perf_counter() - begun
    assert good
    return taken


def _ignore(event: object) -> None:
    del event
