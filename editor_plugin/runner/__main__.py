"""Entry point of the runner: python -m editor_plugin.runner --cache DIR

Nothing heavy is imported here: first the message streams are protected from everything that prints.
"""

from __future__ import annotations

import os
import sys


def _private(descriptor: int, replacement: int) -> int:
    """Keep a duplicate of `descriptor` that no child inherits, and point it at `replacement`."""
    kept = os.dup(descriptor)
    os.dup2(replacement, descriptor)
    return kept


def main() -> int:
    """Serve until standard input ends; return the exit status."""
    parent = os.getppid()
    wire_out = os.fdopen(_private(1, 2), "wb", buffering=0)
    wire_in = os.fdopen(_private(0, os.open(os.devnull, os.O_RDONLY)), "rb")

    import argparse
    import signal
    from pathlib import Path
    from typing import NoReturn

    from editor_plugin.core.errors import RecueError
    from editor_plugin.runner import folders, serve

    parser = argparse.ArgumentParser(prog="python -m editor_plugin.runner")
    parser.add_argument("--cache", type=Path, required=True, help="folder for all that is written")
    wire = serve.Wire(wire_out)
    try:
        workplace = folders.open_workplace(parser.parse_args().cache)
    except RecueError as error:
        return serve.refuse(wire_in, wire, error)
    folders.point_libraries_at(workplace)

    def end(status: int = 0) -> NoReturn:
        folders.close_workplace(workplace)
        # Not sys.exit: a batch may be running in another thread, and is not to be waited for.
        os._exit(status)

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the engine's; it then hangs up
    signal.signal(signal.SIGTERM, lambda number, frame: end(128 + number))

    from editor_plugin.runner.methods import Recognition

    serve.Server(wire_in, wire, Recognition(), serve.ParentProcess(parent, end)).run()
    end()


if __name__ == "__main__":
    import multiprocessing

    multiprocessing.freeze_support()
    sys.exit(main())
