"""(a) A warm transcription, from the file to the subtitles, compared with `model.transcribe()`."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure
from benchmarks.recordings import demo_model, recording
from benchmarks.side_by_side import bare, cut, recogniser
from editor_plugin.core.jobs.request import Order, OutputFile
from editor_plugin.engine.jobs import RunResources, RunSettings, transcribe
from editor_plugin.engine.recognition.recogniser import Recogniser
from editor_plugin.engine.recognition.types import ModelChoice
from editor_plugin.engine.store import Store

REPEAT = 3


def measure(folder: Path, minutes: tuple[int, ...] = (10, 60)) -> list[Figure]:
    """Measure both. Recue's time includes extraction, planning, segmentation, store and SRT."""
    figures = []
    model = demo_model()
    with recogniser(folder, model) as opened:
        cuts = {each: cut(opened, recording(folder, each), folder) for each in minutes}
        ours: dict[int, list[float]] = {each: [] for each in minutes}
        _job(opened, folder, 1)
        for each in minutes:
            for _ in range(REPEAT):
                ours[each].append(_job(opened, folder, each))
    for each in minutes:
        theirs = bare(model, cuts[each], REPEAT)["transcribe"]
        figures.append(
            Figure(
                f"warm transcription, {each} minutes",
                median(ours[each]),
                median(theirs),
                "s",
                1.05,
                "bare model.transcribe() of the same windows",
            )
        )
    return figures


def _job(opened: Recogniser, folder: Path, minutes: int) -> float:
    """Wall seconds of a job whose store is empty, on a runner that is warm."""
    source = recording(folder, minutes)
    store_path = folder / "warm.sqlite"
    store_path.unlink(missing_ok=True)
    store = Store.at(store_path)
    engine = RunResources(store, opened, folder / "work")
    order = Order(source, (OutputFile("srt", folder / "warm.srt"),))
    begun = time.perf_counter()
    good = transcribe(
        engine, [order], RunSettings(ModelChoice(demo_model())), _ignore, threading.Event()
    )
    taken = time.perf_counter() - begun
    store.close()
    assert good
    return taken


def _ignore(event: object) -> None:
    del event
