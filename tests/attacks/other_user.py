"""Another user of the same computer: what `nobody` reads, locks, and is answered."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import Any

import pytest

WORDS = "what was said in confidence"


def stranger_python() -> str:
    """A Python that `nobody` may start; skips where there is none, or no way to become nobody."""
    if os.name != "posix" or os.getuid() != 0:
        pytest.skip("needs root, to act as another user")
    for python in (sys.executable, shutil.which("python3", path="/usr/local/bin:/usr/bin:/bin")):
        if python and _runs(python):
            return python
    pytest.skip("needs a Python that the user nobody may start (apt install python3)")


def tried(code: str, *arguments: object) -> Any:
    """Have `nobody` run a program whose arguments are sys.argv; return the JSON that it prints."""
    return finished(begun(code, *arguments))


def begun(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a program as `nobody`."""
    command = [stranger_python(), "-I", "-c", code, *map(str, arguments)]
    return subprocess.Popen(
        command,
        user="nobody",
        group="nogroup",
        extra_groups=[],
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> Any:
    """The JSON that a program of `nobody` prints at its end."""
    printed, trouble = process.communicate(timeout=60)
    assert process.returncode == 0, trouble
    return json.loads(printed)


def _runs(python: str) -> bool:
    try:
        done = subprocess.run([python, "-I", "-c", ""], user="nobody", group="nogroup", cwd="/")
    except OSError:
        return False
    return done.returncode == 0
