"""The choices that the user made last in Resolve: `resolve.json` in Recue's data folder."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from editor_plugin.hosts.folders import own_folders, this_machine

FILE = "resolve.json"


@dataclass(frozen=True)
class Preferences:
    """Empty texts leave a choice to settings.toml. `markers`: mark doubtful words; `render`: render
    nested, multicam and reversed clips; `timelines`: a pattern such as “Reel*” for the timelines of
    Generate, empty for the open one. Set in the file: nothing can be typed into Resolve's lists."""

    model: str = ""
    style: str = ""
    language: str = ""
    markers: bool = False
    render: bool = True
    timelines: str = ""


def load() -> Preferences:
    """Read the preferences; what is missing or wrong has its default."""
    try:
        told: Any = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Preferences()
    if not isinstance(told, dict):
        return Preferences()
    kinds = {each.name: type(each.default) for each in fields(Preferences)}
    good = {name: told[name] for name, kind in kinds.items() if type(told.get(name)) is kind}
    return Preferences(**good)


def save(preferences: Preferences) -> None:
    """Write the preferences, whole or not at all."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(FILE + ".new")
    new.write_text(json.dumps(asdict(preferences), indent=1), encoding="utf-8")
    os.replace(new, path)


def _path() -> Path:
    return own_folders(this_machine()).data / FILE
