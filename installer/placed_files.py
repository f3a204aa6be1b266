"""Writes files outside Recue's own folders, and keeps a list of them so that each can be removed.

The list (`installed.json` in the data folder) has every file's SHA-256 as it was written, and every
folder that was made for one. A file that somebody changed is theirs from then on: it is neither
overwritten nor deleted.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

from editor_plugin.hosts.folders import LIST
from editor_plugin.hosts.json_file import read_json, write_json


@dataclass(frozen=True)
class Placed:
    """The list: path to SHA-256 for files, and folders that were made."""

    files: dict[str, str]
    folders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What became of one file: "written", "unchanged", "kept" (it is the user's), "failed", or
    "removed"; `reason` says why where it is not obvious."""

    path: Path
    state: str
    reason: str = ""


def read_list(data: Path) -> Placed:
    """The list in a data folder; an empty one where there is none."""
    told = read_json(data / LIST)
    try:
        return Placed(dict(told["files"]), tuple(told["folders"]))
    except (ValueError, TypeError, KeyError):
        return Placed({})


def write_list(data: Path, placed: Placed) -> None:
    """Write the list, whole or not at all; an empty list is no file."""
    path = data / LIST
    if not placed.files and not placed.folders:
        path.unlink(missing_ok=True)
        return
    write_json(path, {"files": placed.files, "folders": list(placed.folders)})


def place(placed: Placed, path: Path, content: bytes, mode: int = 0o644) -> tuple[Placed, Result]:
    """Write a file, unless one is there that Recue did not write or somebody changed since."""
    ours = _digest(content)
    here = _digest_of(path)
    if here is not None and here not in (ours, placed.files.get(str(path))):
        known = str(path) in placed.files
        reason = "it was changed since" if known else "a file of that name was there before"
        return placed, Result(path, "kept", reason)
    made = _missing_folders(path.parent)
    try:
        if here != ours:
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_name(path.name + ".recue-new")
            new.write_bytes(content)
            new.chmod(mode)
            os.replace(new, path)
    except OSError as error:
        return placed, Result(path, "failed", error.strerror or str(error))
    folders = (*placed.folders, *(f for f in made if f not in placed.folders))
    state = "unchanged" if here == ours else "written"
    return Placed({**placed.files, str(path): ours}, folders), Result(path, state)


def withdraw(placed: Placed, path: Path) -> tuple[Placed, Result]:
    """Delete a file, unless somebody changed it; it stays on the list only if that fails."""
    files = {name: digest for name, digest in placed.files.items() if name != str(path)}
    here = _digest_of(path)
    if here is None:
        return replace(placed, files=files), Result(path, "removed", "it was gone already")
    if here != placed.files.get(str(path)):
        return replace(placed, files=files), Result(path, "kept", "it was changed since")
    try:
        path.unlink()
    except OSError as error:
        return placed, Result(path, "failed", error.strerror or str(error))
    return replace(placed, files=files), Result(path, "removed")


def withdraw_folders(placed: Placed) -> Placed:
    """Delete the folders that were made, where nothing but bytecode is left in them."""
    for folder in sorted(placed.folders, key=len, reverse=True):
        bytecode = Path(folder, "__pycache__")
        if bytecode.is_dir() and [path.name for path in Path(folder).iterdir()] == ["__pycache__"]:
            for file in bytecode.glob("*.pyc"):
                file.unlink()
        for path in (bytecode, Path(folder)):
            with contextlib.suppress(OSError):  # somebody put something in it: it stays
                path.rmdir()
    return replace(placed, folders=tuple(f for f in placed.folders if Path(f).is_dir()))


def _missing_folders(folder: Path) -> list[str]:
    """The folders that must be made for this one, outermost first."""
    missing: list[str] = []
    while not folder.exists() and folder != folder.parent:
        missing.insert(0, str(folder))
        folder = folder.parent
    return missing


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest_of(path: Path) -> str | None:
    """None where there is no file; no digest at all is equal to that of a file we may not read."""
    try:
        return _digest(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return "unreadable"
