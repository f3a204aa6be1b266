"""Detection of silence, to distinguish a muted recording from one without speech."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

from editor_plugin.core.errors import InputError
from editor_plugin.engine.jobs.inputs import Project
from editor_plugin.engine.media.extraction import extract
from editor_plugin.engine.media.ffmpeg_process import ProgressControl

SILENCE = 10 ** (-60 / 20)
"""Peak level under which a recording counts as silent: −60 dB of full scale."""
BLOCK = 1 << 20


def is_silent(project: Project, folder: Path, cancel: threading.Event) -> bool:
    """Whether no sample that the project needs reaches −60 dB. `folder` is for a temporary WAV.
    Raises DiskFull, Cancelled."""
    with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as temporary:
        for media, spans in project.needed.items():
            for span in spans:
                target = Path(temporary, "level.wav")
                try:
                    extract(media, span, target, ProgressControl(None, cancel))
                except InputError:
                    continue
                if _peak(target) >= SILENCE:
                    return False
    return True


def _peak(path: Path) -> float:
    import soundfile  # with numpy, a third of the command's start-up time; rarely needed

    peaks = (abs(block).max() for block in soundfile.blocks(path, BLOCK, dtype="float32"))
    return float(max(peaks, default=0.0))
