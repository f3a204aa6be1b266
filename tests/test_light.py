"""Tests that need more than a light environment has are skipped there, and nowhere else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import HEAVY, LONG

PROJECT = Path(__file__).parents[1]
TESTS = {
    "core/test_plain.py": "def test_it(): pass\n",
    "engine/conftest.py": "import no_such_heavy_package\n",
    "engine/test_more.py": "def test_it(): pass\n",
    "test_heavy.py": "import no_such_heavy_package\ndef test_it(): pass\n",
    "test_models.py": "import pytest\n@pytest.mark.nemo\ndef test_it(): pass\n",
}


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """The real conftest.py over made-up tests; one heavy package has a name that nobody has."""
    conftest = (PROJECT / "tests" / "conftest.py").read_text(encoding="utf-8")
    made_up = conftest.replace('("fastapi", ', '("no_such_heavy_package", "fastapi", ')
    assert made_up != conftest
    for name, text in {"conftest.py": made_up, **TESTS}.items():
        path = tmp_path / "tests" / name
        path.parent.mkdir(exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_bytes((PROJECT / "pyproject.toml").read_bytes())
    return tmp_path


def run(suite: Path, *arguments: str, ci: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=suite,
        env={**os.environ, "CI": ci},
        capture_output=True,
        encoding="utf-8",
    )


def test_what_lacks_a_package_is_skipped_and_the_reason_told(suite: Path) -> None:
    done = run(suite, "--light")
    assert done.returncode == 0, done.stdout
    assert re.search(r"\b1 passed, 3 skipped\b", done.stdout)
    assert "1  needs the package nemo" in done.stdout
    assert "2  needs the package no_such_heavy_package" in done.stdout
    assert "1  tests/engine" in done.stdout and "1  tests/test_heavy.py" in done.stdout


def test_in_ci_it_is_a_failure_unless_light_tests_were_asked_for(suite: Path) -> None:
    assert run(suite, "--light", ci="true").returncode == 0
    done = run(suite, ci="true")
    assert done.returncode != 0
    assert "needs the package no_such_heavy_package" in done.stdout


@pytest.mark.parametrize("name", ["tests/engine/conftest.py", "tests/test_heavy.py"])
def test_an_import_that_is_wrong_is_no_reason_to_skip(suite: Path, name: str) -> None:
    (suite / name).write_text("import not_a_package_of_ours\n", encoding="utf-8")
    done = run(suite, "--light")
    assert done.returncode not in (0, 5)
    assert "No module named 'not_a_package_of_ours'" in done.stdout


def test_tests_run_without_the_plugin_for_timeouts(suite: Path) -> None:
    assert run(suite, "--light", "-p", "no:timeout").returncode == 0


def test_a_test_may_take_five_minutes_and_no_longer(pytestconfig: pytest.Config) -> None:
    if not pytestconfig.pluginmanager.has_plugin("timeout"):
        pytest.skip("needs the package pytest-timeout")
    assert pytestconfig.getoption("timeout") == 300


def test_the_lists_are_up_to_date() -> None:
    assert all((PROJECT / name).exists() for name in LONG)
    light = (PROJECT / "tests" / "light.txt").read_text(encoding="utf-8").splitlines()
    names = [line for line in light if line and not line.startswith("#")]
    pinned = (PROJECT / "constraints.txt").read_text(encoding="utf-8")
    direct = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    assert names == sorted(names)
    for name in names:
        assert re.search(rf"^{name}==", pinned, re.MULTILINE), name
        assert re.search(rf'^    "{name}==', direct, re.MULTILINE), name
    assert not set(HEAVY) & set(names)
