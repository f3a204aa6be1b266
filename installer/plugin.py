"""Installs the part of Recue that runs inside editors into a folder of its own, `plugin`.

The folder lies in the data folder and has the standard-library half of the package only, so an
editor's Python that puts it on its path finds none of the environment's packages, which are for
another Python.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from editor_plugin.hosts.folders import OwnFolders

PARTS = ("__init__.py", "client", "core", "hosts")
"""The parts of the package that editors need; the import rule keeps them free of the rest."""
PLACEHOLDER = b'"@RECUE_PLUGIN@"'
"""Stands in each script for the folder; Resolve runs scripts without a `__file__`."""


def plugin_folder(folders: OwnFolders) -> Path:
    """The plug-in's folder."""
    return folders.data / "plugin"


def install_plugin(project: Path, folders: OwnFolders) -> None:
    """Put the files there, all or none: an editor may start at any moment."""
    folder = plugin_folder(folders)
    new = folder.with_name(folder.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    for path in _files(project / "editor_plugin"):
        copy = new / path.relative_to(project)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        os.replace(folder, old)
    os.replace(new, folder)
    shutil.rmtree(old, ignore_errors=True)


def filled_in(script: bytes, folders: OwnFolders) -> bytes:
    """A script for an editor, with the folder in the placeholder's place; in ASCII, whatever the
    folder's name, as some editors read scripts in the system's own encoding."""
    return script.replace(PLACEHOLDER, json.dumps(str(plugin_folder(folders))).encode("ascii"))


def _files(package: Path) -> Iterator[Path]:
    for name in PARTS:
        top = package / name
        for path in sorted(top.rglob("*.py")) if top.is_dir() else [top]:
            if path.is_file():
                yield path
