"""Recue's folders: the per-user folders of each system, created on first use, for this user alone.

With RECUE_HOME set, everything is in that one folder. install.py computes the data folder without
platformdirs (`hosts.folders.data_folder`); a test compares the two.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import platformdirs

from editor_plugin.core import protocol
from editor_plugin.core.errors import DiskFull, EnvironmentBroken, NoHome
from editor_plugin.engine.private_files import make_private

APP = "recue"


def data_folder() -> Path:
    """The folder of permanent data: environment, models, transcripts."""
    home = _home()
    if home:
        _refuse_shared(home)
        return _made(home, mixed=True)
    return _made(_users(platformdirs.user_data_path))


def cache_folder() -> Path:
    """The folder of data that can be made again."""
    home = _home()
    return _made(home / "cache" if home else _users(platformdirs.user_cache_path))


def log_folder() -> Path:
    """The folder of the logs of the engine, the runner and the installer."""
    home = _home()
    if home:
        return _made(home / "logs")
    logs = _users(platformdirs.user_log_path)
    if logs.parent.name == APP:  # on Linux, where it is a folder in the folder of Recue's state
        _made(logs.parent)
    return _made(logs)


def models_folder() -> Path:
    """The folder of downloaded models."""
    return _made(data_folder() / "models")


def work_folder() -> Path:
    """The folder of extracted audio and the runner's temporary files, needed only while it runs."""
    return _made(cache_folder() / "work")


def unpacked_models_folder() -> Path:
    """The folder where the engine's runner keeps the model that it opened last, unpacked."""
    return work_folder() / "runner" / protocol.MODELS_FOLDER


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


def _refuse_shared(home: Path) -> None:
    """Raise EnvironmentBroken for a folder that cannot be closed to others without harm."""
    all_users = home.is_dir() and bool(home.stat().st_mode & stat.S_ISVTX)
    if all_users or home in (Path(home.anchor), Path(os.path.expanduser("~"))):
        raise EnvironmentBroken(
            f"RECUE_HOME is “{home}”, which is not for Recue alone.",
            f"Set it to a folder in there, such as “{home / APP}”.",
        )


def _users(place: Callable[..., Path]) -> Path:
    """A folder of the system's for this user. Raises NoHome."""
    try:
        return place(APP, appauthor=False)
    except RuntimeError:
        raise NoHome() from None


def _made(folder: Path, mixed: bool = False) -> Path:
    """Create the folder, and close it to other users. Raises EnvironmentBroken or DiskFull where it
    cannot be written."""
    try:
        make_private(folder, mixed)
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
