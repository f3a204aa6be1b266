"""(e) A model of Parakeet-0.6B's shape on the CPU, compared with plain NeMo and ONNX in int8."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import Figure
from benchmarks.recordings import demo_model, recording
from benchmarks.side_by_side import (
    BATCH_SIZE,
    ROOT,
    CountingListener,
    Cut,
    bare,
    cut,
    recogniser,
)
from editor_plugin.engine.recognition.recogniser import Recogniser
from editor_plugin.engine.recognition.types import RecognitionItem

REPEAT = 3


def measure(folder: Path, minutes: int = 5) -> list[Figure]:
    """Measure it. Recue and NeMo include decoding; ONNX runs the encoder alone."""
    model = folder / "parakeet" / "parakeet-shape.nemo"
    if not model.exists():
        model.parent.mkdir(exist_ok=True)
        _shape("build", demo_model(), model)
    with recogniser(folder, model) as opened:
        windows = cut(opened, recording(folder, minutes), folder)
        precision = _transcribe(opened, windows)[1]
        ours = median([_transcribe(opened, windows)[0] for _ in range(REPEAT)])
    theirs = median(bare(model, windows, REPEAT)["transcribe"])
    asked = {
        "audio": str(windows.audio),
        "windows": windows.spans,
        "batch_size": BATCH_SIZE,
        "repeat": REPEAT,
    }
    onnx = median(_shape("onnx", model, model.with_suffix(".onnx"), asked)["transcribe"])
    name = f"0.6B shape on the CPU in {precision}, {minutes} minutes"
    return [
        Figure(name, ours, theirs, "s", 0.35, "NeMo's transcribe() as it comes"),
        Figure(name, ours, onnx, "s", 0.80, "ONNX Runtime, int8, encoder alone"),
    ]


def _transcribe(opened: Recogniser, windows: Cut) -> tuple[float, str]:
    """Wall seconds, and the precision that was used."""
    begun = time.perf_counter()
    outcome = opened.transcribe(
        [RecognitionItem("a", windows.audio, windows.windows)],
        CountingListener(),
        threading.Event(),
    )
    return time.perf_counter() - begun, str(outcome.limits.precision)


def _shape(what: str, source: Path, target: Path, asked: Any = None) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.parakeet_shape", what, str(source), str(target)]
    run = subprocess.run(
        command, input=json.dumps(asked), capture_output=True, text=True, cwd=ROOT, check=False
    )
    if run.returncode:
        raise RuntimeError(run.stderr[-2000:])
    found = json.loads(run.stdout or "{}")
    assert isinstance(found, dict)
    return found
