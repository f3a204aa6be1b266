"""Programs that some tests need, and the packages of Debian that have them."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
"""Where a system's own programs lie, whatever the PATH of the environment says."""
PACKAGES = {
    "blender": "blender",
    "chromium": "chromium",
    "espeak-ng": "espeak-ng",
    "dash": "dash",
    "desktop-file-validate": "desktop-file-utils",
    "faketime": "faketime",
    "fc-match": "fontconfig",
    "ffmpeg": "ffmpeg",
    "ffprobe": "ffmpeg",
    "flite": "flite",
    "gio": "libglib2.0-bin",
    "git": "git",
    "import": "imagemagick",
    "melt": "melt",
    "node": "nodejs npm",
    "obs": "obs-studio",
    "openbox": "openbox",
    "shellcheck": "shellcheck",
    "unshare": "util-linux",
    "wine": "wine",
    "xdotool": "xdotool",
    "xmessage": "x11-utils",
    "xprop": "x11-utils",
    "xterm": "xterm",
    "Xvfb": "xvfb",
    "zsh": "zsh",
}


def need(*programs: str, path: str | None = None) -> str:
    """The path of the first program; skips the test where one is missing."""
    missing = sorted({PACKAGES[name] for name in programs if not shutil.which(name, path=path)})
    if missing:
        pytest.skip(f"needs {', '.join(missing)} (apt install {' '.join(missing)})")
    return str(shutil.which(programs[0], path=path))


def need_fonts() -> None:
    """Skip where a Linux has no fonts, and what draws text draws nothing."""
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
    folders.append(Path.home() / ".local/share/fonts")
    files = (file for folder in folders for file in folder.rglob("*.[ot]t[fc]"))
    if sys.platform == "linux" and next(files, None) is None:
        pytest.skip("needs fonts (apt install fonts-dejavu-core)")
