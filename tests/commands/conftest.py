"""A workspace for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from editor_plugin.commands import command_line as command
from editor_plugin.engine.engine import Engine
from editor_plugin.engine.recognition.recogniser import Recogniser
from tests.engine.workspace import Workspace
from tests.misbehaving.staging import BRISK


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A workspace whose command line works with the fake runner, in a home of its own."""
    workspace = Workspace(tmp_path)

    def engine() -> Engine:
        recogniser = Recogniser(
            workspace.runner, workspace.stage.log, workspace.stage.launch.command, BRISK
        )
        return Engine(tmp_path, tmp_path / "work", recogniser)

    monkeypatch.setenv("RECUE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(command, "open_engine", engine)
    monkeypatch.chdir(tmp_path)
    yield workspace
