"""Opens Recue's page in the browser; a window shows the sentence where that fails.

For pythonw.exe, which has no console: install.py puts a copy into Recue's folder, and the shortcut
in the Start menu starts it. It needs nothing of Recue's, so that it can also tell of a damaged one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

HOME = ""
"""Stands for RECUE_HOME, where that was set at the installation."""
DAMAGED = "Recue cannot be started: its installation is damaged. Start “Install Recue” again."


def main(python: str, show: Callable[[str], object]) -> int:
    """Run `recue page` with a Python, without a window; show what it says if it fails."""
    home = {"RECUE_HOME": HOME} if HOME else {}
    try:
        done = subprocess.run(
            [python, "-I", "-m", "editor_plugin", "page", "--starter"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            env={**os.environ, **home, "PYTHONUTF8": "1"},
        )
    except OSError:
        show(DAMAGED)
        return 1
    if done.returncode:
        said = done.stdout.strip()
        is_pythons = "Traceback (most" in said or "No module named" in said
        show(said if said and not is_pythons else DAMAGED)
    return done.returncode


def _show(sentence: str) -> None:
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, sentence, "Recue", 0x10)


if __name__ == "__main__":
    sys.exit(main(os.path.join(os.path.dirname(sys.executable), "python.exe"), _show))
