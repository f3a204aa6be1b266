"""The page's JavaScript is checked: its types by TypeScript, its style by ESLint."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from editor_plugin import page
from tests.page.tools import ASKED, HERE, tool
from tests.programs import need

PROJECT = Path(__file__).parents[2]


def types(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the types of the modules of a copy of the project."""
    program = tool("typescript", "bin/tsc")
    config = folder / HERE.relative_to(PROJECT) / "tsconfig.json"
    return subprocess.run(
        [need("node"), str(program), "-p", str(config)], capture_output=True, encoding="utf-8"
    )


def style(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the style of the modules of a copy of the project."""
    program = tool("eslint", "bin/eslint.js")
    config = folder / HERE.relative_to(PROJECT) / "eslint.config.js"
    options = ["--max-warnings=0", "-c", str(config), "editor_plugin/page"]
    command = [need("node"), str(program), *options]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the page and of what checks it."""
    for part in (page.FOLDER, HERE):
        shutil.copytree(part, tmp_path / part.relative_to(PROJECT))
    return tmp_path


def test_the_types_are_right() -> None:
    done = types(PROJECT)
    assert done.returncode == 0, done.stdout


def test_the_style_is_right() -> None:
    done = style(PROJECT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_type_is_seen(copy: Path) -> None:
    with (copy / "editor_plugin/page/formats.js").open("a") as file:
        file.write("export const wrong = clock('text');\n")
    done = types(copy)
    assert done.returncode != 0 and "formats.js" in done.stdout


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("document.body.innerHTML = location.hash;", "no-restricted-properties"),
        ("localStorage.setItem('a', 'b');", "no-restricted-globals"),
        ("const unused = 1;", "no-unused-vars"),
        ("\n" * 250, "max-lines"),
    ],
)
def test_a_wrong_line_is_seen(copy: Path, line: str, rule: str) -> None:
    with (copy / "editor_plugin/page/router.js").open("a") as file:
        file.write(f"{line}\n")
    done = style(copy)
    assert done.returncode == 1 and rule in done.stdout, done.stdout + done.stderr


def test_the_packages_are_pinned_with_all_beneath_them() -> None:
    """`npm ci` refuses a lock that is of other packages; each has the checksum of its content."""
    lock = json.loads((HERE / "package-lock.json").read_text())["packages"]
    assert lock.pop("")["dependencies"] == ASKED
    assert set(ASKED) <= {path.removeprefix("node_modules/") for path in lock}
    assert all(each["integrity"].startswith("sha512-") for each in lock.values())
    assert not any("resolved" in each for each in lock.values()), "the registry is the machine's"
