"""The folders in which Blender looks for add-ons."""

from __future__ import annotations

from editor_plugin.hosts.folders import LINUX, MACOS, WINDOWS, Editor, Place

_FOLDERS = (
    (WINDOWS, "{APPDATA}/Blender Foundation/Blender"),
    (MACOS, "~/Library/Application Support/Blender"),
    (LINUX, "{XDG_CONFIG_HOME}/blender"),
    (LINUX, "~/.var/app/org.blender.Blender/config/blender"),
)
_NEXT = "In Blender open Edit > Preferences > Add-ons, and tick Recue."
_PLACES = tuple(Place(system, f"{path}/*/scripts/addons", (path,)) for system, path in _FOLDERS)
EDITORS = (Editor("Blender", "blender", _NEXT, _PLACES),)
