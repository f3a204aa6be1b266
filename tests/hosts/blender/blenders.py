"""The Blenders of this machine, and how a test has something done in one of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.hosts.folders import OwnFolders
from installer.blender_zip import write_zip
from installer.plugin import install_plugin
from tests.programs import SYSTEM_PATH, need

ROOT = Path(__file__).parents[3]
INSIDE = Path(__file__).parent / "inside.py"
"""Blender computes from it which Python it thinks it is."""
BPY = "RECUE_TEST_BPY"
"""The environment variable that names a Python with bpy 5.0.1."""


@dataclass(frozen=True)
class Installation:
    """Recue as install.py leaves it, in folders of the test's own."""

    home: Path
    data: Path
    addon: Path

    @property
    def environ(self) -> dict[str, str]:
        """What a Blender of this user has around it."""
        return {
            **{name: os.environ[name] for name in ("CI", "DISPLAY") if name in os.environ},
            "PATH": SYSTEM_PATH,
            "HOME": str(self.home),
            "TMPDIR": str(self.home),
            "RECUE_HOME": str(self.data),
            "RECUE_PYTHON": os.environ.get("RECUE_PYTHON", sys.executable),
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "LC_ALL": "C.UTF-8",
        }


@dataclass(frozen=True)
class Blender:
    """A Blender: how it is started, up to the script."""

    name: str
    command: tuple[str, ...]

    def do(self, installation: Installation, task: str, **told: Any) -> Any:
        """Have a function of inside.py called in a new process; return what it returns."""
        answer = installation.home / f"{task}.json"
        answer.unlink(missing_ok=True)
        script = [str(INSIDE), "--", task, json.dumps(told), str(answer)]
        done = subprocess.run(
            [*self.command, *script],
            env=installation.environ,
            cwd=installation.home,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=120,
        )
        assert answer.is_file(), done.stdout[-4000:] + done.stderr[-4000:]
        return json.loads(answer.read_text(encoding="utf-8"))


def installed(folder: Path) -> Installation:
    """Install Recue for a user whose home is in this folder."""
    home, data = folder / "Zoë", folder / "recue data"
    home.mkdir()
    folders = OwnFolders(data, data / "cache", data / "logs")
    data.mkdir()
    install_plugin(ROOT, folders)
    addon = write_zip(ROOT, folders)
    assert addon is not None
    return Installation(home, data, addon)


def found(name: str) -> Blender:
    """Blender 3.4 of the system or bpy 5.0; where it is missing the test skips."""
    if name == "3.4":
        blender = need("blender", path=SYSTEM_PATH)
        return Blender(name, (blender, "--background", "--factory-startup", "--python"))
    python = os.environ.get(BPY, "")
    if not Path(python).is_file():
        pytest.skip(f"needs a Python with bpy 5.0.1, named by {BPY}")
    return Blender(name, (python,))


@contextmanager
def screen(size: str = "1280x800x24") -> Iterator[str]:
    """A display of Xvfb's, until the block ends."""
    need("Xvfb")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-noreset", "-screen", "0", size]
    process = subprocess.Popen(
        [*command, "-nolisten", "tcp"], pass_fds=[writing], stderr=subprocess.DEVNULL
    )
    os.close(writing)
    try:
        number = b""
        while not number.endswith(b"\n"):
            piece = os.read(reading, 16)
            assert piece, "Xvfb ended"
            number += piece
        yield ":" + number.decode().strip()
    finally:
        os.close(reading)
        process.terminate()
        process.wait()
