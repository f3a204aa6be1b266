"""A user's workspace: media made by ffmpeg, a real store, a runner that answers at once."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from editor_plugin.core.jobs.events import Event, InputFailed, InputFinished, Note, StageProgress
from editor_plugin.core.jobs.request import Order
from editor_plugin.engine.jobs import RunResources, RunSettings, transcribe
from editor_plugin.engine.media.ffmpeg_process import find_ffmpeg
from editor_plugin.engine.recognition.recogniser import Recogniser
from editor_plugin.engine.recognition.types import ModelChoice
from editor_plugin.engine.store import Store
from tests.misbehaving.staging import BRISK, Stage

NOISE = "anoisesrc=r=16000:a=0.1:seed=1"
SILENCE = "anullsrc=r=16000:cl=mono"


T = TypeVar("T", InputFailed, InputFinished, Note, StageProgress)


class Workspace:
    """A folder of media, an engine, and the events that it emitted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runner = folder / "runner"
        self.runner.mkdir()
        self.stage = Stage(self.runner)
        self.model = folder / "model.nemo"
        self.model.write_bytes(b"a model")
        self.told: list[Event] = []
        self.watch: Callable[[Event], None] = lambda event: None
        self.cancel = threading.Event()

    def media(self, name: str, seconds: float, sound: str = NOISE) -> Path:
        path = self.folder / name
        run = [find_ffmpeg(), "-v", "error", "-y", "-f", "lavfi", "-i", sound, "-t", str(seconds)]
        subprocess.run([*run, str(path)], check=True)
        return path

    def run(self, *orders: Order, window_seconds: int = 30) -> bool:
        work = self.folder / "work"
        recogniser = Recogniser(self.runner, self.stage.log, self.stage.launch.command, BRISK)
        store = Store.at(self.folder / "transcripts.sqlite")
        self.told = []
        settings = RunSettings(ModelChoice(self.model), window_seconds)
        try:
            with closing(store), closing(recogniser):
                engine = RunResources(store, recogniser, work)
                return transcribe(engine, orders, settings, self.tell, self.cancel)
        finally:
            assert list(work.iterdir()) == []  # whatever happened, no audio is left behind

    def tell(self, event: Event) -> None:
        self.told.append(event)
        self.watch(event)

    def all(self, kind: type[T]) -> list[T]:
        return [event for event in self.told if isinstance(event, kind)]

    def windows(self) -> int:
        """How many windows the runners have been sent, in all runs."""
        return sum(len(call) for call in self.stage.sent())
