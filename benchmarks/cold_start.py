"""(d) Time from the command to the first words, compared with NeMo's import and first batch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.figures import Figure, alternate
from benchmarks.recordings import demo_model, recording
from benchmarks.side_by_side import ROOT, bare, cut, recogniser

REPEAT = 3


def measure(folder: Path, minutes: int = 10) -> list[Figure]:
    """Ours begins with nothing running and an empty store; files are in the system's cache."""
    source, model = recording(folder, minutes), demo_model()
    with recogniser(folder, model) as opened:
        windows = cut(opened, source, folder)

    def theirs() -> float:
        # Without the interpreter's own start, which ours has.
        found = bare(model, windows, 0)
        return float(found["import"] + found["restore"] + found["first_batch"])

    taken = alternate(lambda: _first_words(folder, source), theirs, REPEAT)
    against = "import nemo.collections.asr + restore_from + first batch"
    return [Figure("cold start to the first words", *taken, "s", 1.0, against)]


def _first_words(folder: Path, source: Path) -> float:
    home = folder / f"cold-{time.time_ns()}"
    command = [sys.executable, "-m", "editor_plugin", "transcribe", str(source), "--events"]
    options = ["--model", "demo", "-o", str(folder / "cold.srt")]
    begun = time.perf_counter()
    with subprocess.Popen(
        [*command, *options],
        env={**os.environ, "RECUE_HOME": str(home)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line).get("stage") == "recognising":
                break
        taken = time.perf_counter() - begun
        process.terminate()
        process.communicate()
    return taken
