"""The files that a watch takes, and its record of those that are done."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from editor_plugin.engine.interchange import FOLDER_SUFFIXES, TIMELINE_SUFFIXES
from editor_plugin.engine.media.forms import MEDIA_SUFFIXES
from editor_plugin.engine.private_files import opener

STATE = "watched.json"
KEPT = ".kept-"
"""In the name of what somebody edited and Recue set aside."""


@dataclass
class Memory:
    """The record on disk: the looks of files when they were read, and of outputs when written.
    `begun` has the files at work, their looks and how often they were begun: what is left there is
    of a watch that died."""

    done: dict[str, dict[str, Any]] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    begun: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, data: Path) -> Memory:
        """Read it from the data folder; empty where there is none, or it is damaged."""
        try:
            told = json.loads((data / STATE).read_text(encoding="utf-8"))
            done = {path: each for path, each in told["done"].items() if isinstance(each, dict)}
            begun = {path: each for path, each in told.get("begun", {}).items() if each["times"]}
            return cls(done, dict(told["written"]), begun)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return cls()

    def write(self, data: Path) -> None:
        """Write it to the data folder, whole or not at all."""
        write_json(data / STATE, asdict(self))


def write_json(path: Path, content: Any) -> None:
    """Write a file of Recue's own, whole or not at all. Raises OSError."""
    new = path.with_name(f"{path.name}.{threading.get_ident()}.new")
    with open(new, "w", encoding="utf-8", opener=opener) as file:
        json.dump(content, file)
    os.replace(new, path)


def is_meant(path: Path) -> bool:
    """Whether a file is one to make subtitles of, by its name."""
    suffix = path.suffix.lower()
    if path.name.startswith((".", "~")) or KEPT in path.name:
        return False
    if os.path.isdir(path):
        return suffix in FOLDER_SUFFIXES  # no other folder is looked into
    return suffix in TIMELINE_SUFFIXES or suffix in MEDIA_SUFFIXES


def look_of(path: Path) -> str:
    """Size and last change, of a folder those of all that is in it; empty if it is not readable."""
    try:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        looks = [each.stat() for each in files if each.is_file()]
    except OSError:
        return ""
    size = sum(each.st_size for each in looks)
    return f"{size} {max((each.st_mtime_ns for each in looks), default=0)}"
