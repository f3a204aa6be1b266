"""The recogniser with the real runner and a tiny NeMo model, end to end."""

from __future__ import annotations

import contextlib
import math
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from editor_plugin.core.errors import ModelCorrupt, RecueError
from editor_plugin.core.transcript import HeardWindow, Window
from editor_plugin.engine.recognition.recogniser import Recogniser
from editor_plugin.engine.recognition.types import ModelChoice, RecognitionItem
from tests.misbehaving.staging import SECOND
from tests.tiny_models import tiny_model

pytestmark = pytest.mark.nemo

AUDIO_SECONDS = 24


class Ear:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.heard_windows: list[HeardWindow] = []
        self.notes: list[str] = []

    def heard(self, item: str, heard: HeardWindow) -> None:
        self.heard_windows.append(heard)

    def failed(self, item: str, window: Window | None, error: RecueError) -> None:
        raise error

    def progress(self, done_seconds: float, of_seconds: float) -> None:
        pass

    def note(self, text: str) -> None:
        self.notes.append(text)

    @property
    def text(self) -> list[str]:
        return [word.text for heard in self.in_order for word in heard.words]

    @property
    def in_order(self) -> list[HeardWindow]:
        return sorted(self.heard_windows, key=lambda heard: heard.window.start)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # building one imports NeMo, which warns as it does
        return tiny_model("tdt", tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def audio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wobbling tone with noise, in which a tiny model hears words of a kind."""
    time = np.arange(AUDIO_SECONDS * SECOND) / SECOND
    tone = np.sin(2 * math.pi * 250 * time * (1 + 0.1 * np.sin(2 * math.pi * 3 * time)))
    noise = np.random.default_rng(0).normal(0, 0.02, time.size)
    path = tmp_path_factory.mktemp("audio") / "Ton – äöü.wav"
    soundfile.write(path, (0.2 * tone + noise).astype("float32"), SECOND, subtype="PCM_16")
    return path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("place") / "cache é"


@pytest.fixture(scope="module")
def recogniser(place: Path) -> Iterator[Recogniser]:
    it = Recogniser(place, place.parent / "runner.log")
    yield it
    it.close()


def runner_of(place: Path) -> psutil.Process:
    """The process whose command names this cache folder."""
    found = []
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):  # one that has ended has no command any more
            if str(place) in child.cmdline():
                found.append(child)
    (runner,) = found
    return runner


def test_a_file_becomes_words_and_the_model_stays_loaded(
    recogniser: Recogniser, place: Path, model: Path, audio: Path
) -> None:
    recogniser.prepare(ModelChoice(model, device="cpu", precision="fp32"))
    windows = recogniser.plan(audio, [(0, AUDIO_SECONDS * SECOND)], 8 * SECOND)
    assert windows[0].start == 0
    assert windows[-1].end == AUDIO_SECONDS * SECOND
    texts, pids = [], []
    for _ in range(2):
        ear = Ear()
        outcome = recogniser.transcribe(
            [RecognitionItem("a", audio, windows)], ear, threading.Event()
        )
        assert [heard.window for heard in ear.in_order] == list(windows)
        assert (outcome.failed, outcome.notes) == ((), ())
        assert (outcome.limits.route, outcome.limits.precision) == ("map", "fp32")
        texts.append(ear.text)
        pids.append(runner_of(place).pid)
    assert texts[0] == texts[1] != []
    assert pids[0] == pids[1]


def test_a_runner_that_dies_is_replaced_and_the_text_is_the_same(
    recogniser: Recogniser, place: Path, model: Path, audio: Path
) -> None:
    recogniser.prepare(ModelChoice(model, device="cpu", precision="fp32"))
    windows = recogniser.plan(audio, [(0, AUDIO_SECONDS * SECOND)], 8 * SECOND)
    calm = Ear()
    recogniser.transcribe([RecognitionItem("a", audio, windows)], calm, threading.Event())
    doomed = runner_of(place)
    doomed.suspend()  # so that it cannot be done before it dies
    threading.Timer(1.0, doomed.kill).start()
    ear = Ear()
    outcome = recogniser.transcribe([RecognitionItem("a", audio, windows)], ear, threading.Event())
    assert ear.text == calm.text
    assert outcome.limits.route == "model-defaults"
    assert len(outcome.notes) == 1
    assert not doomed.is_running()
    assert runner_of(place).pid != doomed.pid


def test_a_damaged_model_is_named(recogniser: Recogniser, audio: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.nemo"
    damaged.write_bytes(b"not a model")
    recogniser.prepare(ModelChoice(damaged))
    with pytest.raises(ModelCorrupt, match="damaged"):
        recogniser.plan(audio, [(0, SECOND)], 8 * SECOND)


def test_nothing_is_left_at_the_end(recogniser: Recogniser, place: Path) -> None:
    process = runner_of(place)
    recogniser.close()
    assert not process.is_running()
    assert list((place / "work").iterdir()) == []
