"""(b) Peak memory of the command and of its runner: three hours against ten minutes, on Linux."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

from benchmarks.figures import Figure
from benchmarks.recordings import recording
from benchmarks.side_by_side import ROOT


def measure(folder: Path, long: int = 180, short: int = 10) -> list[Figure]:
    """Measure the kernel's peak values (VmHWM), read until the process ends."""
    peaks = {minutes: _peaks(folder, minutes) for minutes in (short, long)}
    return [
        Figure(
            f"peak memory of the {name}, {long} minutes",
            peaks[long][name],
            peaks[short][name],
            "MiB",
            1.10,
            f"{short} minutes",
        )
        for name in ("engine", "runner")
    ]


def _peaks(folder: Path, minutes: int) -> dict[str, float]:
    source = recording(folder, minutes)
    home = folder / f"memory-{minutes}-{time.time_ns()}"
    command = [sys.executable, "-m", "editor_plugin", "transcribe", str(source)]
    options = ["--model", "demo", "--events", "-o", str(folder / "memory.srt")]
    peaks = {"engine": 0.0, "runner": 0.0}
    with subprocess.Popen(
        [*command, *options],
        env={**os.environ, "RECUE_HOME": str(home)},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    ) as process:
        while process.poll() is None:
            time.sleep(0.1)
            peaks["engine"] = max(peaks["engine"], _peak(process.pid))
            for child in _children(process.pid):
                peaks["runner"] = max(peaks["runner"], _peak(child))
    if process.returncode:
        raise RuntimeError(f"the command ended with {process.returncode}")
    return peaks


def _children(pid: int) -> list[int]:
    try:
        children = psutil.Process(pid).children(recursive=True)
        return [each.pid for each in children if "editor_plugin.runner" in each.cmdline()]
    except psutil.Error:
        return []


def _peak(pid: int) -> float:
    """MiB; 0 where the process is gone."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0
