"""Made-up homes on three systems; the names of user and folders have blanks and accents."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from editor_plugin.hosts import folders
from editor_plugin.hosts.folders import LINUX, MACOS, WINDOWS, Machine

RESOLVE = "Blackmagic Design/DaVinci Resolve"


def machine(system: str, root: Path, **environ: str) -> Machine:
    home = root / "Users" / "Zoë Ångström"
    home.mkdir(parents=True)
    return Machine(system, home, environ, root)


def found(machine: Machine) -> dict[str, list[str]]:
    """Editor to its script folders, relative to the root."""
    table: dict[str, list[str]] = {}
    for folder in folders.script_folders(machine):
        relative = folder.path.relative_to(machine.root).as_posix()
        table.setdefault(folder.editor.name, []).append(relative)
    return table


@pytest.mark.parametrize("system", [WINDOWS, MACOS, LINUX, "Haiku"])
def test_a_machine_without_editors_has_no_script_folders(tmp_path: Path, system: str) -> None:
    assert found(machine(system, tmp_path)) == {}


def test_resolve_on_windows_is_seen_in_the_users_roaming_folder(tmp_path: Path) -> None:
    roaming = tmp_path / "Users" / "Zoë Ångström" / "AppData" / "Roaming"
    there = machine(WINDOWS, tmp_path, APPDATA=str(roaming))
    (roaming / RESOLVE).mkdir(parents=True)
    expected = f"Users/Zoë Ångström/AppData/Roaming/{RESOLVE}/Support/Fusion/Scripts/Utility"
    assert found(there) == {"DaVinci Resolve": [expected]}


def test_resolve_on_windows_is_seen_by_its_program_before_its_first_start(tmp_path: Path) -> None:
    there = machine(WINDOWS, tmp_path)
    (tmp_path / "Program Files" / RESOLVE).mkdir(parents=True)
    expected = f"Users/Zoë Ångström/AppData/Roaming/{RESOLVE}/Support/Fusion/Scripts/Utility"
    assert found(there) == {"DaVinci Resolve": [expected]}


@pytest.mark.parametrize(
    "sign", [f"Library/Application Support/{RESOLVE}", "Applications/DaVinci Resolve"]
)
def test_resolve_on_a_mac(tmp_path: Path, sign: str) -> None:
    there = machine(MACOS, tmp_path)
    (tmp_path / sign).mkdir(parents=True)
    expected = f"Users/Zoë Ångström/Library/Application Support/{RESOLVE}/Fusion/Scripts/Utility"
    assert found(there) == {"DaVinci Resolve": [expected]}


@pytest.mark.parametrize(
    ("system", "sign", "everyone"),
    [
        (WINDOWS, f"ProgramData/{RESOLVE}", f"ProgramData/{RESOLVE}/Fusion/Scripts/Utility"),
        (
            MACOS,
            f"Library/Application Support/{RESOLVE}",
            f"Library/Application Support/{RESOLVE}/Fusion/Scripts/Utility",
        ),
        (LINUX, "opt/resolve", "opt/resolve/Fusion/Scripts/Utility"),
    ],
)
def test_resolves_folder_for_all_users(
    tmp_path: Path, system: str, sign: str, everyone: str
) -> None:
    there = machine(system, tmp_path)
    (tmp_path / sign).mkdir(parents=True)
    (folder,) = folders.script_folders(there, everyone=True)
    assert folder.path == tmp_path / everyone
    (own,) = folders.script_folders(there)
    assert there.home in own.path.parents


@pytest.mark.parametrize("sign", ["opt/resolve", "home/resolve"])
def test_resolve_on_linux(tmp_path: Path, sign: str) -> None:
    there = machine(LINUX, tmp_path, XDG_DATA_HOME=str(tmp_path / "elsewhere"))
    (tmp_path / sign).mkdir(parents=True)
    # Resolve does not follow XDG_DATA_HOME.
    expected = "Users/Zoë Ångström/.local/share/DaVinciResolve/Fusion/Scripts/Utility"
    assert found(there) == {"DaVinci Resolve": [expected]}


@pytest.mark.parametrize(
    ("system", "config"),
    [
        (WINDOWS, "AppData/Roaming/obs-studio"),
        (MACOS, "Library/Application Support/obs-studio"),
        (LINUX, ".config/obs-studio"),
        (LINUX, ".var/app/com.obsproject.Studio/config/obs-studio"),
    ],
)
def test_obs(tmp_path: Path, system: str, config: str) -> None:
    there = machine(system, tmp_path)
    (there.home / config).mkdir(parents=True)
    assert found(there) == {"OBS Studio": [f"Users/Zoë Ångström/{config}/scripts"]}


@pytest.mark.parametrize(
    ("system", "config"),
    [
        (WINDOWS, "AppData/Roaming/Blender Foundation/Blender"),
        (MACOS, "Library/Application Support/Blender"),
        (LINUX, ".config/blender"),
        (LINUX, ".var/app/org.blender.Blender/config/blender"),
    ],
)
def test_every_version_of_blender_and_nothing_else(
    tmp_path: Path, system: str, config: str
) -> None:
    there = machine(system, tmp_path)
    for name in ("4.2", "5.0", "cache"):
        (there.home / config / name).mkdir(parents=True)
    (there.home / config / "3.6").write_text("a file")
    versions = [f"Users/Zoë Ångström/{config}/{v}/scripts/addons" for v in ("4.2", "5.0")]
    assert found(there) == {"Blender": versions}


def test_editors_of_other_systems_are_not_looked_for(tmp_path: Path) -> None:
    there = machine(LINUX, tmp_path)
    (there.home / "Library/Application Support/obs-studio").mkdir(parents=True)
    assert found(there) == {}


def test_a_home_with_pattern_characters(tmp_path: Path) -> None:
    home = tmp_path / "[ab] *"
    (home / ".config/blender/4.2").mkdir(parents=True)
    there = Machine(LINUX, home, {}, tmp_path)
    assert found(there) == {"Blender": ["[ab] */.config/blender/4.2/scripts/addons"]}


def test_a_relative_variable_is_not_believed(tmp_path: Path) -> None:
    there = machine(LINUX, tmp_path, XDG_CONFIG_HOME="config")
    (there.home / ".config/obs-studio").mkdir(parents=True)
    assert list(found(there)) == ["OBS Studio"]


def test_the_table_has_every_editor_on_every_system() -> None:
    for editor in folders.editors():
        assert {place.system for place in editor.places} == {WINDOWS, MACOS, LINUX}, editor.name


def test_the_folder_of_scripts_tells_what_is_in_it(tmp_path: Path) -> None:
    there = tmp_path / ".config/obs-studio/scripts"
    there.mkdir(parents=True)
    script = there / "Générer.py"
    script.write_text("pass")
    listed = {"files": {str(script): "0", str(there / "gone.py"): "0"}, "folders": []}
    home = tmp_path / "recue"
    home.mkdir()
    (home / folders.LIST).write_text(json.dumps(listed), encoding="utf-8")
    environ = {**os.environ, "HOME": str(tmp_path), "RECUE_HOME": str(home)}
    environ.pop("XDG_CONFIG_HOME", None)
    program = "from editor_plugin.hosts import folders; folders.tell()"
    told = subprocess.run(
        [sys.executable, "-c", program], env=environ, capture_output=True, check=True
    )
    assert json.loads(told.stdout) == {
        "folders": [
            {
                "editor": "OBS Studio",
                "path": str(there),
                "writable": True,
                "scripts": ["Générer.py"],
            }
        ]
    }
