"""The log of the runner: kept small, and never a reason to stop."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.engine.recognition.stderr_log import RunnerLog


def test_what_is_written_is_there_as_it_was(tmp_path: Path) -> None:
    log = RunnerLog(tmp_path / "logs" / "runner.log")
    log.write("half a line, ")
    log.write("its end – été\n")
    log.say("The process ended.")
    log.close()
    written = (tmp_path / "logs" / "runner.log").read_text("utf-8")
    assert written == "half a line, its end – été\n\n[recue] The process ended.\n"


@given(texts=st.lists(st.text(max_size=40), max_size=40))
def test_two_files_at_most_and_neither_over_the_limit(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("log")
    log = RunnerLog(folder / "runner.log", max_bytes=200)
    for text in texts:
        log.write(text)
    log.close()
    files = list(folder.iterdir())
    assert len(files) <= 2
    # The text that fills a file may be over by its own length, 40 characters of 4 bytes.
    assert all(file.stat().st_size <= 200 + 160 for file in files)


def test_a_folder_that_cannot_be_made_stops_nobody(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    log = RunnerLog(tmp_path / "file" / "runner.log")
    log.write("lost")
    log.close()
    assert (tmp_path / "file").read_bytes() == b""
    assert capfd.readouterr() == ("", "")


def test_after_the_end_nothing_is_written(tmp_path: Path) -> None:
    log = RunnerLog(tmp_path / "runner.log")
    log.close()
    log.write("late")
    assert not (tmp_path / "runner.log").exists()
