"""The command line of install.py, and its error messages.

    python3 install.py              install for this user: environment, command, menu scripts
    python3 install.py --demo       make subtitles for the demo timeline and print them
    python3 install.py --test       run ruff, mypy and the tests; further arguments go to pytest,
                                    and where one of them is a path, pytest alone runs
    python3 install.py --doctor     check everything that Recue needs
    python3 install.py --uninstall  remove it; transcripts and models stay (--purge: those too)

With --ask, as the files to double-click have it, it says what it will do and waits for Enter. With
--system, DaVinci Resolve's scripts go into its folder for all users, which may need an
administrator. Add --dry-run to see what would be done. RECUE_HOME names another folder for
everything.
"""

from __future__ import annotations

import argparse
import errno
import os
import signal
import sys
import traceback
from pathlib import Path

from editor_plugin.core.errors import DiskFull, EnvironmentBroken, RecueError
from editor_plugin.hosts.folders import own_folders, this_machine
from editor_plugin.hosts.json_file import opener
from installer import actions, asking, removal
from installer.pip import LOG
from installer.setup import Setup

PROJECT = Path(__file__).resolve().parents[1]
USAGE = (__doc__ or "").partition("\n\n")[2]


def main(arguments: list[str]) -> int:
    """Do what the command line says; every failure is one sentence and exit status 1."""
    # The tests and the demo are children; what they print is UTF-8 on every system.
    os.environ.setdefault("PYTHONUTF8", "1")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]
    options, rest = _parser().parse_known_args(arguments)
    if rest and not (options.test or options.demo):
        _parser().error(f"there is no option {rest[0]}")
    signal.signal(signal.SIGTERM, _interrupt)
    setup = Setup(PROJECT, this_machine(), options.dry_run, _say, options.system)
    try:
        return _chosen(options, rest, setup)
    except KeyboardInterrupt:
        _say("\nStopped. Run the same command again; it goes on where it stopped.")
        return 130
    except RecueError as error:
        return _failed(str(error))
    except OSError as error:
        return _failed(str(_plain(error, setup)))
    except Exception:
        return _failed(f"Something went wrong in install.py. {_logged(setup)}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "install.py", description=USAGE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    actions = parser.add_mutually_exclusive_group()
    for name in ("--demo", "--test", "--doctor", "--uninstall", "--ask"):
        actions.add_argument(name, action="store_true", help=argparse.SUPPRESS)
    for name in ("--purge", "--system", "--dry-run"):
        parser.add_argument(name, action="store_true", help=argparse.SUPPRESS)
    return parser


def _chosen(options: argparse.Namespace, rest: list[str], setup: Setup) -> int:
    if options.demo:
        return actions.demo(setup, rest)
    if options.test:
        return actions.test(setup, rest)
    if options.doctor:
        return actions.doctor(setup)
    if options.ask:
        return asking.ask(setup)
    if options.uninstall:
        return removal.uninstall(setup, options.purge)
    return actions.install(setup)


def _say(text: str) -> None:
    print(text, flush=True)


def _failed(sentence: str) -> int:
    print(sentence, file=sys.stderr, flush=True)
    return 1


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _plain(error: OSError, setup: Setup) -> RecueError:
    """The error that a failed step on files stands for."""
    where = str(error.filename or setup.folders.data)
    if error.errno == errno.ENOSPC:
        return DiskFull(where)
    return EnvironmentBroken(
        f"“{where}” cannot be used: {error.strerror or error}.",
        "Make it writable, close the programs that use it, or set RECUE_HOME to another folder.",
    )


def _logged(setup: Setup) -> str:
    """Put the traceback that is being handled in the log, and tell where that is."""
    path = own_folders(setup.machine).logs / LOG
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(path, "a", encoding="utf-8", opener=opener) as log:
            traceback.print_exc(file=log)
    except OSError:
        return "Its log could not be written."
    return f"Please send us its log: {path}"
