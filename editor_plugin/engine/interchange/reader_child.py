"""The process that reads one timeline file, for `engine.interchange.reader_process`.

The libraries behind the readers get files of any origin: they may crash, never end, or take all
memory. Here that costs one file. Arguments: the parent's process number, the most seconds and bytes
of memory, the file, the frame rate or nothing, and Python's search path. The answer is JSON on
stdout. The process ends when its stdin does.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import sys
import threading
from fractions import Fraction
from pathlib import Path
from typing import Any

ENDED = 3
"""The exit status where the parent has ended."""
LONGEST_TRACEBACK = 10_000
"""Characters that are handed over for the log."""


def main(parent: str, seconds: str, memory: str, path: str, rate: str, *places: str) -> None:
    """Read the file within the limits, and write the answer."""
    out = os.dup(1)
    os.dup2(2, 1)  # some libraries print
    sys.path[:0] = places
    # Started from C, it ends the process even where a library does not let Python run.
    faulthandler.dump_traceback_later(float(seconds), exit=True)
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    from editor_plugin.engine.tied_process import tie_to

    tie_to(int(parent))
    _limit_memory(int(memory))
    with os.fdopen(out, "wb") as answered:
        found = answer(Path(path), Fraction(rate) if rate else None)
        answered.write(json.dumps(found, separators=(",", ":")).encode("ascii"))


def _end_with_stdin() -> None:
    while os.read(0, 1):
        pass
    os._exit(ENDED)


def _limit_memory(most: int) -> None:
    """Limit the address space, where the system can; elsewhere the parent alone watches."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def answer(path: Path, rate: Fraction | None) -> dict[str, Any]:
    """What became of reading the file, ready for JSON: `draft`, `unreadable` (the reason),
    `rate_needed` (the media to take it from, and a guess), `error` (the wire form of a RecueError),
    `missing` (a package) or `failed` (the kind of an exception, and its traceback)."""
    from editor_plugin.core.errors import RecueError
    from editor_plugin.engine.interchange import READERS
    from editor_plugin.engine.interchange.draft import RateNeeded, Unreadable
    from editor_plugin.engine.interchange.draft_wire import draft_to_wire

    try:
        if path.is_file() and path.stat().st_size == 0:
            raise Unreadable("it is empty")
        return {"draft": draft_to_wire(READERS[path.suffix.lower()].read(path, rate))}
    except RateNeeded as needed:
        guess = None if needed.guess is None else str(needed.guess)
        return {"rate_needed": [[list(each) for each in needed.wanted], guess]}
    except RecueError as error:
        return {"error": error.to_wire()}
    except Unreadable as error:
        return {"unreadable": str(error)}
    except OSError as error:
        return {"unreadable": error.strerror or "it cannot be opened"}
    except UnicodeDecodeError:
        return {"unreadable": "it is damaged, or not what its suffix says"}
    except RecursionError:
        return {"unreadable": "its parts contain themselves, or are nested too deep"}
    except MemoryError:
        return {"unreadable": "reading it takes too much memory"}
    except ImportError as error:
        return {"missing": str(error)}
    # The readers and their libraries may fail in any way; whether the file is at fault is not
    # known.
    except Exception as error:
        import traceback  # takes a tenth of the start

        return {"failed": [type(error).__name__, traceback.format_exc()[-LONGEST_TRACEBACK:]]}


if __name__ == "__main__":
    main(*sys.argv[1:])
    os._exit(0)  # a thread still waits for stdin
