"""Entry point of the engine's process: python -m editor_plugin.engine (docs/design/engine.md)."""

from __future__ import annotations

import sys

from editor_plugin.engine import paths
from editor_plugin.engine.engine import Engine
from editor_plugin.engine.log import log_to
from editor_plugin.engine.recognition.recogniser import Recogniser
from editor_plugin.engine.service.daemon import run
from editor_plugin.engine.settings import read_settings

LOG_FILE = "recue.log"
"""Not engine.log: that file is held open as this process's output, and cannot be rotated."""


def main() -> int:
    """Serve until the engine is stopped or has been idle for long; return the exit status."""
    return run(_open_engine, _idle_minutes)


def _open_engine() -> Engine:
    logs, work = paths.log_folder(), paths.work_folder()
    log_to(logs / LOG_FILE)
    return Engine(paths.data_folder(), work, Recogniser(work / "runner", logs / "runner.log"))


def _idle_minutes() -> float:
    return read_settings(paths.data_folder() / "settings.toml").idle_minutes


if __name__ == "__main__":
    sys.exit(main())
