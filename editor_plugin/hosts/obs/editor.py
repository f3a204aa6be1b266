"""The folders in which OBS Studio looks for scripts."""

from __future__ import annotations

from editor_plugin.hosts.folders import LINUX, MACOS, WINDOWS, Editor, Place

_FOLDERS = (
    (WINDOWS, "{APPDATA}/obs-studio"),
    (MACOS, "~/Library/Application Support/obs-studio"),
    (LINUX, "{XDG_CONFIG_HOME}/obs-studio"),
    (LINUX, "~/.var/app/com.obsproject.Studio/config/obs-studio"),
)
_NEXT = "In OBS open Tools > Scripts, press +, and choose the script in this folder."
_PLACES = tuple(Place(system, f"{path}/scripts", (path,)) for system, path in _FOLDERS)
EDITORS = (Editor("OBS Studio", "obs", _NEXT, _PLACES),)
