"""Recue's own log, of errors for its developers. It never contains words of a recording."""

from __future__ import annotations

import logging
from pathlib import Path

from editor_plugin.core.printable import printable_lines
from editor_plugin.engine.private_files import PrivateLogFile

BYTES = 1_000_000
BACKUPS = 3
LOG = logging.getLogger("recue")


def log_to(path: Path) -> None:
    """Write the log to a file, which is rotated at a megabyte, with three older ones kept. A second
    call for the same file changes nothing. Raises OSError."""
    LOG.propagate = False
    LOG.setLevel(logging.INFO)
    name = str(path.absolute())
    if any(getattr(each, "baseFilename", None) == name for each in LOG.handlers):
        return
    handler = PrivateLogFile(
        path, maxBytes=BYTES, backupCount=BACKUPS, encoding="utf-8", delay=True
    )
    handler.setFormatter(_Indented("%(asctime)s %(process)d %(message)s"))
    LOG.addHandler(handler)


class _Indented(logging.Formatter):
    """Indents every further line of an entry, so that no name in it can look like another entry."""

    def format(self, record: logging.LogRecord) -> str:
        return printable_lines(super().format(record)).replace("\n", "\n    ")
