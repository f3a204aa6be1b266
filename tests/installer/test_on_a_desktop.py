"""Somebody without a terminal installs Recue and starts it, on a virtual screen.

Of the desktop, GLib starts the entries (as GNOME and Xfce have it); the windows are xterm's and
xmessage's. Recue is in small, and Python, pip and the shell are real.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import made_up_project
from tests.hosts.obs.studio import screen
from tests.made_up_project import PROJECT, MadeUpProject
from tests.programs import SYSTEM_PATH, need
from tests.small_disk import read_only

ENTRY, SCRIPT = "Install Recue on Linux.desktop", "Install Recue on Linux.sh"
ODD = "100% & (été)! it's $x"
WAIT_SECONDS = 240
"""For making an environment on a busy machine."""
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="an entry of Linux' desktops")


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    need("Xvfb", "xdotool", "xterm", "xmessage", "gio", path=SYSTEM_PATH)
    with screen() as display:
        yield display


@pytest.fixture
def project(tmp_path: Path, display: str) -> MadeUpProject:
    """A download that was unpacked, and a user in front of a screen."""
    made = made_up_project.make(tmp_path)
    for name in (ENTRY, SCRIPT):
        shutil.copy(PROJECT / name, made.folder)
    folder = made.folder.with_name(ODD)
    made.folder.rename(folder)
    made.folder = folder
    if subprocess.run(["/usr/bin/python3", "-I", str(folder / "installer/probe.py")]).returncode:
        pytest.skip("needs python3-venv (apt install python3-venv)")
    made.more.update(DISPLAY=display, GIO_USE_VFS="local")
    return made


def xdotool(project: MadeUpProject, *arguments: str) -> str:
    done = subprocess.run(
        ["xdotool", *arguments], env=project.environ, capture_output=True, encoding="utf-8"
    )
    return done.stdout.strip()


def wait_until(condition: Callable[[], object], what: str) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.2)


def window(project: MadeUpProject, kind: str) -> str:
    """The window of a program, once it is there."""
    found: list[str] = []

    def is_there() -> bool:
        found[:] = xdotool(project, "search", "--onlyvisible", "--class", kind).split()
        return bool(found)

    wait_until(is_there, f"{kind} has a window")
    return found[0]


def press_enter(project: MadeUpProject, its: str) -> None:
    xdotool(project, "windowfocus", "--sync", its, "key", "Return")


@pytest.mark.timeout(900)
def test_recue_is_installed_and_started_without_a_terminal(project: MadeUpProject) -> None:
    entry, starter = (
        project.folder / ENTRY,
        project.home / ".local/share/applications/recue.desktop",
    )
    log = project.home / "shown"
    # What stands for Recue tells that it was started, and by whom.
    main = project.folder / "editor_plugin" / "__main__.py"
    told = f"import pathlib\npathlib.Path({str(log)!r}).write_text(repr(sys.argv[1:]))\n"
    main.write_text(main.read_text().replace("def main():\n", told + "def main():\n"))
    with read_only(project.folder):  # as on a disk image, or of another user's
        subprocess.run(["gio", "launch", str(entry)], cwd=project.folder, env=project.environ)
        terminal = window(project, "xterm")
        time.sleep(1)  # until what is asked is read
        press_enter(project, terminal)
        wait_until(starter.exists, "Recue is installed")
        wait_until((project.data / "installed.json").exists, "the list is written")

        def is_closed() -> bool:
            press_enter(project, terminal)
            return not xdotool(project, "search", "--class", "xterm")

        wait_until(is_closed, "the terminal is closed after the page was opened")
    assert log.read_text() == "['page']"

    for status, shown in (("0", False), ("1", True)):
        log.unlink()
        project.more["MADE_UP_STATUS"] = status
        subprocess.run(["gio", "launch", str(starter)], cwd="/", env=project.environ)
        wait_until(log.exists, "Recue is started")
        assert log.read_text() == "['page', '--starter']"
        if shown:
            press_enter(project, window(project, "xmessage"))


def test_a_file_managers_address_of_the_entry_is_understood(project: MadeUpProject) -> None:
    """Some put a path in place of %k, others a file: address."""
    (line,) = [
        each for each in (PROJECT / ENTRY).read_text("utf-8").splitlines() if "Exec=" in each
    ]
    keyed = line.removeprefix("Exec=").replace("\\\\", "\\")
    log = project.home / "log"
    (project.folder / SCRIPT).write_text(f'#!/bin/sh\npwd >"{log}"\n')
    entry = project.folder / ENTRY
    for place in (str(entry), entry.as_uri()):
        # Between double quotes, the shell has the same escapes as a desktop entry.
        command = keyed.replace("%%", "%").removesuffix("%k") + '"$1"'
        subprocess.run(["/bin/sh", "-c", command, "sh", place], cwd="/", check=True)
        assert log.read_text("utf-8").strip() == str(project.folder)
        log.unlink()
