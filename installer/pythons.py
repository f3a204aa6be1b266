"""Finds a Python interpreter with which the environment can be made."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from editor_plugin.core.environment import clean_environment
from editor_plugin.core.errors import EnvironmentBroken
from editor_plugin.hosts.folders import MACOS, WINDOWS, Machine

VERSIONS = Path(__file__).with_name("python-versions.txt")
"""Names them for the files to double-click, too, which run before any Python does."""
SUITABLE = tuple(
    sorted(
        (int(major), int(minor))
        for major, _, minor in (text.partition(".") for text in VERSIONS.read_text().split())
    )
)
"""Versions for which every package of constraints.txt has a wheel, the oldest first."""
PROBE = Path(__file__).with_name("probe.py")
_FOLDERS = (
    *("/opt/homebrew/bin", "/usr/local/bin", "/usr/bin"),
    *("/home/linuxbrew/.linuxbrew/bin", "/opt/local/bin"),
)
"""Usual folders of Python: a program started from the desktop has a short PATH."""


@dataclass(frozen=True)
class Python:
    """An interpreter; `macos` is the system's version or "", `complete` whether it has venv, and
    `store` whether it is the Microsoft Store's."""

    path: str
    version: tuple[int, ...]
    bits: int
    arch: str
    macos: str
    complete: bool
    store: bool = False

    @property
    def suitable(self) -> bool:
        """Whether the environment's packages exist for it."""
        return self.version[:2] in SUITABLE and self.bits == 64


def find_python(machine: Machine) -> Python:
    """The running Python if it is suitable, else the newest suitable one on this machine.

    Raises EnvironmentBroken where there is none, or none with a venv module, or the Microsoft
    Store's alone, which keeps what it writes where no editor finds it.
    """
    incomplete, store = None, False
    for command in _candidates(machine):
        python = probe(command)
        if python and python.suitable:
            if python.complete and not python.store:
                return python
            store = store or python.store
            incomplete = incomplete or (None if python.store else python)
    if incomplete:
        raise _no_venv(incomplete)
    if store:
        raise EnvironmentBroken(
            "The Python of the Microsoft Store hides what it installs from other programs, so "
            "editors would not find Recue.",
            "Install one from https://www.python.org/downloads/ and start this again.",
        )
    wanted = ", ".join(".".join(map(str, version)) for version in SUITABLE)
    raise EnvironmentBroken(
        f"Recue needs a 64-bit Python of one of the versions {wanted}, and none was found.",
        "Install one from https://www.python.org/downloads/ and start this again.",
    )


def probe(command: list[str]) -> Python | None:
    """Ask an interpreter what it is; None where it does not run."""
    asked = [*command, "-I", str(PROBE)]
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
        else:
            name = f"python{major}.{minor}"
            found = [shutil.which(name), *(os.path.join(folder, name) for folder in _FOLDERS)]
            framework = f"/Library/Frameworks/Python.framework/Versions/{major}.{minor}/bin/{name}"
            for path in dict.fromkeys([*found, framework]):
                if path:
                    yield [path]
        for python in _of_version_managers(machine, f"{major}.{minor}"):
            yield [str(python)]
    found_default = shutil.which("python3") or shutil.which("python")
    if found_default and not _is_xcodes_stub(found_default, machine):
        yield [found_default]


def _of_version_managers(machine: Machine, version: str) -> Iterator[Path]:
    """The Pythons of a version that pyenv and uv have installed."""
    environ, home = machine.environ, machine.home
    if machine.system == WINDOWS:
        shared = environ.get("APPDATA") or home / "AppData" / "Roaming"
        pyenv, python = home / ".pyenv" / "pyenv-win", "python.exe"
    else:
        shared = environ.get("XDG_DATA_HOME") or home / ".local" / "share"
        pyenv, python = home / ".pyenv", f"bin/python{version}"
    uv = environ.get("UV_PYTHON_INSTALL_DIR") or Path(shared, "uv", "python")
    yield from sorted(
        Path(environ.get("PYENV_ROOT") or pyenv).glob(f"versions/{version}.*/{python}")
    )
    yield from sorted(Path(uv).glob(f"cpython-{version}.*/{python}"))


def _is_xcodes_stub(path: str, machine: Machine) -> bool:
    """Whether this is macOS's own python3 without the command line tools: it would only ask the
    user to download them, in a window."""
    if machine.system != MACOS or path != "/usr/bin/python3":
        return False
    try:
        asked = subprocess.run(
            ["xcode-select", "-p"], stdin=subprocess.DEVNULL, capture_output=True
        )
    except OSError:
        return True
    return asked.returncode != 0


def _no_venv(python: Python) -> EnvironmentBroken:
    name = "python{}.{}".format(*python.version[:2])
    return EnvironmentBroken(
        f"The Python at {python.path} cannot make environments: its venv module is missing.",
        f"Install it (Debian and Ubuntu: sudo apt install {name}-venv) and start this again.",
    )
