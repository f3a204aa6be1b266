"""`recue watch`: subtitles for every file that is put into a folder, as long as it runs."""

from __future__ import annotations

import argparse
from pathlib import Path
from time import monotonic, sleep

from editor_plugin.core.jobs.events import Emit, Note
from editor_plugin.engine import paths
from editor_plugin.engine.watching.folder import (
    LOOK_SECONDS,
    Do,
    WatchedFolder,
    WatchOptions,
    refuse_impossible,
)


def add_watch(command: argparse.ArgumentParser) -> None:
    """Add the options that only recue watch has."""
    command.set_defaults(**dict.fromkeys(("range", "stream", "channel")), shots=False)
    add = command.add_argument
    add("folder", type=Path, metavar="FOLDER", help="folder for exported timelines or media")
    add("-o", "--output", type=Path, metavar="FOLDER", help="for the subtitles (default: beside)")
    add("--once", action="store_true", help="process the files that are there, and end")


def watch(options: WatchOptions, do: Do, emit: Emit, once: bool = False) -> bool:
    """Watch until Ctrl-C, or with `once` do what is there; return whether all of that succeeded.

    Raises as `refuse_impossible` does, and what concerns every file alike, as ModelError. What
    concerns one file is reported; that file rests until it changes.
    """
    refuse_impossible(options, "--output")
    watching = WatchedFolder(options, paths.data_folder(), emit, lambda: monotonic())
    if not once:
        emit(Note(None, f"Watching “{options.folder}”. Ctrl-C ends it; finished subtitles stay."))
    while True:
        ready = watching.ready()
        if ready:
            watching.work(ready, do)
        elif once and not watching.growing:
            return watching.good
        sleep(LOOK_SECONDS)
