"""What the page remembers from one visit to the next.

The engine's port changes, and with it the page's origin, so a browser's own storage would forget.
"""

from __future__ import annotations

import errno
import json
import os
import threading
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import DiskFull, OutputUnwritable, RequestRefused
from editor_plugin.engine.plain_files import read_plain
from editor_plugin.engine.private_files import opener

PAGE_STATE = "page-state.json"
MOST_BYTES = 64 * 1024
_WRITING = threading.Lock()


def read_page_state(data: Path) -> dict[str, Any]:
    """What was kept last in the data folder; nothing where it is damaged, as it is a comfort."""
    try:
        found = json.loads(read_plain(data / PAGE_STATE, MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def write_page_state(data: Path, state: dict[str, Any]) -> None:
    """Keep it, whole or not at all. Raises RequestRefused where it is too large or cannot be
    written in JSON, DiskFull, OutputUnwritable."""
    try:
        text = json.dumps(state, allow_nan=False)
    except (ValueError, RecursionError):
        raise RequestRefused("it holds what is no number, or is nested too deeply") from None
    if len(text) > MOST_BYTES:
        raise RequestRefused(f"the page can keep {MOST_BYTES >> 10} kB")
    path = data / PAGE_STATE
    new = path.with_suffix(".new")
    try:
        with _WRITING:
            with open(new, "w", encoding="ascii", opener=opener) as file:
                file.write(text)
            os.replace(new, path)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(str(data)) from None
        raise OutputUnwritable(str(path), error.strerror or str(error)) from None
