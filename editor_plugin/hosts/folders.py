"""The script folders of the editors and Recue's own folders, on each operating system.

`Machine` holds all that the answers depend on, so every system can be asked about on any other.
Sources: Resolve's scripting README and reports of its users (its README's %APPDATA%\\Roaming is
wrong: %APPDATA% already ends in Roaming); OBS's and Blender's manuals on their configuration
folders, checked with OBS 29 and Blender 3.4 to 5.0 on Linux.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from editor_plugin import hosts
from editor_plugin.core.discovery import offered
from editor_plugin.core.errors import NoHome
from editor_plugin.hosts.json_file import read_json

APP = "recue"
LIST = "installed.json"
"""In the data folder: the files that install.py wrote outside it."""
WINDOWS, MACOS, LINUX = "Windows", "Darwin", "Linux"


@dataclass(frozen=True)
class Machine:
    """A system as platform.system() names it, its user's home, environment and root folder."""

    system: str
    home: Path
    environ: Mapping[str, str]
    root: Path = Path("/")


@dataclass(frozen=True)
class OwnFolders:
    """Recue's own folders: lasting data, a cache that can be made again, and logs."""

    data: Path
    cache: Path
    logs: Path

    @property
    def environment(self) -> Path:
        """The private Python environment."""
        return self.data / "env"


@dataclass(frozen=True)
class Place:
    """One folder of an editor on one system.

    `scripts` is where menu scripts go; a `*` in it stands for each version folder that exists.
    The editor is there if one of `signs` exists. Both may begin with `~`, `/` or {VARIABLE}.
    `everyone` is the folder for all users, where there is one.
    """

    system: str
    scripts: str
    signs: tuple[str, ...]
    everyone: str = ""


@dataclass(frozen=True)
class Editor:
    """An editor: its name, its folder beneath scripts/, what its user clicks next, its places."""

    name: str
    key: str
    next_step: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class ScriptFolder:
    """The script folder of an editor that is on this machine; it need not exist yet."""

    editor: Editor
    path: Path


@cache
def editors() -> tuple[Editor, ...]:
    """Every editor: each room beneath `hosts` names its own in `editor.EDITORS`."""
    found = list(offered(hosts.__name__, hosts.__path__, "EDITORS", "editor"))
    return tuple(sorted(found, key=lambda each: str(each.name).lower()))


_DEFAULTS = {
    "APPDATA": "~/AppData/Roaming",
    "LOCALAPPDATA": "~/AppData/Local",
    "PROGRAMDATA": "/ProgramData",
    "PROGRAMFILES": "/Program Files",
    "XDG_CONFIG_HOME": "~/.config",
    "XDG_DATA_HOME": "~/.local/share",
    "XDG_CACHE_HOME": "~/.cache",
    "XDG_STATE_HOME": "~/.local/state",
}
# platformdirs follows these variables on a Mac too.
_MACOS_DEFAULTS = {
    "XDG_DATA_HOME": "~/Library/Application Support",
    "XDG_CACHE_HOME": "~/Library/Caches",
}
_OWN = {
    WINDOWS: ("{LOCALAPPDATA}/" + APP, "Cache", "Logs"),
    MACOS: ("{XDG_DATA_HOME}/" + APP, "{XDG_CACHE_HOME}/" + APP, f"~/Library/Logs/{APP}"),
    LINUX: ("{XDG_DATA_HOME}/" + APP, "{XDG_CACHE_HOME}/" + APP, f"{{XDG_STATE_HOME}}/{APP}/log"),
}


def this_machine() -> Machine:
    """The machine that this runs on. Raises EnvironmentBroken where the user has no home, as in a
    container, and RECUE_HOME, which then stands for it, is not set either."""
    try:
        home = Path.home()
    except RuntimeError:
        own = os.environ.get("RECUE_HOME")
        if not own:
            raise NoHome() from None
        home = Path(os.path.abspath(own))
    return Machine(platform.system(), home, os.environ, Path(os.path.abspath(os.sep)))


def own_folders(machine: Machine) -> OwnFolders:
    """Recue's own folders, as engine.paths gives them; nothing is made."""
    home = machine.environ.get("RECUE_HOME")
    if home:
        data = Path(os.path.abspath(os.path.expanduser(home)))
        return OwnFolders(data, data / "cache", data / "logs")
    data_, cache, logs = _OWN.get(machine.system, _OWN[LINUX])
    data = _expand(data_, machine)
    if machine.system == WINDOWS:
        return OwnFolders(data, data / cache, data / logs)
    return OwnFolders(data, _expand(cache, machine), _expand(logs, machine))


def script_folders(machine: Machine, everyone: bool = False) -> tuple[ScriptFolder, ...]:
    """The script folders of every editor on this machine, with `everyone` those for all users."""
    return tuple(
        ScriptFolder(editor, path)
        for editor in editors()
        for place in editor.places
        if place.system == machine.system
        and any(_expand(sign, machine).is_dir() for sign in place.signs)
        for path in _folders_of(place, machine, everyone)
    )


def tell() -> None:
    """Print the script folders as JSON, each with Recue's scripts in it: for `recue doctor`."""
    machine = this_machine()
    listed = own_folders(machine).data / LIST
    placed = read_json(listed).get("files", {})
    told = []
    for folder in script_folders(machine):
        there = next(path for path in (folder.path, *folder.path.parents) if path.exists())
        mine = [Path(p) for p in placed if folder.path in Path(p).parents]
        told.append(
            {
                "editor": folder.editor.name,
                "path": str(folder.path),
                "writable": os.access(there, os.W_OK),
                "scripts": [p.name for p in mine if p.is_file()],
            }
        )
    print(json.dumps({"folders": told}))


def _folders_of(place: Place, machine: Machine, everyone: bool) -> list[Path]:
    scripts = place.everyone if everyone and place.everyone else place.scripts
    before, star, after = scripts.partition("/*/")
    folder = _expand(before, machine)
    if not star:
        return [folder]
    versions = sorted(v for v in folder.glob("[0-9]*.[0-9]*") if v.is_dir())
    return [version / after for version in versions]


def _expand(template: str, machine: Machine) -> Path:
    """Fill in the home, the root, or a variable; an unset or relative variable has its default."""
    if template.startswith("{"):
        name, rest = template[1:].split("}", 1)
        value = machine.environ.get(name, "")
        if os.path.isabs(value):
            return Path(value, *rest.strip("/").split("/"))
        defaults = {**_DEFAULTS, **(_MACOS_DEFAULTS if machine.system == MACOS else {})}
        return _expand(defaults[name] + rest, machine)
    base = machine.home if template.startswith("~") else machine.root
    return base.joinpath(*template.lstrip("~/").split("/"))
