"""The add-on as a zip: what is in it, and that Blender takes it."""

from __future__ import annotations

import ast
import re
import zipfile
from pathlib import Path

import editor_plugin
from editor_plugin.hosts.folders import OwnFolders
from installer.blender_zip import write_zip
from installer.plugin import plugin_folder

ROOT = Path(__file__).parents[2]


def folders(tmp_path: Path) -> OwnFolders:
    data = tmp_path / "Données de Zoë"
    return OwnFolders(data, data / "cache", data / "logs")


def test_the_zip_holds_the_addon_with_the_plugins_folder_filled_in(tmp_path: Path) -> None:
    own = folders(tmp_path)
    path = write_zip(ROOT, own)
    assert path == own.data / "recue-blender.zip"
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["recue/__init__.py", "recue/blender_manifest.toml"]
        source = archive.read("recue/__init__.py").decode("ascii")
    assert "@RECUE_PLUGIN@" not in source
    values = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert values["PLUGIN"] == str(plugin_folder(own))
    assert values["bl_info"]["blender"] == (3, 4, 0)


def test_the_same_files_make_the_same_zip(tmp_path: Path) -> None:
    first = write_zip(ROOT, folders(tmp_path))
    assert first is not None
    content = first.read_bytes()
    write_zip(ROOT, folders(tmp_path))
    assert first.read_bytes() == content
    assert [path.name for path in first.parent.iterdir()] == ["recue-blender.zip"]


def test_the_versions_are_that_of_the_package() -> None:
    addon = ROOT / "scripts" / "blender" / "recue"
    told = re.search(r'^version = "(.+)"', (addon / "blender_manifest.toml").read_text(), re.M)
    assert told is not None and told[1] == editor_plugin.__version__
    numbers = ", ".join(editor_plugin.__version__.split("."))
    assert f'"version": ({numbers})' in (addon / "__init__.py").read_text()


def test_a_project_without_the_addon_makes_no_zip(tmp_path: Path) -> None:
    assert write_zip(tmp_path, folders(tmp_path)) is None
    assert not folders(tmp_path).data.exists()
