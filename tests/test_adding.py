"""Adding a format, a reader, a style, a model or an editor is one file or one entry.

Each is added to a copy of the package, which is then used as a user would.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="needs the package fastapi")

PROJECT = Path(__file__).parents[1]

EXPORT = """
from editor_plugin.engine.export.result import ExportFormat
def write(result):
    return result.cues[0].text.upper()
FORMATS = (ExportFormat("shout", ".shout", write, "Shouted text"),)
"""
SUBTITLES = """
from fractions import Fraction
from editor_plugin.core.cues import Cue
from editor_plugin.engine.reading.read import SubtitleFormat
def read(text):
    lines = enumerate(text.split("\\n")[1:])
    return [Cue(Fraction(3 * at), Fraction(3 * at + 2), (line,)) for at, line in lines], []
FORMATS = (SubtitleFormat("made-up", lambda text: text.startswith("MADE UP"), read),)
"""
TIMELINE = """
from fractions import Fraction
from editor_plugin.engine.interchange.draft import Draft, TimelineFormat
def read(path, rate):
    return Draft(path.read_text(), Fraction(25))
FORMATS = (TimelineFormat(".madeup", read),)
"""
STYLE = 'STYLES = (*STYLES, derive(NETFLIX_EN, "made-up", "Nobody", max_lines=1))\n'
MODEL = """
MADE_UP = KnownModel("made-up", "Made up", "x/made-up", "m.nemo", "MIT", ("en",), 9, "Made up.")
CATALOGUE = (*CATALOGUE, MADE_UP)
"""
EDITOR = """
from editor_plugin.hosts.folders import LINUX, Editor, Place
PLACE = Place(LINUX, "~/.madeup/scripts", ("~/.madeup",))
EDITORS = (Editor("Made Up", "madeup", "Click.", (PLACE,)),)
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with one made-up thing of each kind."""
    folder = tmp_path_factory.mktemp("copy")
    unwanted = shutil.ignore_patterns("__pycache__", ".*", "tests")
    shutil.copytree(PROJECT, folder, dirs_exist_ok=True, ignore=unwanted)
    package = folder / "editor_plugin"
    (package / "engine/export/shout.py").write_text(EXPORT)
    (package / "engine/reading/made_up.py").write_text(SUBTITLES)
    (package / "engine/interchange/made_up.py").write_text(TIMELINE)
    for name, entry in (("styles", STYLE), ("model_catalogue", MODEL)):
        with (package / f"core/{name}.py").open("a") as file:
            file.write(entry)
    (package / "hosts/madeup").mkdir()
    (package / "hosts/madeup/__init__.py").write_text("")
    (package / "hosts/madeup/editor.py").write_text(EDITOR)
    (folder / "scripts/madeup").mkdir()
    (folder / "scripts/madeup/Generate Subtitles.py").write_text('PLUGIN = "@RECUE_PLUGIN@"')
    (folder / ".madeup").mkdir()
    return folder


def run(copy: Path, *arguments: str, status: int = 0) -> str:
    """Run the copy's Python with arguments; what it printed."""
    environ = {**os.environ, "HOME": str(copy), "RECUE_HOME": str(copy / "home")}
    environ |= {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=copy, env=environ, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def recue(copy: Path, *arguments: str, status: int = 0) -> str:
    return run(copy, "-m", "editor_plugin", *arguments, status=status)


def test_a_reader_of_subtitles_and_a_style(copy: Path) -> None:
    (copy / "talk.txt").write_text("MADE UP\nGood morning.\nGood night.")
    report = json.loads(recue(copy, "check", "talk.txt", "--style", "made-up", "--json"))
    assert "made-up" in json.dumps(report)
    # It is read and not written, so the fixed version needs the name of another format.
    fixing = ("check", "talk.txt", "--fix", "-o")
    assert ".srt, .ass" in recue(copy, *fixing, "fixed.txt", status=1)
    recue(copy, *fixing, "fixed.srt")
    assert "Good morning." in (copy / "fixed.srt").read_text()


def test_an_export_format(copy: Path) -> None:
    program = (
        "from fractions import Fraction as F; from pathlib import Path\n"
        "from editor_plugin.core.cues import Cue\n"
        "from editor_plugin.engine.export import WRITERS, Result\n"
        "cue = Cue(F(0), F(1), ('Good morning.',))\n"
        "print(WRITERS['shout'].write(Result('a', None, (cue,), ())))\n"
    )
    assert run(copy, "-c", program) == "GOOD MORNING.\n"
    assert "shout" in recue(copy, "transcribe", "--help")
    openapi = (
        "from editor_plugin.engine.service.forms import OutputBody\n"
        "print(OutputBody.model_json_schema())\n"
    )
    assert "'shout'" in run(copy, "-c", openapi)


def test_a_reader_of_timelines(copy: Path) -> None:
    (copy / "cut.madeup").write_text("My cut")
    program = (
        "from pathlib import Path\n"
        "from editor_plugin.engine.interchange import read_timeline\n"
        "from editor_plugin.engine.watching.files import is_meant\n"
        "print(read_timeline(Path('cut.madeup')).name, is_meant(Path('cut.madeup')))\n"
    )
    assert run(copy, "-c", program) == "My cut True\n"


def test_a_model(copy: Path) -> None:
    assert "made-up" in recue(copy, "models")
    program = "from editor_plugin.hosts.obs.choices import MODELS; print(MODELS)"
    assert "made-up" in run(copy, "-c", program)


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux, where the made-up editor lives")
def test_an_editor(copy: Path) -> None:
    told = run(copy, "install.py", "--dry-run")
    assert f"Would write {copy}/.madeup/scripts/Generate Subtitles.py" in told
