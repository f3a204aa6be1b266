"""The choices that the user made last in Resolve: `resolve.json` in Recue's data folder."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path

from editor_plugin.hosts.folders import own_folders, this_machine
from editor_plugin.hosts.json_file import read_json, write_json

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
    stored = read_json(_path())
    kinds = {each.name: type(each.default) for each in fields(Preferences)}
    good = {name: stored[name] for name, kind in kinds.items() if type(stored.get(name)) is kind}
    return Preferences(**good)


def save(preferences: Preferences) -> None:
    """Write the preferences, whole or not at all."""
    write_json(_path(), asdict(preferences))


def _path() -> Path:
    return own_folders(this_machine()).data / FILE
