"""What the files to double-click ask: to install, or what to do with what is installed."""

from __future__ import annotations

import subprocess
import sys

from installer.actions import doctor, install, recipe_for
from installer.environment import interpreter, read_stamp
from installer.pip import tool_environment
from installer.removal import uninstall
from installer.setup import Setup

BEFORE = """This installs Recue for you alone, in {folder}.
It takes {gigabytes} GB of disk and, on a quick line, some minutes. No administrator is needed.
The speech model is chosen and fetched afterwards, on Recue's page in the browser.
To take Recue off this computer again, start this same file.
"""
CHOICES = """Recue is installed, in {folder}. What shall be done?
  1  Open Recue's page in the browser
  2  Install anew from this download, which brings Recue up to date
  3  Check the installation
  4  Take Recue off this computer; transcripts, models and settings are kept
  5  Take Recue off this computer with all of these
"""
SURE = "Transcripts, corrections and models are then deleted for good. Type yes if that is meant: "


def ask(setup: Setup) -> int:
    """Say what will be done, and wait for Enter; where Recue is installed, ask what to do.

    Where nobody can answer, Recue is installed at once. Raises what `install` does.
    """
    if setup.dry_run or not sys.stdin.isatty():
        return install(setup)
    folder = setup.folders.data
    if not _is_installed(setup):
        # What is missing is said before anything is asked.
        gigabytes = round(recipe_for(setup).build.room_mb / 1000)
        setup.say(BEFORE.format(folder=folder, gigabytes=gigabytes))
        _answer("Press Enter to install Recue, or close this window to leave things as they are. ")
        return _install(setup)
    setup.say(CHOICES.format(folder=folder))
    while True:
        chosen = _answer("Type a number and press Enter, or close this window: ")
        if chosen == "1":
            return _open_page(setup)
        if chosen == "2":
            return _install(setup)
        if chosen == "5" and _answer(SURE).lower() != "yes":
            continue
        if chosen in ("3", "4", "5"):
            status = doctor(setup) if chosen == "3" else uninstall(setup, purge=chosen == "5")
            _answer("\nPress Enter to close this window. ")
            return status


def _is_installed(setup: Setup) -> bool:
    stamp = read_stamp(setup.folders.environment)
    return stamp is not None and any(mark.startswith("project:") for mark in stamp.done)


def _install(setup: Setup) -> int:
    status = install(setup)
    if status == 0:
        _answer("\nPress Enter to open Recue's page in the browser, or close this window. ")
        return _open_page(setup)
    return status


def _open_page(setup: Setup) -> int:
    command = [str(interpreter(setup.folders.environment)), "-I", "-m", "editor_plugin", "page"]
    return subprocess.run(command, env=tool_environment()).returncode


def _answer(question: str) -> str:
    try:
        return input(question).strip()
    except EOFError:
        raise KeyboardInterrupt from None
