"""Writes the Blender add-on as a zip into the data folder, for a Blender that the installer does
not find: one that was only unpacked, or whose settings are elsewhere.

A folder with `bl_info` and a manifest: Blender 3.4 takes it for an add-on, 4.2 and later for an
extension.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from editor_plugin.hosts.folders import OwnFolders
from installer.plugin import filled_in

ADDON = Path("scripts", "blender", "recue")
NAME = "recue-blender.zip"
_THEN = (2026, 1, 1, 0, 0, 0)
"""The date of every file in it, so that the same files make the same zip."""


def write_zip(project: Path, folders: OwnFolders) -> Path | None:
    """Write the zip; None where this project has no add-on."""
    files = [path for path in sorted((project / ADDON).glob("*")) if path.is_file()]
    if not files:
        return None
    path = folders.data / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(NAME + ".new")
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in files:
            entry = zipfile.ZipInfo(f"{ADDON.name}/{each.name}", _THEN)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, filled_in(each.read_bytes(), folders))
    new.replace(path)
    return path
