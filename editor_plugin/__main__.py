"""The command `recue`, also as `python -m editor_plugin`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status. No traceback reaches the user."""
    try:
        # Imported here, as Ctrl-C may come while this is done, which takes most of a second.
        from editor_plugin.commands.display import printable_streams

        with printable_streams():
            return _run(argv)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        return 130


def _run(argv: Sequence[str] | None) -> int:
    from editor_plugin.commands.command_line import parser
    from editor_plugin.core.errors import Cancelled, RecueError

    options = parser().parse_args(argv)
    try:
        status = int(options.run(options))
        sys.stdout.flush()
        return status
    except (Cancelled, KeyboardInterrupt):
        print(Cancelled(), file=sys.stderr)
        return 130
    except RecueError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read the output has enough, as `head` does; Python would complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception:
        print(_logged(), file=sys.stderr)
        return 1


def _logged() -> str:
    """Put the traceback that is being handled in the log; return the sentence for the user."""
    from editor_plugin.core.errors import RecueError
    from editor_plugin.engine.log import LOG, log_to
    from editor_plugin.engine.paths import log_folder

    try:
        path = log_folder() / "recue.log"
        log_to(path)
        LOG.exception("unexpected error")
    except (OSError, RecueError):
        return "Something went wrong inside Recue, and its log could not be written."
    return f"Something went wrong inside Recue. Please send us its log: {path}"


if __name__ == "__main__":
    sys.exit(main())
