"""Writing and removing `engine.json`, by which clients find the engine."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path

from editor_plugin.core.errors import DiskFull, EnvironmentBroken
from editor_plugin.core.handshake import ENGINE_FILE, Announcement, from_text, to_text


def announce(folder: Path, announcement: Announcement) -> None:
    """Write the file atomically, readable by its owner only. Raises DiskFull, and EnvironmentBroken
    where the folder cannot be written."""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".engine-")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(to_text(announcement))
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, folder / ENGINE_FILE)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(str(folder)) from None
        raise EnvironmentBroken(
            f"Recue's folder “{folder}” cannot be written: {error.strerror or error}.",
            "Make it writable, or set RECUE_HOME to a folder that is.",
        ) from None


def withdraw(folder: Path, token: str) -> None:
    """Remove the file, if it is still that of the engine with this token."""
    path = folder / ENGINE_FILE
    with contextlib.suppress(OSError, ValueError):
        found = from_text(path.read_text(encoding="utf-8"))
        if found is not None and found.token == token:
            path.unlink()
