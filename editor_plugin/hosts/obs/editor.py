"""The folders in which OBS Studio looks for scripts."""

from __future__ import annotations

from editor_plugin.hosts.folders import LINUX, MACOS, WINDOWS, Editor, Place

_MACOS = "~/Library/Application Support/obs-studio"
_FLATPAK = "~/.var/app/com.obsproject.Studio/config/obs-studio"

EDITORS = (
    Editor(
        "OBS Studio",
        "obs",
        "In OBS open Tools > Scripts, press +, and choose the script in this folder.",
        (
            Place(WINDOWS, "{APPDATA}/obs-studio/scripts", ("{APPDATA}/obs-studio",)),
            Place(MACOS, _MACOS + "/scripts", (_MACOS,)),
            Place(LINUX, "{XDG_CONFIG_HOME}/obs-studio/scripts", ("{XDG_CONFIG_HOME}/obs-studio",)),
            Place(LINUX, _FLATPAK + "/scripts", (_FLATPAK,)),
        ),
    ),
)
