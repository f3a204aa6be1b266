"""`recue jobs` where no engine answers: none runs, or one is just starting."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from editor_plugin.__main__ import main
from editor_plugin.core.jobs.request import JobRequest, Order
from editor_plugin.engine.engine import LOCK, STORE
from editor_plugin.engine.jobs.queue import JobQueue
from editor_plugin.engine.store import Database


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a user whose queue has a job."""
    monkeypatch.setenv("RECUE_HOME", str(tmp_path))
    monkeypatch.setenv("RECUE_PYTHON", str(tmp_path / "no engine can be started"))
    database = Database(tmp_path / STORE)
    JobQueue(database).add(JobRequest((Order(Path("/films/a.wav")),)))
    database.close()
    return tmp_path


@pytest.mark.parametrize("state", ["queued", "running", "paused"])
@pytest.mark.parametrize("is_starting", [False, True])
def test_a_job_is_cancelled_where_no_engine_answers_and_none_is_started(
    data: Path, state: str, is_starting: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database(data / STORE)
    JobQueue(database).set_state(1, state)
    database.close()
    lock = FileLock(data / LOCK)
    if is_starting:
        lock.acquire()
    assert main(["jobs", "cancel", "1"]) == 0
    lock.release()
    assert capsys.readouterr().out.split() == ["1", "cancelled", "a.wav"]
    assert main(["jobs"]) == 0
    assert "cancelled" in capsys.readouterr().out


def test_a_job_that_is_not_there_cannot_be_cancelled(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["jobs", "cancel", "7"]) == 1
    assert "no job 7" in capsys.readouterr().err
    (data / STORE).unlink()
    assert main(["jobs", "cancel", "1"]) == 1
    assert "no job 1" in capsys.readouterr().err
