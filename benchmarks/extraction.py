"""(c) Extraction of an hour of AAC to 16 kHz mono, compared with the plain ffmpeg command line."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from benchmarks.figures import Figure, alternate
from benchmarks.recordings import recording
from editor_plugin.core.timeline import Media
from editor_plugin.engine.media.extraction import extract
from editor_plugin.engine.media.ffmpeg_process import find_ffmpeg

REPEAT = 5


def measure(folder: Path, minutes: int = 60) -> list[Figure]:
    """Measure both, which write 16-bit WAV at 16 kHz, mono, from the same file."""
    source = recording(folder, minutes)

    def ours() -> float:
        begun = time.perf_counter()
        extract(Media(str(source)), None, folder / "extraction-ours.wav")
        return time.perf_counter() - begun

    def theirs() -> float:
        sound = ["-vn", "-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le"]
        target = str(folder / "extraction-theirs.wav")
        begun = time.perf_counter()
        run = [find_ffmpeg(), "-v", "error", "-y", "-i", str(source), *sound, target]
        subprocess.run(run, check=True)
        return time.perf_counter() - begun

    taken = alternate(ours, theirs, REPEAT)
    return [Figure(f"extraction, {minutes} minutes", *taken, "s", 1.05, "ffmpeg's command line")]
