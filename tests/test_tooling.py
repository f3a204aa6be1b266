"""What contributors and hosted CI run is there, and does what CONTRIBUTING.md says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from installer.actions import _project_files
from installer.pythons import SUITABLE

yaml = pytest.importorskip("yaml", reason="needs the package yaml")
PROJECT = Path(__file__).parents[1]
WORKFLOW = PROJECT / ".github" / "workflows" / "tests.yml"


def run(*arguments: str, cwd: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, capture_output=True, encoding="utf-8"
    )


def hooks() -> list[dict[str, Any]]:
    text = (PROJECT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    (repository,) = yaml.safe_load(text)["repos"]
    assert repository["repo"] == "local"
    found: list[dict[str, Any]] = repository["hooks"]
    return found


def test_the_hooks_are_the_checks_of_ci() -> None:
    assert [hook["entry"] for hook in hooks()] == [
        "python -m ruff check",
        "python -m ruff format --check",
        "python -m mypy",
    ]


@pytest.mark.parametrize("hook", hooks(), ids=lambda hook: hook["id"])
def test_a_hook_downloads_nothing_and_can_be_run(hook: dict[str, Any]) -> None:
    assert hook["language"] == "system"
    assert hook["pass_filenames"] is False
    program, *arguments = hook["entry"].split()
    assert program == "python"
    done = run(*arguments, "--help")
    assert done.returncode == 0, done.stderr


def schema_check(path: Path) -> subprocess.CompletedProcess[str]:
    schema = "vendor.github-workflows"
    return run("-m", "check_jsonschema", "--builtin-schema", schema, str(path))


def test_the_workflow_is_what_its_schema_asks_for(tmp_path: Path) -> None:
    pytest.importorskip("check_jsonschema", reason="needs the package check_jsonschema")
    done = schema_check(WORKFLOW)
    assert done.returncode == 0, done.stdout
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(WORKFLOW.read_text(encoding="utf-8").replace("runs-on:", "runs-at:"))
    assert schema_check(wrong).returncode == 1


def test_the_workflow_may_read_and_no_more_and_names_whole_versions() -> None:
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert not any("permissions" in job for job in workflow["jobs"].values())
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    used = [step["uses"] for step in steps if "uses" in step]
    assert used and all(re.search(r"@v\d+\.\d+\.\d+$", name) for name in used)


def test_the_workflow_runs_everything_on_linux_and_the_light_tests_elsewhere() -> None:
    jobs = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
    assert [step.get("run") for step in jobs["whole"]["steps"]][-1] == ".ci/run"
    light = jobs["light"]
    assert [step.get("run") for step in light["steps"]][-1] == "python -m pytest --light"
    pythons = light["strategy"]["matrix"]["python"]
    assert pythons == [".".join(map(str, version)) for version in sorted(SUITABLE)]
    systems = {name.partition("-")[0] for name in light["strategy"]["matrix"]["system"]}
    assert systems == {"windows", "macos"}


def _has_setuptools(version: int) -> bool:
    """Without an import: it refuses to be imported after something else took Python's distutils."""
    try:
        return int(metadata.version("setuptools").partition(".")[0]) >= version
    except metadata.PackageNotFoundError:
        return False


def test_the_wheel_tells_type_checkers_that_it_is_typed(tmp_path: Path) -> None:
    """Built from the files that install.py copies, as install.py does."""
    if not _has_setuptools(77):
        pytest.skip("needs the package setuptools, 77")
    for path in _project_files(PROJECT):
        copy = tmp_path / "project" / path.relative_to(PROJECT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    build = "import setuptools.build_meta as b; b.build_wheel('..')"
    done = run("-W", "ignore", "-c", build, cwd=tmp_path / "project")
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        assert "editor_plugin/py.typed" in file.namelist()
