"""An engine in the background ends before its files are replaced or removed."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import filelock

from editor_plugin.hosts.folders import own_folders, this_machine
from installer.engine import stop_engine

PROJECT = Path(__file__).parents[2]
BEGIN = "import sys; from editor_plugin import client; client.connect(60, sys.executable).hello()"


def test_an_engine_that_runs_is_asked_to_end(tmp_path: Path) -> None:
    home = tmp_path / "Zoë"
    home.mkdir()
    environ = {**os.environ, "RECUE_HOME": str(home)}
    run = [sys.executable, "-c", BEGIN]
    started = subprocess.run(run, env=environ, cwd=PROJECT, capture_output=True, encoding="utf-8")
    assert started.returncode == 0, started.stderr
    folders = own_folders(replace(this_machine(), environ=environ))
    said: list[str] = []
    stop_engine(folders, said.append)
    assert len(said) == 1 and not (home / "engine.json").exists()
    with filelock.FileLock(home / "engine.lock", timeout=90):
        stop_engine(folders, said.append)  # there is none to be asked any more
    assert len(said) == 1
