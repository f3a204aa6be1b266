"""The sound of a span of a media file, to be listened to: as a model hears it."""

from __future__ import annotations

import tempfile
import threading
from fractions import Fraction
from pathlib import Path

from editor_plugin.core.timeline import Media, Span
from editor_plugin.engine.media.extraction import extract
from editor_plugin.engine.media.ffmpeg_process import ProgressControl

MOST_SECONDS = 60


def sound_of(media: Media, start: Fraction, seconds: Fraction, cancel: threading.Event) -> bytes:
    """A WAV of 16 kHz, 16 bit, mono, from `start` seconds on in source time, for every codec that
    ffmpeg reads. Raises as `extract` does; `cancel` ends ffmpeg."""
    with tempfile.TemporaryDirectory(prefix="recue-") as folder:
        target = Path(folder, "sound.wav")
        extract(media, Span(start, start + seconds), target, ProgressControl(None, cancel))
        return target.read_bytes()
