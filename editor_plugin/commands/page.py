"""`recue page`: open the engine's page in the browser."""

from __future__ import annotations

import argparse
import sys
import webbrowser

from editor_plugin import client


def add_page(command: argparse.ArgumentParser) -> None:
    """Add recue page, which has no arguments."""
    command.set_defaults(run=_page)


def _page(_: argparse.Namespace) -> int:
    """Open it. The whole address is printed at a terminal only, and only where no browser opens."""
    address = client.page_address(python=sys.executable)
    bare = address.partition("#")[0]
    if webbrowser.open(address):
        print(f"Recue's page is opened in the browser: {bare}")
        return 0
    if sys.stdout.isatty():
        print("No browser could be opened. Open this address on this computer within a minute; it")
        print(f"can be opened once:\n{address}")
    else:
        print(f"No browser could be opened for {bare}", file=sys.stderr)
        print("Run “recue page” in a terminal: it shows the whole address.", file=sys.stderr)
    return 1
