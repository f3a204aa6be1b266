"""The menu scripts as Resolve runs them: any Python, an ASCII locale, no packages, no __file__."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from editor_plugin.core.jobs.result import result_to_wire
from editor_plugin.hosts.folders import OwnFolders
from editor_plugin.hosts.resolve.menu.script import ENTRIES
from installer.menu_scripts import menu_scripts
from installer.plugin import filled_in, install_plugin
from tests.doubles.resolve import dump, load
from tests.hosts.resolve.stage import film, ours_on, subtitles
from tests.test_imports import pythons

PROJECT = Path(__file__).parents[3]
SCRIPTS = dict(menu_scripts(PROJECT / "scripts" / "resolve"))
CONSOLE = PROJECT / "tests" / "doubles" / "resolve" / "console.py"
ENGINE = """
class Engine:
    def call(self, method, path, body=None, timeout=30.0):
        if "/results/" in path:
            return {result!r}
        return {{"job": 1, "state": "done"}}
def connect():
    return Engine()
"""


def installed(folder: Path) -> OwnFolders:
    """The plug-in in a folder with an accent, with an engine that answers at once."""
    folders = OwnFolders(folder / "Zoë", folder / "cache", folder / "logs")
    install_plugin(PROJECT, folders)
    package = folders.data / "plugin" / "editor_plugin"
    shutil.rmtree(package / "client", ignore_errors=True)
    text = ENGINE.format(result=result_to_wire(subtitles()))
    (package / "client.py").write_text(text, encoding="utf-8")
    return folders


def run(
    script: Path, scenario: Path, python: str = sys.executable, *, home: Path
) -> subprocess.CompletedProcess[bytes]:
    environ = {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "RECUE_HOME": str(home / "recue home"),
        "RECUE_PYTHON": str(home / "none"),
    }
    state = scenario.with_suffix(".after")
    command = [python, "-I", "-S", "-X", "utf8=0", str(CONSOLE), str(script), str(scenario)]
    return subprocess.run(
        [*command, str(state), "--fast"], env=environ, cwd=home, capture_output=True, timeout=240
    )


def test_the_names_are_safe_everywhere() -> None:
    assert len(SCRIPTS) == len(ENTRIES)
    for script in SCRIPTS:
        assert script.parent == Path("Recue") and script.suffix == ".py"
        assert script.name.isascii() and not set(script.name) & set('<>:"/\\|?*')
        assert SCRIPTS[script].isascii()


def test_each_entry_has_its_script() -> None:
    texts = [script.decode("ascii") for script in SCRIPTS.values()]
    for entry in ENTRIES:
        assert sum(f'run("{entry}", globals(), connect)' in text for text in texts) == 1
    for text in texts:
        assert re.findall("@RECUE_[A-Z]+@", text) == ["@RECUE_PLUGIN@"]
        assert '"@RECUE_PLUGIN@"' in text and "__file__" not in text


def test_the_scripts_differ_in_what_they_say_and_what_they_call_only() -> None:
    lines = [script.decode("ascii").splitlines() for script in SCRIPTS.values()]
    together = enumerate(zip(*lines, strict=True))
    differing = [number for number, each in together if len(set(each)) > 1]
    assert differing == [0, len(lines[0]) - 1]
    for first, *_, last in lines:
        assert ast.parse(first + '"""') and ast.parse(last.strip())
        assert first[3:].endswith(".")


@pytest.mark.parametrize("python", pythons())
def test_every_script_runs_in_every_python(python: str, tmp_path: Path) -> None:
    folders = installed(tmp_path)
    media = tmp_path / "médias"
    media.mkdir()
    opened = film(media)
    scenario = tmp_path / "scenario.json"
    dump(opened.world, scenario)
    for script in SCRIPTS:
        copy = tmp_path / "script.py"
        copy.write_bytes(filled_in(SCRIPTS[script], folders))
        done = run(copy, scenario, python, home=tmp_path)
        assert done.returncode == 0, (script.name, done.stdout, done.stderr)
        assert b"Recue" in done.stdout and done.stderr == b"", script.name
        assert b"went wrong" not in done.stdout, done.stdout
        assert b"offline" not in done.stdout, done.stdout
        state = json.loads(scenario.with_suffix(".after").read_text(encoding="utf-8"))
        assert state["violations"] == [], script.name
    assert not list(folders.data.rglob("__pycache__"))


def test_a_script_places_subtitles(tmp_path: Path) -> None:
    folders, opened = installed(tmp_path), film(tmp_path)
    scenario, script = tmp_path / "scenario.json", tmp_path / "script.py"
    dump(opened.world, scenario)
    generate = SCRIPTS[Path("Recue", "Generate Subtitles.py")]
    script.write_bytes(filled_in(generate, folders))
    run(script, scenario, home=tmp_path)
    after = load(scenario.with_suffix(".after"))
    opened.reel.timeline.tracks = after.projects[0].timelines[0].tracks
    assert [text for text, _ in ours_on(opened)] == ["One fine day.", "Two lines\nof text", "3"]


@pytest.mark.parametrize("edition", ["studio", "free"])
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_without_the_plug_in_there_is_a_sentence(
    tmp_path: Path, script: Path, edition: str
) -> None:
    opened = film(tmp_path, "21.0", edition)
    scenario = tmp_path / "scenario.json"
    dump(opened.world, scenario)
    copy = tmp_path / "script.py"
    gone = OwnFolders(tmp_path / "gone", tmp_path, tmp_path)
    copy.write_bytes(filled_in(SCRIPTS[script], gone))
    done = run(copy, scenario, home=tmp_path)
    assert done.returncode == 0
    assert b"install it again" in done.stdout
    state = json.loads(scenario.with_suffix(".after").read_text(encoding="utf-8"))
    assert state["violations"] == []
