"""The folders in which DaVinci Resolve looks for menu scripts."""

from __future__ import annotations

from editor_plugin.hosts.folders import LINUX, MACOS, WINDOWS, Editor, Place

_RESOLVE_WINDOWS = "{APPDATA}/Blackmagic Design/DaVinci Resolve"
_RESOLVE_MACOS = "Library/Application Support/Blackmagic Design/DaVinci Resolve"

# The user's own folders need no administrator. A script that lies in the folder for all users as
# well would appear twice in Resolve's menu, so it is the one or the other. "Utility" shows it on
# every page.
EDITORS = (
    Editor(
        "DaVinci Resolve",
        "resolve",
        "Restart DaVinci Resolve, then open Workspace > Scripts.",
        (
            Place(
                WINDOWS,
                _RESOLVE_WINDOWS + "/Support/Fusion/Scripts/Utility",
                (
                    _RESOLVE_WINDOWS,
                    "{PROGRAMDATA}/Blackmagic Design/DaVinci Resolve",
                    "{PROGRAMFILES}/Blackmagic Design/DaVinci Resolve",
                ),
                "{PROGRAMDATA}/Blackmagic Design/DaVinci Resolve/Fusion/Scripts/Utility",
            ),
            Place(
                MACOS,
                f"~/{_RESOLVE_MACOS}/Fusion/Scripts/Utility",
                (f"~/{_RESOLVE_MACOS}", f"/{_RESOLVE_MACOS}", "/Applications/DaVinci Resolve"),
                f"/{_RESOLVE_MACOS}/Fusion/Scripts/Utility",
            ),
            Place(
                LINUX,
                "~/.local/share/DaVinciResolve/Fusion/Scripts/Utility",
                ("~/.local/share/DaVinciResolve", "/opt/resolve", "/home/resolve"),
                "/opt/resolve/Fusion/Scripts/Utility",
            ),
        ),
    ),
)
