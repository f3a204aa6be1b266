"""A Recue in small: the real install.py over a package, tools and an index that are made up.

The made-up wheels take milliseconds where the real ones take minutes; Python, venv, pip, the build
of the project's own wheel, files and processes are real.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).parents[1]

# What the environment's Python finds as `editor_plugin`, `pytest`, `ruff` and `mypy`.
MAIN = """
import os, pathlib, sys
def main():
    print("recue", *sys.argv[1:])
    if "-o" in sys.argv:
        path = pathlib.Path(sys.argv[sys.argv.index("-o") + 1])
        path.write_text("1\\n00:00:00,000 --> 00:00:01,000\\nHello.\\n")
        print(path.read_text())
    return int(os.environ.get("MADE_UP_STATUS", "0"))
if __name__ == "__main__":
    sys.exit(main())
"""
TOOL = """
import os, sys
print(__name__, "NAME", *sys.argv[1:], "in", os.getcwd())
sys.exit(1 if "NAME" in os.environ.get("MADE_UP_FAILURES", "").split() else 0)
"""
# A build backend in the package itself: no build tool has to be downloaded.
BACKEND = """
import pathlib, zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "recue-1.0-py3-none-any.whl"
    info = "recue-1.0.dist-info"
    files = {str(p): p.read_bytes() for p in pathlib.Path("editor_plugin").rglob("*.py")}
    files[f"{info}/METADATA"] = b"Metadata-Version: 2.1\\nName: recue\\nVersion: 1.0\\n"
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    files[f"{info}/entry_points.txt"] = (
        b"[console_scripts]\\nrecue = editor_plugin.__main__:main\\n")
    files[f"{info}/RECORD"] = "".join(f"{n},,\\n" for n in files).encode()
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        for path, content in files.items():
            wheel.writestr(path, content)
    return name
"""
PYPROJECT = """
[build-system]
requires = []
build-backend = "made_up_backend"
backend-path = ["editor_plugin"]

[project]
name = "recue"
version = "1.0"
dependencies = [
    "made-up-base==1.0",
]

[project.optional-dependencies]
dev = [
    "made-up-tools==1.0",
]
"""
CONSTRAINTS = "made-up-base==1.0\nmade-up-tools==1.0\nsetuptools==1.0\n"


@dataclass
class MadeUpProject:
    """The project's folder, the user's home, the index, and what more the environment says."""

    folder: Path
    home: Path
    wheels: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        """A user's environment with nothing of this test run's in it."""
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "PIP_CACHE_DIR": str(self.wheels / "cache"),
            "LC_ALL": "C.UTF-8",
            "RECUE_TORCH_INDEX": "",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            **self.more,
        }

    @property
    def data(self) -> Path:
        return self.home / ".local" / "share" / "recue"

    @property
    def done(self) -> list[str]:
        """The groups of packages that are complete."""
        stamp = json.loads((self.data / "env" / "recue-env.json").read_text(encoding="utf-8"))
        return [mark.partition(":")[0] for mark in stamp["done"]]

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(self.folder / "install.py"), *arguments]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run install.py from another folder, as users do."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.home.parent,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )


def make(folder: Path) -> MadeUpProject:
    """Make it below a folder; names have blanks and accents."""
    made = MadeUpProject(folder / "Téléchargé par Zoë", folder / "Zoë's home", folder / "index")
    for each in (made.folder, made.home, made.wheels):
        each.mkdir(parents=True)
    shutil.copy(PROJECT / "install.py", made.folder)
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PROJECT / "installer", made.folder / "installer", ignore=unwanted)
    package = made.folder / "editor_plugin"
    for room in ("client", "core", "hosts"):
        shutil.copytree(PROJECT / "editor_plugin" / room, package / room, ignore=unwanted)
    (package / "__init__.py").write_text('__version__ = "1.0"\n')
    (package / "__main__.py").write_text(MAIN)
    (package / "made_up_backend.py").write_text(BACKEND)
    (made.folder / "pyproject.toml").write_text(PYPROJECT)
    (made.folder / "constraints.txt").write_text(CONSTRAINTS)
    script = made.folder / "scripts" / "resolve" / "Générer les sous-titres.py"
    script.parent.mkdir(parents=True)
    script.write_text("print('menu')\n", encoding="utf-8")
    tools = {f"{name}.py": TOOL.replace("NAME", name) for name in ("ruff", "mypy", "pytest")}
    write_wheel(made.wheels, "made_up_base", {"made_up_base.py": ""})
    write_wheel(made.wheels, "setuptools", {"setuptools.py": ""})
    write_wheel(made.wheels, "made_up_tools", tools)
    return made


def write_wheel(folder: Path, name: str, files: dict[str, str]) -> None:
    """Put a wheel of version 1.0 with these modules into the index."""
    info = f"{name}-1.0.dist-info"
    files = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in files)
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        for path, content in files.items():
            wheel.writestr(path, content)
