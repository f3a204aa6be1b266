"""Menu scripts in a process of their own, in the oldest and the newest Python there is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.resolve import console, dump, load
from tests.doubles.resolve.open_project import OpenProject, write_srt
from tests.doubles.resolve.world import World
from tests.test_imports import pythons

OPEN = "project = resolve.GetProjectManager().GetCurrentProject()\n"


def run(
    folder: Path, program: str, opened: OpenProject, *options: str, python: str = sys.executable
) -> tuple[Any, World]:
    """What the process printed and ended with, and the world it left."""
    script, scenario, state = (folder / name for name in ("Menu.py", "world.json", "state.json"))
    script.write_text(program, encoding="utf-8")
    dump(opened.world, scenario)
    environ = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [
            python,
            "-I",
            "-S",
            "-W",
            "error",
            str(console.__file__),
            *map(str, (script, scenario)),
            str(state),
            *options,
        ],
        capture_output=True,
        encoding="utf-8",
        env=environ,
        timeout=60,
    )
    return done, load(state)


@pytest.mark.parametrize("python", pythons())
def test_a_script_has_what_resolve_gives_and_nothing_else(tmp_path: Path, python: str) -> None:
    program = (
        "import sys\n"
        "print(resolve.GetProductName(), fu is fusion is app, bmd.scriptapp('Resolve') is None)\n"
        "print('__file__' in globals(), sys.argv, __name__)\n"
        "try:\n    import editor_plugin\nexcept ImportError:\n    print('not here')\n"
    )
    done, _ = run(tmp_path, program, OpenProject("20.3", "free"), python=python)
    assert done.stderr == "" and done.returncode == 0
    assert done.stdout.splitlines() == [
        "DaVinci Resolve True False",
        "False [''] __main__",
        "not here",
    ]


def test_a_script_may_be_told_its_name(tmp_path: Path) -> None:
    program = "import sys\nprint(__file__ == sys.argv[0])"
    done, _ = run(tmp_path, program, OpenProject(), "--file", "--argv", "script")
    assert done.stdout == "True\n"


def test_what_a_script_does_is_in_the_state(tmp_path: Path) -> None:
    path = write_srt(tmp_path / "recue-1.srt")
    program = OPEN + (
        "import time\n"
        "pool = project.GetMediaPool()\n"
        f"pool.AppendToTimeline(pool.ImportMedia([{str(path)!r}]))\n"
        "time.sleep(3600)\n"
        "print(len(project.GetCurrentTimeline().GetItemListInTrack('subtitle', 1)))\n"
    )
    opened = OpenProject(reel={"subtitle": 1}, settle=3000)
    done, world = run(tmp_path, program, opened, "--fast")
    assert (done.stdout, done.stderr) == ("2\n", "")
    assert world.violations == []
    assert len(world.projects[0].timelines[0].tracks[-1].items) == 2


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        ("raise SystemExit(4)", 4),
        ("raise SystemExit('sorry')", 1),
        ("1 / 0", 1),
        ("import os; os._exit(7)", 7),
        ("pass", 0),
    ],
)
def test_the_state_is_written_however_a_script_ends(
    tmp_path: Path, ending: str, status: int
) -> None:
    done, world = run(tmp_path, f"resolve.GetVersion()\n{ending}", OpenProject())
    assert done.returncode == status
    assert [each["call"] for each in world.calls] == ["Resolve.GetVersion"]


def test_a_crash_ends_the_process_at_once(tmp_path: Path) -> None:
    path = write_srt(tmp_path / "recue-1.srt")
    program = OPEN + (
        "pool = project.GetMediaPool()\n"
        f"item = pool.ImportMedia([{str(path)!r}])[0]\n"
        "try:\n    pool.AppendToTimeline([{'mediaPoolItem': item, 'trackIndex': 1}])\n"
        "finally:\n    print('never')\n"
    )
    done, world = run(tmp_path, program, OpenProject(reel={"subtitle": 1}))
    assert (done.returncode, done.stdout) == (console.CRASHED, "")
    assert world.crashed


def test_free_21_1_does_not_list_the_script(tmp_path: Path) -> None:
    done, world = run(tmp_path, "print('never')", OpenProject("21.1-free"))
    assert (done.returncode, done.stdout) == (console.NOT_LISTED, "")
    assert world.calls == []
