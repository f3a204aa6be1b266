"""Entry point of the runner: python -m editor_plugin.runner --cache DIR

Nothing heavy is imported here: first the message streams are protected from everything that prints.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable


def _private(descriptor: int, replacement: int) -> int:
    """Keep a duplicate of `descriptor` that no child inherits, and point it at `replacement`."""
    kept = os.dup(descriptor)
    os.dup2(replacement, descriptor)
    return kept


def _end_on_sigterm(end: Callable[[int], object]) -> None:
    """Call `end` with the exit status for SIGTERM as soon as that signal comes.

    A handler in Python is executed by the main thread, between two instructions. That thread waits
    in read() for the engine's next line, and a signal that comes just before it begins to wait, or
    that another thread receives, would be handled only after that line.
    """
    import signal
    import threading

    woken, wake = os.pipe()
    os.set_blocking(wake, False)

    def wait() -> None:
        while os.read(woken, 1)[0] != signal.SIGTERM:
            pass
        end(128 + signal.SIGTERM)

    threading.Thread(target=wait, name="sigterm", daemon=True).start()
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGTERM, lambda number, frame: None)  # the thread does the work


def main() -> int:
    """Serve until standard input ends; return the exit status."""
    os.umask(0o077)  # nothing that a runner writes is for other users
    parent = os.getppid()
    wire_out = os.fdopen(_private(1, 2), "wb", buffering=0)
    wire_in = os.fdopen(_private(0, os.open(os.devnull, os.O_RDONLY)), "rb")

    import argparse
    import signal
    from pathlib import Path
    from typing import NoReturn

    from editor_plugin.core import protocol
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
    if os.name == "posix":
        _end_on_sigterm(end)

    from editor_plugin.runner.methods import Recognition

    methods = Recognition(workplace.cache / protocol.MODELS_FOLDER)
    serve.Server(wire_in, wire, methods, serve.ParentProcess(parent, end)).run()
    end()


if __name__ == "__main__":
    import multiprocessing

    multiprocessing.freeze_support()
    sys.exit(main())
