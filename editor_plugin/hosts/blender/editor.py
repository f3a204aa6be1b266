"""The folders in which Blender looks for add-ons."""

from __future__ import annotations

from editor_plugin.hosts.folders import LINUX, MACOS, WINDOWS, Editor, Place

EDITORS = (
    Editor(
        "Blender",
        "blender",
        "In Blender open Edit > Preferences > Add-ons, and tick Recue.",
        (
            Place(
                WINDOWS,
                "{APPDATA}/Blender Foundation/Blender/*/scripts/addons",
                ("{APPDATA}/Blender Foundation/Blender",),
            ),
            Place(
                MACOS,
                "~/Library/Application Support/Blender/*/scripts/addons",
                ("~/Library/Application Support/Blender",),
            ),
            Place(
                LINUX, "{XDG_CONFIG_HOME}/blender/*/scripts/addons", ("{XDG_CONFIG_HOME}/blender",)
            ),
            Place(
                LINUX,
                "~/.var/app/org.blender.Blender/config/blender/*/scripts/addons",
                ("~/.var/app/org.blender.Blender/config/blender",),
            ),
        ),
    ),
)
