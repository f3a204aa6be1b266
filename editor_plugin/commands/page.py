"""`recue page`: open the engine's page in the browser."""

from __future__ import annotations

import argparse
import sys
import webbrowser

from editor_plugin import client
from editor_plugin.core.errors import RecueError, Surface


def add_page(command: argparse.ArgumentParser) -> None:
    """Add the options of recue page."""
    command.add_argument(
        "--print", action="store_true", help="print the address, good once, and open no browser"
    )
    # Of the starter that install.py makes, which shows what is said in a window.
    command.add_argument("--starter", action="store_true", help=argparse.SUPPRESS)
    command.set_defaults(run=_page)


def _page(options: argparse.Namespace) -> int:
    """Open it. Where no browser opens, the whole address is printed at a terminal only: elsewhere
    it might be kept in a log. With --print it was asked for, and is printed anywhere."""
    try:
        address = client.page_address(python=sys.executable)
    except RecueError as error:
        if not options.starter:
            raise
        print(error.sentence(Surface.EDITOR), file=sys.stderr)
        return 1
    if options.print:
        print(address)
        print("Open it on this computer within a minute; it can be opened once.", file=sys.stderr)
        return 0
    bare = address.partition("#")[0]
    if webbrowser.open(address):
        print(f"Recue's page is opened in the browser: {bare}")
        return 0
    if options.starter:
        print("Recue's page could not be opened: there is no browser.", file=sys.stderr)
        print("Choose one in the system's settings, and start Recue again.", file=sys.stderr)
    elif sys.stdout.isatty():
        print("No browser could be opened. Open this address on this computer within a minute; it")
        print(f"can be opened once:\n{address}")
    else:
        print(f"No browser could be opened for {bare}", file=sys.stderr)
        print("“recue page --print” prints the whole address.", file=sys.stderr)
    return 1
