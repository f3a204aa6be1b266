"""The import rule of the house plan, read from the source and seen at run time."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PACKAGE = "editor_plugin"

# What each room may import of ours, and which other packages it must never import.
OWN = {
    "core": {"core"},
    "hosts": {"core", "hosts"},
    "client": {"core", "hosts", "client"},
    "engine": {"core", "engine", "page"},
    "page": {"page"},
    "runner": {"core", "runner"},
    "commands": {"core", "client", "engine", "commands"},
    "__main__": {"core", "engine", "commands"},
}
STDLIB_ONLY = {"core", "hosts", "client", "page", "__main__"}
# What an editor's own Python brings along, and the only modules that may ask for it.
EDITORS = {f"{PACKAGE}.hosts.blender.{name}": "bpy" for name in ("operators", "panel", "addon")}
HEAVY = {
    *("torch", "nemo", "lhotse", "librosa", "silero_vad", "lightning", "omegaconf", "numba"),
    *("transformers", "torchaudio"),
}
NEVER = {"installer", "demo", "tests", "scripts", "install"}
TOO_OLD = ("2.7", "3.6", "3.7", "3.8")
OLDEST_FIRST = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")


def modules(folder: str = PACKAGE) -> list[Path]:
    return sorted((PROJECT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports(source: str, module: str) -> Iterator[str]:
    """Every module that a source names, at whatever depth: also inside functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def breaches(source: str, module: str) -> list[str]:
    """What a module imports against the rule."""
    room = room_of(module)
    banned = NEVER | (HEAVY if room in ("engine", "commands") else set())
    found = []
    for name in imports(source, module):
        top = name.partition(".")[0]
        if top == PACKAGE:
            ours = room_of(name)
            if ours in OWN and ours not in OWN.get(room, set()):
                found.append(name)
        elif EDITORS.get(module) == top:
            continue
        elif top in banned or (room in STDLIB_ONLY and top not in sys.stdlib_module_names):
            found.append(name)
    return found


def test_every_room_has_its_rule() -> None:
    rooms = {room_of(name_of(path)) for path in modules()} - {""}
    assert rooms <= set(OWN), "a new room needs its line in OWN"
    assert {"core", "hosts", "client", "engine", "runner", "commands"} <= rooms


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_no_module_breaks_the_import_rule(path: Path) -> None:
    assert breaches(path.read_text(encoding="utf-8"), name_of(path)) == []


@pytest.mark.parametrize("path", [PROJECT / "install.py", *modules("installer")], ids=name_of)
def test_the_installer_needs_the_standard_library_only(path: Path) -> None:
    for name in imports(path.read_text(encoding="utf-8"), name_of(path)):
        top = name.partition(".")[0]
        ours = top == "installer" or (
            top == PACKAGE and room_of(name) in ("", "client", "core", "hosts")
        )
        assert ours or top in sys.stdlib_module_names, name


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("core.cues", "import numpy"),
        ("core.cues", "from editor_plugin.engine import store"),
        ("core.cues", "from ..engine import store"),
        ("core.cues", "def late():\n    import editor_plugin.runner.serve"),
        ("hosts.resolve", "from editor_plugin.engine.paths import data_folder"),
        ("hosts.resolve", "from editor_plugin import engine"),
        ("hosts.resolve", "import platformdirs"),
        ("hosts.blender.placing", "import bpy"),
        ("client", "import editor_plugin.runner"),
        ("engine.jobs", "import torch.nn"),
        ("engine.jobs", "from nemo.collections import asr"),
        ("engine.jobs", "from editor_plugin.hosts import folders"),
        ("engine.jobs", "from editor_plugin.runner import serve"),
        ("engine.jobs", "from tests import conftest"),
        ("runner.serve", "from editor_plugin.engine import paths"),
        ("runner.serve", "from editor_plugin.hosts import folders"),
        ("page", "from editor_plugin.engine import paths"),
        ("page", "import fastapi"),
        ("client", "from editor_plugin import page"),
        ("__main__", "import rich"),
    ],
)
def test_a_breach_is_seen(module: str, source: str) -> None:
    assert breaches(source, f"{PACKAGE}.{module}")


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("core.cues", "from editor_plugin.core.transcript import Word\nimport fractions"),
        ("engine.jobs", "import srt\nfrom editor_plugin import __version__"),
        ("runner.serve", "import torch"),
    ],
)
def test_what_is_allowed_is_no_breach(module: str, source: str) -> None:
    assert breaches(source, f"{PACKAGE}.{module}") == []


