"""The log file of the runner's error output, of limited size."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path

from editor_plugin.core.printable import printable_lines
from editor_plugin.engine.private_files import PrivateLogFile

MAX_BYTES = 4 * 1024 * 1024
"""Of one file; there are the current one and the one before it."""


class RunnerLog:
    """Appends text to `path`; at `max_bytes` the file becomes `path`.1 and a new one begins. Write
    errors are ignored, as they are no reason to stop a transcription."""

    def __init__(self, path: Path, max_bytes: int = MAX_BYTES) -> None:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
        self._handler = _Quiet(
            path, maxBytes=max_bytes, backupCount=1, encoding="utf-8", errors="replace", delay=True
        )
        self._handler.terminator = ""
        self._closed = False

    def write(self, text: str) -> None:
        """Append `text`, made safe to be shown, unless the log is closed."""
        text = printable_lines(text)
        record = logging.LogRecord("runner", logging.INFO, "", 0, text, args=None, exc_info=None)
        if not self._closed:
            self._handler.handle(record)

    def say(self, sentence: str) -> None:
        """Append a line by the engine."""
        self.write(f"\n[recue] {sentence}\n")

    def close(self) -> None:
        """Close the file."""
        self._closed = True  # the handler alone would open it again for a late line
        self._handler.close()


class _Quiet(PrivateLogFile):
    def handleError(self, record: logging.LogRecord) -> None:
        pass
