"""Finds a Python interpreter with which the environment can be made."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from editor_plugin.core.environment import clean_environment
from editor_plugin.core.errors import EnvironmentBroken
from editor_plugin.hosts.folders import WINDOWS, Machine

SUITABLE = ((3, 11), (3, 12), (3, 13))
"""Versions for which every package of constraints.txt has a wheel."""

_PROBE = """
import json, platform, struct, sys
try:
    import ensurepip, venv
    complete = True
except ImportError:
    complete = False
print(json.dumps({
    "version": list(sys.version_info[:3]), "bits": struct.calcsize("P") * 8,
    "arch": platform.machine(), "macos": platform.mac_ver()[0], "complete": complete,
}))
"""
_FOLDERS = ("/opt/homebrew/bin", "/usr/local/bin", "/usr/bin")
"""Usual folders of Python: a program started from the desktop has a short PATH."""


@dataclass(frozen=True)
class Python:
    """An interpreter; `macos` is the system's version or "", `complete` whether it has venv."""

    path: str
    version: tuple[int, ...]
    bits: int
    arch: str
    macos: str
    complete: bool

    @property
    def suitable(self) -> bool:
        """Whether the environment's packages exist for it."""
        return self.version[:2] in SUITABLE and self.bits == 64


def find_python(machine: Machine) -> Python:
    """The running Python if it is suitable, else the newest suitable one on this machine.

    Raises EnvironmentBroken where there is none, or none with a venv module.
    """
    incomplete = None
    for command in _candidates(machine):
        python = probe(command)
        if python and python.suitable:
            if python.complete:
                return python
            incomplete = incomplete or python
    if incomplete:
        raise _no_venv(incomplete)
    wanted = ", ".join(".".join(map(str, version)) for version in SUITABLE)
    raise EnvironmentBroken(
        f"Recue needs a 64-bit Python of one of the versions {wanted}, and none was found.",
        "Install one from https://www.python.org/downloads/ and run install.py again.",
    )


def probe(command: list[str]) -> Python | None:
    """Ask an interpreter what it is; None where it does not run."""
    asked = [*command, "-I", "-c", _PROBE + "print(sys.executable)"]
    try:
        done = subprocess.run(
            asked,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30,
            env=clean_environment(os.environ),
        )
        told, path = done.stdout.decode("utf-8", "surrogateescape").splitlines()
        facts = json.loads(told)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    version = tuple(facts.pop("version"))
    return Python(path=path, version=version, **facts)


def _candidates(machine: Machine) -> Iterator[list[str]]:
    yield [sys.executable]
    for major, minor in reversed(SUITABLE):
        if machine.system == WINDOWS:
            yield ["py", f"-{major}.{minor}"]
            continue
        name = f"python{major}.{minor}"
        found = [shutil.which(name), *(os.path.join(folder, name) for folder in _FOLDERS)]
        framework = f"/Library/Frameworks/Python.framework/Versions/{major}.{minor}/bin/{name}"
        for path in dict.fromkeys([*found, framework]):
            if path:
                yield [path]
    found_default = shutil.which("python3") or shutil.which("python")
    if found_default:
        yield [found_default]


def _no_venv(python: Python) -> EnvironmentBroken:
    name = "python{}.{}".format(*python.version[:2])
    return EnvironmentBroken(
        f"The Python at {python.path} cannot make environments: its venv module is missing.",
        f"Install it (Debian and Ubuntu: sudo apt install {name}-venv) and run install.py again.",
    )
