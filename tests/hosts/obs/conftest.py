"""One screen, one engine and one installed script for all tests with OBS."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.handshake import ENGINE_FILE, from_text
from editor_plugin.hosts.folders import LINUX, Machine, own_folders
from installer.plugin import filled_in, install_plugin
from tests.hosts.obs.studio import (
    PROGRAMS,
    STATUS_TEXT,
    ObsSetup,
    Studio,
    screen,
    studio,
    wait_for,
)
from tests.programs import SYSTEM_PATH, need

PROJECT = Path(__file__).parents[3]
FILM = PROJECT / "demo" / "media" / "recue-demo.mp4"


@dataclass(frozen=True)
class Recue:
    """Recue as installed for a user: its data folder and the script for OBS."""

    home: Path
    script: Path

    def stop_engine(self) -> None:
        """Ask the engine to end, if one runs, and wait for it."""
        with suppress(OSError):
            announced = from_text((self.home / ENGINE_FILE).read_text(encoding="utf-8"))
            if announced is not None:
                os.kill(announced.pid, 15)
                wait_for(lambda: not (self.home / ENGINE_FILE).exists(), 30, "the engine ends")


Open = Callable[..., AbstractContextManager[Studio]]


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A virtual screen; skips without OBS and what it takes to drive it."""
    need(*PROGRAMS, path=SYSTEM_PATH)
    with screen() as display:
        yield display


@pytest.fixture(scope="session")
def recue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recue]:
    """Recue installed, with the demo model; its engine is started by whoever needs it first."""
    installed = install(tmp_path_factory.mktemp("recue"))
    yield installed
    installed.stop_engine()


@pytest.fixture
def open_obs(tmp_path: Path, display: str, recue: Recue) -> Open:
    """Opens OBS with our script; keyword arguments are the script's settings."""

    def opened(setup: ObsSetup | None = None, **settings: Any) -> AbstractContextManager[Studio]:
        home = Path(tempfile.mkdtemp(prefix="home-", dir=tmp_path))
        setup = setup or ObsSetup()
        given = {"text_source": STATUS_TEXT, **setup.settings, **settings}
        environ = {"RECUE_HOME": str(recue.home), **setup.environ}
        ours = replace(setup, script=recue.script, settings=given, film=FILM, environ=environ)
        return studio(home, display, ours)

    return opened


def install(home: Path, with_python: bool = True) -> Recue:
    """Install the editors' half of Recue as install.py does, and this Python as its environment."""
    folders = own_folders(Machine(LINUX, home, {"RECUE_HOME": str(home)}))
    install_plugin(PROJECT, folders)
    script = home / "scripts" / "recue.py"
    script.parent.mkdir()
    script.write_bytes(filled_in((PROJECT / "scripts/obs/recue.py").read_bytes(), folders))
    (home / "settings.toml").write_text('model = "demo"\n', encoding="utf-8")
    if with_python:
        python = folders.environment / "bin" / "python"
        python.parent.mkdir(parents=True)
        # OBS is started with a bare PATH, and ffmpeg may lie elsewhere.
        ffmpeg = Path(shutil.which("ffmpeg") or "/usr/bin/ffmpeg").parent
        python.write_text(
            f"#!/bin/sh\nexport PYTHONPATH={shlex.quote(str(PROJECT))} PATH={ffmpeg}:$PATH\n"
            f'exec {shlex.quote(sys.executable)} "$@"\n'
        )
        python.chmod(0o755)
    return Recue(home, script)
