"""kill -9 with the real runner: NeMo, a small model, real sound."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.jobs.request import request_to_wire
from editor_plugin.engine.media.ffmpeg_process import find_ffmpeg
from tests.faults import ledger
from tests.faults.engines import ROOT, Engine, Engines
from tests.faults.household import Household, words_in
from tests.tiny_models import tiny_model

pytestmark = pytest.mark.nemo

KILLS = ("runner", "engine", "both", "engine")


class RealHousehold(Household):
    """A household with the real runner and a model of random weights."""

    def start(self, *films: Path) -> dict[str, Any]:
        request = self.request(*films, window_seconds=10)
        request = replace(request, options=replace(request.options, device="cpu"))
        return {**super().start(*films), "command": (), "request": request_to_wire(request)}


@pytest.fixture
def engines() -> Iterator[Engines]:
    engines = Engines()
    yield engines
    engines.close()


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    path = tmp_path / "speech.wav"
    film = str(ROOT / "demo" / "media" / "recue-demo.mp4")
    run = [find_ffmpeg(), "-v", "error", "-stream_loop", "-1", "-i", film, "-vn", "-t", "600"]
    subprocess.run([*run, str(path)], check=True)
    return path


def real(folder: Path) -> RealHousehold:
    folder.mkdir()
    household = RealHousehold(folder)
    household.model = tiny_model("tdt", folder)
    return household


def ended(engine: Engine) -> None:
    engine.until("gone")
    assert engine.end is not None and engine.end["state"] == "done", str(engine.end)


def test_kills_of_the_real_runner_change_no_word(
    engines: Engines, household: Household, tmp_path: Path, speech: Path
) -> None:
    """Confidences may differ in their last digits: a batch of other windows is padded otherwise."""
    undisturbed, killed = real(tmp_path / "undisturbed"), real(tmp_path / "killed")
    ended(engines.start(undisturbed, speech))
    expected = undisturbed.files(speech)
    lost, kills, whole = len(words_in(expected)), [], False
    try:
        engine = engines.start(killed, speech)
        for who in KILLS:
            if not engine.until("kept"):
                break
            engine.kill(who)
            kills.append(who)
            if who != "runner":
                told = {(round(a * 16000), round(b * 16000)) for a, b in engine.kept}
                assert told <= killed.windows()
                engine = engines.start(killed, speech)
        ended(engine)
        found = killed.files(speech)
        lost = ledger.missing(words_in(expected), words_in(found))
        assert found[".srt"] == expected[".srt"] and words_in(found) == words_in(expected)
        assert killed.windows() == undisturbed.windows()
        assert len(kills) >= 3
        whole = True
    finally:
        for number, who in enumerate(kills):
            result = ledger.Count(whole, lost if number == 0 else 0)
            ledger.count(f"kill -9 with NeMo: {who}", result)
