"""An engine in a test's workspace: real queue, worker and store; a runner that answers at once."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from editor_plugin.core.jobs.request import JobOptions, JobRequest, Order, OutputFile
from editor_plugin.core.jobs.status import JobStatus
from editor_plugin.engine.engine import Engine
from editor_plugin.engine.recognition.recogniser import Recogniser
from tests.engine.workspace import Workspace
from tests.misbehaving.staging import BRISK

PATIENCE = 120.0


def open_engine(workspace: Workspace) -> Engine:
    recogniser = Recogniser(
        workspace.runner, workspace.stage.log, workspace.stage.launch.command, BRISK
    )
    return Engine(workspace.folder / "data", workspace.folder / "work", recogniser)


def asking(workspace: Workspace, *orders: Order, **options: Any) -> JobRequest:
    return JobRequest(orders, JobOptions(**{"model": str(workspace.model), **options}))


def plain(path: Path, *formats: str) -> Order:
    suffixes = {"srt": ".srt", "words": ".words.json"}
    return Order(
        path, tuple(OutputFile(each, path.with_suffix(suffixes[each])) for each in formats)
    )


def until(engine: Engine, job: int, *states: str) -> JobStatus:
    """Wait for a job to be in one of these states; its status."""
    end = time.monotonic() + PATIENCE
    while (status := engine.queue.status(job)).state not in states:
        assert time.monotonic() < end, status
        time.sleep(0.01)
    return status
