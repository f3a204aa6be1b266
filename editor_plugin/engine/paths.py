"""Recue's folders: the per-user folders of each system, created on first use.

With RECUE_HOME set, everything is in that one folder. install.py computes the data folder without
platformdirs (`hosts.folders.data_folder`); a test compares the two.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import platformdirs

from editor_plugin.core.errors import DiskFull, EnvironmentBroken

APP = "recue"


def data_folder() -> Path:
    """The folder of permanent data: environment, models, transcripts."""
    return _made(_home() or platformdirs.user_data_path(APP, appauthor=False))


def cache_folder() -> Path:
    """The folder of data that can be made again."""
    home = _home()
    return _made(home / "cache" if home else platformdirs.user_cache_path(APP, appauthor=False))


def log_folder() -> Path:
    """The folder of the logs of the engine, the runner and the installer."""
    home = _home()
    return _made(home / "logs" if home else platformdirs.user_log_path(APP, appauthor=False))


def models_folder() -> Path:
    """The folder of downloaded models."""
    return _made(data_folder() / "models")


def work_folder() -> Path:
    """The folder of extracted audio and the runner's temporary files, needed only while it runs."""
    return _made(cache_folder() / "work")


def demo_folder() -> Path:
    """The folder of the demo's model, media and timeline: beside the package in a clone, else where
    pip installs it. It may be missing where only the package was copied."""
    clone = Path(__file__).resolve().parents[2] / "demo"
    # Recognised by its timeline: in site-packages, a folder "demo" may be another package's.
    if (clone / "recue-demo.otio").is_file():
        return clone
    return Path(sys.prefix) / "share" / APP / "demo"


def _home() -> Path | None:
    value = os.environ.get("RECUE_HOME")
    return Path(os.path.abspath(os.path.expanduser(value))) if value else None


def _made(folder: Path) -> Path:
    """Create the folder. Raises EnvironmentBroken or DiskFull where it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(str(folder)) from None
        raise _unwritable(folder, error.strerror or str(error)) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unwritable(folder, "it is read-only")
    return folder


def _unwritable(folder: Path, reason: str) -> EnvironmentBroken:
    return EnvironmentBroken(
        f"Recue's folder “{folder}” cannot be used: {reason}.",
        "Make it writable, or set RECUE_HOME to a folder that is.",
    )
