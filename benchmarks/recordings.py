"""Recordings for the benchmarks: the demo film's sound, repeated, as AAC in MP4."""

from __future__ import annotations

import subprocess
from pathlib import Path

from editor_plugin.engine.media.ffmpeg_process import find_ffmpeg
from editor_plugin.engine.models import local

FILM = Path(__file__).parents[1] / "demo" / "media" / "recue-demo.mp4"


def recording(folder: Path, minutes: int) -> Path:
    """A recording of so many minutes in `folder`, created where it is missing."""
    path = folder / f"{minutes}-minutes.mp4"
    if not path.exists():
        part = path.with_suffix(".part.mp4")
        source = ["-stream_loop", "-1", "-i", str(FILM), "-t", str(60 * minutes)]
        sound = ["-vn", "-c:a", "aac", "-b:a", "96k"]
        command = [find_ffmpeg(), "-v", "error", "-y", *source, *sound, str(part)]
        subprocess.run(command, check=True)
        part.rename(path)
    return path


def demo_model() -> Path:
    """The bundled model."""
    return local.locate("demo").path
