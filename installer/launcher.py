"""Makes the launcher of the command `recue`, a small script in a folder of the user's PATH."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from pathlib import Path

from editor_plugin.hosts.folders import WINDOWS, Machine, OwnFolders


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
    command = shlex.quote(str(folders.environment / "bin" / "recue"))
    return "\n".join([*lines, f'exec {command} "$@"', ""]).encode("utf-8", "surrogateescape")


def _batch(folders: OwnFolders, home: Path | None) -> bytes:
    # cmd reads the file in the console's code page: UTF-8 for a user name with an accent.
    lines = ["@echo off", "chcp 65001 >nul", "setlocal"]
    if home:
        lines.append(f'set "RECUE_HOME={_batch_text(home)}"')
    lines.append(f'"{_batch_text(folders.environment)}\\Scripts\\recue.exe" %*')
    return "\r\n".join([*lines, ""]).encode("utf-8")


def _batch_text(path: Path) -> str:
    return str(path).replace("%", "%%")
