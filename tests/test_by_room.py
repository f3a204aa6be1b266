"""CI's table of coverage."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

coverage = pytest.importorskip("coverage", reason="needs the package coverage")
PROJECT = Path(__file__).parents[1]


def table(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROJECT / ".ci" / "by_room.py")]
    environ = {**os.environ, "COVERAGE_FILE": str(folder / ".coverage")}  # CI names another
    return subprocess.run(command, env=environ, capture_output=True, encoding="utf-8")


def test_coverage_is_told_by_room(tmp_path: Path) -> None:
    data = coverage.CoverageData(str(tmp_path / ".coverage"))
    data.add_lines({str(PROJECT / "editor_plugin" / "core" / "cues.py"): range(1, 30)})
    data.add_lines({str(PROJECT / "installer" / "setup.py"): [1]})
    data.write()
    done = table(tmp_path)
    assert done.returncode == 0, done.stderr
    names = [line.split()[0] for line in done.stdout.splitlines()[1:]]
    assert names == ["editor_plugin/core", "installer", "all"]
    assert re.search(r"^all +[1-9]\d* of +\d+ +\d+\.\d %$", done.stdout, re.MULTILINE)


def test_nothing_measured_is_a_failure(tmp_path: Path) -> None:
    assert table(tmp_path).returncode == 1
