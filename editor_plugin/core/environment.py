"""The environment variables of Recue's processes: the user's, without what leads a program astray.

An editor's process has variables for its own libraries and its own Python, and so has what it
starts; an AppImage has them even for programs of the system. A Python or an ffmpeg with another
program's libraries crashes, or worse: computes.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

_PREFIXES = (
    *("LD_", "DYLD_"),  # the libraries of Linux's and macOS's loader
    "PYTHON",
    *("QT_", "QML_", "QML2_"),
    *("APPIMAGE", "APPDIR", "APPRUN_"),
    *("FFREPORT", "FFMPEG_DATADIR"),
)
_NAMES = ("__PYVENV_LAUNCHER__", "VIRTUAL_ENV", "ARGV0", "OWD", "GCONV_PATH")
_LIBRARIES, _ORIGINAL = "LD_LIBRARY_PATH", "LD_LIBRARY_PATH_ORIG"
"""Where a bundle replaces the user's own value, it keeps that under the second name."""


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables without those that configure loaders, Python, Qt and bundles; Python in UTF-8.

    A bundle's folders are taken off the PATH, and the user's own LD_LIBRARY_PATH is put back where
    the bundle has kept it.
    """
    kept = {name: value for name, value in environ.items() if not _is_astray(name)}
    if environ.get(_ORIGINAL):
        kept[_LIBRARIES] = environ[_ORIGINAL]
    bundle = environ.get("APPDIR")
    if bundle and kept.get("PATH"):
        inside = bundle.rstrip(os.sep) + os.sep
        folders = kept["PATH"].split(os.pathsep)
        kept["PATH"] = os.pathsep.join(
            each for each in folders if not (each + os.sep).startswith(inside)
        )
    return {**kept, "PYTHONUTF8": "1"}


def _is_astray(name: str) -> bool:
    upper = name.upper()
    return upper.startswith(_PREFIXES) or upper in _NAMES
