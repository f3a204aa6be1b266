"""The starter named Recue, which opens the page: in the Start menu, among the applications.

Its files are placed like all others outside of Recue's own folders, so they are listed, kept where
somebody has changed them, and taken away again.
"""

from __future__ import annotations

import os
import plistlib
import re
import shlex
from pathlib import Path, PureWindowsPath

import editor_plugin
from editor_plugin.hosts.folders import MACOS, WINDOWS, Machine, OwnFolders
from installer import icon
from installer.launcher import LOADER
from installer.shortcut import Shortcut

COMMENT = "Subtitles for your films, made on this computer"
HERE = Path(__file__).parent
Files = dict[Path, tuple[bytes, int]]
"""What is in each file, and its mode."""


def starter_files(machine: Machine, folders: OwnFolders) -> Files:
    """The files of the starter on this system."""
    home = folders.data if machine.environ.get("RECUE_HOME") else None
    if machine.system == WINDOWS:
        return _windows(machine, folders, home)
    if machine.system == MACOS:
        return _macos(machine, folders, home)
    return _linux(machine, folders, home)


def where_it_is(machine: Machine) -> str:
    """A sentence for the user on where the starter is found."""
    if machine.system == WINDOWS:
        return "Recue is in the Start menu: it opens the page in your browser."
    if machine.system == MACOS:
        return (
            "Recue is in the folder Applications of your home: it opens the page in your browser."
        )
    return "Recue is among your applications: it opens the page in your browser."


def _windows(machine: Machine, folders: OwnFolders, home: Path | None) -> Files:
    roaming = machine.environ.get("APPDATA") or machine.home / "AppData" / "Roaming"
    menu = Path(roaming, "Microsoft", "Windows", "Start Menu", "Programs", "Recue.lnk")
    script, picture = folders.data / "recue-page.pyw", folders.data / "recue.ico"
    text = (HERE / "windows_starter.py").read_text("utf-8")
    if home:
        text = text.replace('HOME = ""', f"HOME = {str(home)!r}", 1)
    shortcut = Shortcut(
        target=PureWindowsPath(folders.environment, "Scripts", "pythonw.exe"),
        arguments=f'-I "{PureWindowsPath(script)}"',
        folder=PureWindowsPath(folders.data),
        icon=PureWindowsPath(picture),
        comment=COMMENT,
    )
    return {
        script: (text.encode("utf-8", "surrogateescape"), 0o644),
        picture: (icon.ico(), 0o644),
        menu: (shortcut.content(), 0o644),
    }


def _macos(machine: Machine, folders: OwnFolders, home: Path | None) -> Files:
    bundle = machine.home / "Applications" / "Recue.app" / "Contents"
    about = {
        "CFBundleDevelopmentRegion": "en",
        "CFBundleExecutable": "Recue",
        "CFBundleIconFile": "Recue.icns",
        "CFBundleIdentifier": "local.recue.page",
        "CFBundleInfoDictionaryVersion": "6.0",
        "CFBundleName": "Recue",
        "CFBundlePackageType": "APPL",
        "CFBundleShortVersionString": editor_plugin.__version__,
        # It is a script: without this, a Mac with Apple's chip may want to install Rosetta.
        "LSArchitecturePriority": ["arm64", "x86_64"],
        "LSMinimumSystemVersion": "14.0",
        "LSUIElement": True,  # it ends at once, and has no business in the Dock
    }
    return {
        bundle / "Info.plist": (plistlib.dumps(about), 0o644),
        bundle / "MacOS" / "Recue": (_script(folders, home), 0o755),
        bundle / "Resources" / "Recue.icns": (icon.icns(), 0o644),
    }


def _linux(machine: Machine, folders: OwnFolders, home: Path | None) -> Files:
    shared = machine.environ.get("XDG_DATA_HOME", "")
    if not os.path.isabs(shared):
        shared = str(machine.home / ".local" / "share")
    script, picture = folders.data / "recue-page", folders.data / "recue.png"
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        "Name=Recue",
        f"Comment={COMMENT}",
        f"Icon={_escaped(str(picture))}",
        f"Exec=/bin/sh {exec_argument(str(script))}",
        "Terminal=false",
        "Categories=AudioVideo;Video;AudioVideoEditing;",
        "Keywords=subtitles;captions;transcribe;",
    ]
    entry = "\n".join([*lines, ""]).encode("utf-8", "surrogateescape")
    return {
        script: (_script(folders, home), 0o755),
        picture: (icon.png(256), 0o644),
        Path(shared, "applications", "recue.desktop"): (entry, 0o644),
    }


def _script(folders: OwnFolders, home: Path | None) -> bytes:
    """A script for the shell; what it shows in a window is what installer/show.sh does."""
    export = f"export RECUE_HOME={shlex.quote(str(home))}\n" if home else ""
    text = (HERE / "starter.sh").read_text("utf-8")
    text = text.replace("@PYTHON@", shlex.quote(str(folders.environment / "bin" / "python")))
    text = text.replace("@LOADER@", " ".join(LOADER)).replace("@HOME@\n", export)
    shown = (HERE / "show.sh").read_text("utf-8").partition("\n")[2]  # without shellcheck's line
    return text.replace("@SHOW@\n", shown).encode("utf-8", "surrogateescape")


def exec_argument(text: str) -> str:
    """An argument of a desktop entry's Exec, quoted by its rules and by those of every value."""
    quoted = re.sub(r'(["`$\\])', r"\\\1", text).replace("%", "%%")
    return _escaped(f'"{quoted}"')


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
