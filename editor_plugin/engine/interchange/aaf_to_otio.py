"""A process that converts an .aaf file to OpenTimelineIO's JSON on stdout.

The adapter prints, logs, and leaves damaged files open; in a process, the engine is not affected.
"""

from __future__ import annotations

import os
import sys


def main(path: str) -> None:
    """Write the file's timeline as JSON; any failure ends the process with a traceback."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    import opentimelineio as otio

    found = otio.adapters.read_from_file(path, "AAF")
    with out:
        out.write(otio.adapters.write_to_string(found, "otio_json", indent=-1))


if __name__ == "__main__":
    main(sys.argv[1])
