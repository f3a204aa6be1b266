"""What Recue left on users' disks before its parts were renamed opens and goes on unchanged.

`tests/golden/landed/transcripts.sqlite` was written by commit 32f8bff: one job done, with a
correction and a term of the glossary; one failed; one of a snapshot paused. A test's runner
recognised the windows.
"""

from __future__ import annotations

import random
import shutil
import wave
from pathlib import Path

import pytest

from editor_plugin.core.errors import MediaMissing, ModelUnknown
from editor_plugin.engine.corrections import listed, terms
from editor_plugin.engine.engine import Engine
from editor_plugin.engine.settings import UserSettings, read_settings
from tests.engine.jobs.open_engine import asking, open_engine, plain, until
from tests.engine.workspace import Workspace

LANDED = Path(__file__).parents[1] / "golden" / "landed"
DONE, FAILED, PAUSED = 1, 2, 3


def film(path: Path) -> Path:
    """The film of that time, to the byte."""
    noise = random.Random(1)
    samples = (noise.randrange(-3000, 3000) for _ in range(16_000 * 20))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(b"".join(each.to_bytes(2, "little", signed=True) for each in samples))
    return path


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path)
    (tmp_path / "data").mkdir()
    shutil.copy(LANDED / "transcripts.sqlite", tmp_path / "data")
    return workspace


def statuses(engine: Engine) -> dict[int, str]:
    return {each.job: each.state for each in engine.queue.all()}


def test_jobs_and_results_are_there(workspace: Workspace) -> None:
    with open_engine(workspace) as engine:
        assert engine.notes == ()
        assert statuses(engine) == {PAUSED: "paused", FAILED: "failed", DONE: "done"}
        (found,) = engine.queue.status(DONE).inputs
        assert (found.name, found.cues, found.words, found.recognised) == ("film.wav", 1, 1, 20.0)
        assert found.outputs == ("/tmp/recue-landed/film.srt",)
        result = engine.queue.result(DONE, 0)
        assert [cue.text for cue in result.cues] == ["w0"] and result.srt.startswith("1\n00:00")
        (missing,) = engine.queue.status(FAILED).inputs
        assert isinstance(missing.error, MediaMissing)


def test_a_paused_job_goes_on(workspace: Workspace) -> None:
    with open_engine(workspace) as engine:
        engine.queue.resume(PAUSED)
        status = until(engine, PAUSED, "failed", "done")
    # Its model is on the machine where it was asked for; the job itself was understood.
    assert [each.name for each in status.inputs] == ["Old cut"]
    assert isinstance(status.error, ModelUnknown)


def test_nothing_is_recognised_again_and_corrections_hold(workspace: Workspace) -> None:
    path = film(workspace.folder / "renamed.wav")
    with open_engine(workspace) as engine:
        job = engine.queue.add(asking(workspace, plain(path, "srt")))
        (found,) = until(engine, job, "done", "failed").inputs
        database = engine.store.database
        assert [each.term.right for each in terms(database)] == ["Parakeet"]
        assert len(listed(database)) == 1
    assert found.recognised == 0 and found.error is None
    assert "Corrected" in path.with_suffix(".srt").read_text(encoding="utf-8")


def test_settings_are_read() -> None:
    assert read_settings(LANDED / "settings.toml") == UserSettings(
        "demo", "cpu", "fp32", "en", "bbc-16x9", 20, 3
    )
