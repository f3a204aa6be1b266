"""Commits finished windows to the store at once, and emits their events."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from editor_plugin.core.errors import RecueError, Surface
from editor_plugin.core.jobs.events import Emit, Note, StageProgress, Words
from editor_plugin.core.transcript import SAMPLE_RATE, HeardWindow, Window
from editor_plugin.engine.jobs.audio_chunks import AudioChunk, in_source
from editor_plugin.engine.store import Store


@dataclass
class Committing:
    """The recogniser's listener for the audio chunks of one input; `whole` while nothing failed."""

    store: Store
    chunks: dict[str, AudioChunk]
    input: Path
    emit: Emit
    whole: bool = True

    def heard(self, item: str, heard: HeardWindow) -> None:
        chunk = self.chunks[item]
        moved = in_source(heard, chunk.start)
        self.store.commit(chunk.source.recognition, moved)
        start, end = moved.window.start / SAMPLE_RATE, moved.window.end / SAMPLE_RATE
        text = " ".join(
            word.text for word in moved.words if start <= (word.start + word.end) / 2 < end
        )
        self.emit(Words(self.input, Path(chunk.source.media.path), start, end, text))

    def failed(self, item: str, window: Window | None, error: RecueError) -> None:
        self.whole = False
        chunk = self.chunks[item]
        name = Path(chunk.source.media.path).name
        where = f"A part of “{name}”"
        if window is not None:
            moved = window.shifted(chunk.start)
            start, end = (_shown(at // SAMPLE_RATE) for at in (moved.start, moved.end))
            where = f"“{name}” from {start} to {end}"
        reason = error.sentence(Surface.EDITOR)  # a note is read on every surface
        self.emit(Note(self.input, f"{where} could not be recognised. {reason}"))

    def progress(self, done_seconds: float, of_seconds: float) -> None:
        self.emit(StageProgress(self.input, "recognising", done_seconds, of_seconds))

    def note(self, text: str) -> None:
        self.emit(Note(self.input, text))


def _shown(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
