"""`recue forget`: delete the transcript of a media file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from editor_plugin.core.errors import Cancelled, SettingsInvalid
from editor_plugin.core.jobs.status import count
from editor_plugin.engine import paths
from editor_plugin.engine.engine import STORE, visit
from editor_plugin.engine.jobs.queue import JobQueue
from editor_plugin.engine.store.forgetting import forget, forget_all, set_aside
from editor_plugin.engine.uploads import Uploads


def add_forget(command: argparse.ArgumentParser) -> None:
    """Add the arguments of recue forget."""
    command.set_defaults(run=_forget)
    add = command.add_argument
    add("media", nargs="*", type=Path, metavar="MEDIA", help="media file, deleted already or not")
    add("--all", action="store_true", help="delete every transcript, correction, term and job")
    add("--yes", action="store_true", help="do not ask")


def _forget(options: argparse.Namespace) -> int:
    if options.all == bool(options.media):
        given = "--all" if options.all else "nothing"
        raise SettingsInvalid("forget", given, "media, or --all")
    if not options.yes:
        _ask("everything" if options.all else ", ".join(path.name for path in options.media))
    data = paths.data_folder()
    with visit(data) as store:
        uploads = Uploads(paths.work_folder(), JobQueue(store.database).open_files)
        if options.all:
            parts = count(forget_all(store.database), "part")
            uploads.forget()
            print(f"Forgotten: everything ({parts}). The files that were written stay.")
            return 0
        for path in options.media:
            done = forget(store.database, path)
            uploads.forget(done.places)
            parts = count(done.parts, "part")
            print(f"Forgotten: {path.name} ({parts}). The files that were written stay.")
    left = set_aside(data / STORE)
    if left:
        names = ", ".join(str(path) for path in left)
        print(f"Damaged stores that were set aside may hold its words, too: {names}")
    return 0


def _ask(what: str) -> None:
    """Let the user think twice. Raises Cancelled, and SettingsInvalid where nobody can answer."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise SettingsInvalid("forget", "no answer", "--yes where nobody can be asked")
    print(f"Delete Recue's transcripts of {what}, for good? [y/N] ", end="", file=sys.stderr)
    if input().strip().lower() not in ("y", "yes"):
        raise Cancelled()
