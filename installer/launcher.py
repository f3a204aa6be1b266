"""Makes the launcher of the command `recue`, a small script in a folder of the user's PATH."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from pathlib import Path

from editor_plugin.hosts.folders import WINDOWS, Machine, OwnFolders

LOADER = (
    *("LD_LIBRARY_PATH", "LD_PRELOAD", "LD_AUDIT"),
    *("DYLD_INSERT_LIBRARIES", "DYLD_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH"),
    *("DYLD_FALLBACK_LIBRARY_PATH", "DYLD_FALLBACK_FRAMEWORK_PATH"),
)
"""Variables of Linux's and macOS's loader, as of the terminal inside an editor or an AppImage."""


@dataclass(frozen=True)
class Launcher:
    """The file, what is in it, and whether its folder is on the PATH."""

    path: Path
    content: bytes
    on_path: bool


def launcher(machine: Machine, folders: OwnFolders) -> Launcher:
    """The launcher for this system. It hands RECUE_HOME on where that was set at installation."""
    home = folders.data if machine.environ.get("RECUE_HOME") else None
    if machine.system == WINDOWS:
        # The one folder of a user that is on every PATH since Windows 10.
        local = Path(machine.environ.get("LOCALAPPDATA") or machine.home / "AppData" / "Local")
        path = local / "Microsoft" / "WindowsApps" / "recue.cmd"
        content = _batch(folders, home)
    else:
        path = machine.home / ".local" / "bin" / "recue"
        content = _shell(folders, home)
    entries = machine.environ.get("PATH", "").split(os.pathsep)
    on_path = os.path.normcase(path.parent) in map(os.path.normcase, entries)
    return Launcher(path, content, on_path)


def _shell(folders: OwnFolders, home: Path | None) -> bytes:
    lines = ["#!/bin/sh"]
    if home:
        lines.append(f"export RECUE_HOME={shlex.quote(str(home))}")
    # Before Python: what the loader reads. With -I, Python reads none of its own variables.
    lines.append(f"unset {' '.join(LOADER)}")
    python = shlex.quote(str(folders.environment / "bin" / "python"))
    command = f'exec {python} -I -m editor_plugin "$@"'
    return "\n".join([*lines, command, ""]).encode("utf-8", "surrogateescape")


def _batch(folders: OwnFolders, home: Path | None) -> bytes:
    # cmd reads the file in the console's code page: UTF-8 for a user name with an accent.
    lines = ["@echo off", "chcp 65001 >nul", "setlocal"]
    if home:
        lines.append(f'set "RECUE_HOME={_batch_text(home)}"')
    python = f"{_batch_text(folders.environment)}\\Scripts\\python.exe"
    lines.append(f'"{python}" -I -m editor_plugin %*')
    return "\r\n".join([*lines, ""]).encode("utf-8")


def _batch_text(path: Path) -> str:
    return str(path).replace("%", "%%")
