"""The folders in which DaVinci Resolve looks for menu scripts."""

from __future__ import annotations

from editor_plugin.hosts.folders import LINUX, MACOS, WINDOWS, Editor, Place

_NAME = "Blackmagic Design/DaVinci Resolve"
_OF_USER, _OF_ALL = "{APPDATA}/" + _NAME, "{PROGRAMDATA}/" + _NAME
_MAC = "Library/Application Support/" + _NAME
_LINUX = "~/.local/share/DaVinciResolve"
_SCRIPTS = "/Fusion/Scripts/Utility"

# The user's own folders need no administrator. A script that lies in the folder for all users as
# well would appear twice in Resolve's menu, so it is the one or the other. "Utility" shows it on
# every page.
_PLACES = (
    Place(
        WINDOWS,
        _OF_USER + "/Support" + _SCRIPTS,
        (_OF_USER, _OF_ALL, "{PROGRAMFILES}/" + _NAME),
        _OF_ALL + _SCRIPTS,
    ),
    Place(
        MACOS,
        f"~/{_MAC}{_SCRIPTS}",
        (f"~/{_MAC}", f"/{_MAC}", "/Applications/DaVinci Resolve"),
        f"/{_MAC}{_SCRIPTS}",
    ),
    Place(
        LINUX,
        _LINUX + _SCRIPTS,
        (_LINUX, "/opt/resolve", "/home/resolve"),
        "/opt/resolve" + _SCRIPTS,
    ),
)
_NEXT = "Restart DaVinci Resolve, then open Workspace > Scripts."
EDITORS = (Editor("DaVinci Resolve", "resolve", _NEXT, _PLACES),)
