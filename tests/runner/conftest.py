"""Models and sounds for the runner's tests, and a place to recognise without a process."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from editor_plugin.core.protocol import Request
from editor_plugin.runner.methods import Recognition
from editor_plugin.runner.serve import PendingRequest
from tests.tiny_models import tiny_model

RATE = 16000


@pytest.fixture(scope="session")
def nemo() -> None:
    """Import NeMo; on the way it and its libraries warn of their own old habits."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import editor_plugin.runner.routes  # noqa: F401


@pytest.fixture(scope="session")
def models(nemo: None, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A function from a family to the path of its tiny model."""
    folder = tmp_path_factory.mktemp("models")

    def make(family: str) -> Path:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return tiny_model(family, folder)

    return make


def sound(path: Path, seconds: float, pitch: float = 250.0) -> Path:
    """Write a wavering hum with some noise, as 16-bit PCM at 16 kHz."""
    time = np.arange(int(seconds * RATE)) / RATE
    hum = 0.2 * np.sin(2 * np.pi * pitch * (1 + 0.1 * np.sin(6 * np.pi * time)) * time)
    noise = 0.02 * np.random.default_rng(0).standard_normal(len(time))
    soundfile.write(path, hum + noise, RATE, subtype="PCM_16")
    return path


@dataclass
class Talk:
    """The inference thread's side of the runner, without thread or process."""

    recognition: Recognition
    news: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    on_news: Callable[[PendingRequest, str], None] = lambda job, method: None

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method; what it notifies of is in `news`."""
        self.news.clear()
        job = PendingRequest(Request(1, method, params))

        def notify(name: str, **about: Any) -> None:
            self.news.append((name, about))
            self.on_news(job, name)

        return self.recognition.call(job, notify)

    def load(self, path: Path, **changes: Any) -> dict[str, Any]:
        """Load a model on the CPU in fp32."""
        params = {"device": "cpu", "precision": "fp32", "route": "map", **changes}
        return self.call("load_model", path=str(path), **params)

    def transcribe(self, *items: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Transcribe by the default route."""
        params = {"route": "map", "batch_seconds": None, "language": None, **changes}
        return self.call("transcribe", items=list(items), **params)

    def told(self, method: str) -> list[dict[str, Any]]:
        """The params of every notification of this method."""
        return [about for name, about in self.news if name == method]

    def words(self) -> dict[tuple[str, tuple[int, ...]], list[Any]]:
        """The words of each window."""
        return {
            (about["item"], tuple(about["window"])): about["words"] for about in self.told("words")
        }


@pytest.fixture
def talk(models: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """A prepared `Talk`, whose model is let go of at the end."""
    talk = Talk(Recognition(tmp_path_factory.mktemp("unpacked")))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        talk.recognition.prepare()
        yield talk
        talk.call("unload")


def item(name: str, audio: Path, *windows: list[int]) -> dict[str, Any]:
    """An item as `transcribe` takes it."""
    return {"item": name, "audio": str(audio), "windows": list(windows)}


def plain(start: float, end: float) -> list[int]:
    """A window without context, from seconds."""
    return [int(start * RATE)] * 2 + [int(end * RATE)] * 2
