"""Runs the entries of Workspace > Scripts > Recue, with a session, a log and error messages.

Nothing is ever raised into Resolve. A traceback goes to `resolve.log` in the log folder, without
the texts of errors, so that no word of a transcript is in it.
"""

from __future__ import annotations

import logging
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import EditorUnclear, RecueError, Surface
from editor_plugin.hosts.folders import own_folders, this_machine
from editor_plugin.hosts.resolve import api
from editor_plugin.hosts.resolve.edition import NAME, edition_of
from editor_plugin.hosts.resolve.menu import entries
from editor_plugin.hosts.resolve.menu.console import Console
from editor_plugin.hosts.resolve.menu.generation import Run
from editor_plugin.hosts.resolve.menu.window import DialogWindow
from editor_plugin.hosts.resolve.placing.recovery import recover
from editor_plugin.hosts.resolve.state.session import Connect, Session, Sleep
from editor_plugin.hosts.resolve.user_interface import UserInterface

LOG_FILE = "resolve.log"
LOG_BYTES, LOG_FILES = 500_000, 2

ENTRIES: Mapping[str, Callable[[Run], None]] = {
    "generate": entries.generate,
    "transcribe_in_out": entries.transcribe_in_out,
    "transcribe_selected": entries.transcribe_selected,
    "refresh": entries.refresh,
    "export_srt": entries.export_srt,
    "check": entries.check_subtitles,
    "settings_and_doctor": entries.settings_and_doctor,
}
"""The functions behind the menu, by the names that the scripts use."""


def run(entry: str, given: Mapping[str, Any], connect: Connect, sleep: Sleep = time.sleep) -> int:
    """Do what an entry is for; `given` are the globals that Resolve gave to the script. Returns 0
    where all went well, else 1; raises nothing."""
    handler = _start_log()
    ui: UserInterface = Console(sleep=sleep)
    try:
        resolve = _resolve(given)
        ui = _ui(resolve, given, sleep)
        session = Session(resolve, sleep)
        if recover(session):
            ui.announce(
                "An earlier run was interrupted; what it had changed in Resolve is restored."
            )
        ENTRIES[entry](Run(session, ui, connect))
        return 0
    except RecueError as error:
        api.LOG.info("%s ended: %s", entry, error.code)
        return _say(ui, [error.message, error.remedy(Surface.EDITOR)])
    except Exception as error:
        _trace(error)
        log = f"Please send us its log: {_log_path()}"
        return _say(ui, ["Something went wrong in Recue.", log])
    finally:
        _end_log(handler)


def _resolve(given: Mapping[str, Any]) -> Any:
    resolve = given.get("resolve")
    if resolve is None:
        resolve = api.call(given.get("bmd"), "scriptapp", "Resolve")
    if resolve is None:
        raise EditorUnclear(NAME, "it does not accept scripts")
    return resolve


def _ui(resolve: Any, given: Mapping[str, Any], sleep: Sleep) -> UserInterface:
    """A window where this edition allows one: elsewhere, to ask for it opens a sales window."""
    if edition_of(resolve).windows:
        fusion = given.get("fusion") or given.get("fu") or given.get("app")
        window = DialogWindow(fusion, given.get("bmd"))
        if window.opens():
            return window
    return Console(sleep=sleep)


def _say(ui: UserInterface, sentences: list[str]) -> int:
    try:
        ui.close()
        ui.report("Recue", sentences)
    except Exception as error:
        _trace(error)
    return 1


def _trace(error: BaseException) -> None:
    frames = "".join(traceback.format_tb(error.__traceback__))
    api.LOG.error("%s\n%s", type(error).__name__, frames)


def _log_path() -> Path:
    return own_folders(this_machine()).logs / LOG_FILE


def _start_log() -> logging.Handler:
    handler: logging.Handler = logging.NullHandler()
    try:
        for stream in (sys.stdout, sys.stderr):
            # Scripts start in an ASCII locale on a Mac.
            reconfigure = getattr(stream, "reconfigure", None)
            if callable(reconfigure):
                reconfigure(errors="replace")
        path = _log_path()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        handler = RotatingFileHandler(
            path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8", delay=True
        )
    except (OSError, ValueError):
        pass  # without a log, then
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    api.LOG.addHandler(handler)
    api.LOG.setLevel(logging.INFO)
    api.LOG.propagate = False
    return handler


def _end_log(handler: logging.Handler) -> None:
    api.LOG.removeHandler(handler)
    handler.close()
