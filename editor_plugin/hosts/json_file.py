"""Reading and writing small JSON files, which are written whole or not at all, for their
owner alone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def opener(path: str, flags: int) -> int:
    """Open a file that is for its owner alone where it is made: the `opener` of open()."""
    return os.open(path, flags, 0o600)


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a file; an empty one where there is none, or the file is damaged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON object, and make the folder where there is none."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    with open(new, "w", encoding="utf-8", opener=opener) as file:
        json.dump(content, file, indent=1)
    os.replace(new, path)
