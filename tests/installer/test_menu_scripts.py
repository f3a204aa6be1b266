"""Menu scripts from a template, and files that are placed as they are."""

from __future__ import annotations

import json
from pathlib import Path

from installer.menu_scripts import menu_scripts


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_template_becomes_a_script_for_each_entry(tmp_path: Path) -> None:
    write(tmp_path, "template.py", '"""@RECUE_ABOUT@"""\nrun("@RECUE_ENTRY@", "@RECUE_PLUGIN@")\n')
    entries = {
        "Make It": {"about": "It is made.", "entry": "make"},
        "Look": {"about": "It is looked at.", "entry": "look"},
    }
    write(tmp_path, "entries.json", json.dumps({"folder": "Menu", "entries": entries}))
    assert dict(menu_scripts(tmp_path)) == {
        Path("Menu", "Make It.py"): b'"""It is made."""\nrun("make", "@RECUE_PLUGIN@")\n',
        Path("Menu", "Look.py"): b'"""It is looked at."""\nrun("look", "@RECUE_PLUGIN@")\n',
    }


def test_without_entries_the_files_are_placed_as_they_are(tmp_path: Path) -> None:
    write(tmp_path, "template.py", "@RECUE_ABOUT@")
    for unwanted in (".hidden", "__pycache__/template.pyc", "more/__pycache__/more.pyc"):
        write(tmp_path, unwanted, "")
    assert list(menu_scripts(tmp_path)) == [(Path("template.py"), b"@RECUE_ABOUT@")]


def test_a_folder_that_is_not_there_has_no_scripts(tmp_path: Path) -> None:
    assert list(menu_scripts(tmp_path / "none")) == []