def loaded_after(statement: str) -> set[str]:
    """The modules that a fresh Python has loaded after a statement."""
    program = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "statement",
    [
        "import editor_plugin.__main__",
        "from editor_plugin.commands.command_line import parser; parser()",
        "import editor_plugin.engine.doctor",
        "import editor_plugin.engine.models.download",
        "import editor_plugin.engine.service.daemon",
    ],
)
def test_the_engine_starts_without_anything_heavy(statement: str) -> None:
    for package in ("fastapi", "filelock", "psutil"):
        pytest.importorskip(package, reason=f"needs the package {package}")
    tops = {name.partition(".")[0] for name in loaded_after(statement)}
    assert PACKAGE in tops
    assert tops & HEAVY == set()


def test_the_runner_greets_before_anything_heavy_is_there() -> None:
    tops = {n.partition(".")[0] for n in loaded_after("import editor_plugin.runner.__main__")}
    assert tops & HEAVY == set()


def of_pyenv(*versions: str) -> list[str]:
    """The newest Python of each of these versions, as far as this machine has them."""
    folder = Path.home() / ".pyenv" / "versions"
    return [
        str(path)
        for version in versions
        for path in sorted(folder.glob(f"{version}.*/bin/python"))[-1:]
    ]


def pythons() -> list[str]:
    """Every Python that an editor may bring along, as far as this machine has them."""
    return [*of_pyenv(*OLDEST_FIRST), sys.executable]


@pytest.mark.parametrize("python", pythons())
def test_core_and_hosts_run_in_any_editors_python(python: str) -> None:
    names = [
        name_of(path)
        for path in modules()
        if room_of(name_of(path)) in {"core", "hosts", "client", ""}
        and name_of(path) not in EDITORS
    ]
    program = (
        f"import sys; sys.path.insert(0, {str(PROJECT)!r}); sys.dont_write_bytecode = True\n"
        f"import importlib\nfor name in {names!r}: importlib.import_module(name)\n"
        "print(len([name for name in sys.modules if name.startswith('editor_plugin')]))"
    )
    done = subprocess.run(
        [python, "-I", "-S", "-W", "error", "-c", program],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": "C"},
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= len(names)


@pytest.mark.parametrize("python", pythons())
def test_install_py_runs_in_any_python(python: str, tmp_path: Path) -> None:
    environ = {**os.environ, "HOME": str(tmp_path), "RECUE_TORCH_INDEX": ""}
    environ.pop("RECUE_HOME", None)
    done = subprocess.run(
        [python, "-W", "error", str(PROJECT / "install.py"), "--dry-run"],
        capture_output=True,
        encoding="utf-8",
        env=environ,
    )
    assert done.returncode == 0, done.stderr
    assert "Would make an environment in" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_python_that_is_too_old_is_told_in_one_sentence_what_is_needed() -> None:
    """Such as python3 of Rocky Linux 8, which is 3.6; they read the first file, and no other."""
    found = of_pyenv(*TOO_OLD)
    if not found:
        pytest.skip(f"needs one of the Pythons {', '.join(TOO_OLD)}, of pyenv")
    for python in found:
        command = [python, str(PROJECT / "install.py"), "--demo"]
        done = subprocess.run(command, capture_output=True, encoding="utf-8")
        assert (done.returncode, done.stdout) == (1, ""), python
        assert "needs Python 3.11, 3.12 or 3.13, and this is Python" in done.stderr
        assert len(done.stderr.splitlines()) == 1
