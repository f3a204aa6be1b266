"""Blender 3.4 with its window, on a display of Xvfb's: the modal operator and undo."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.hosts.blender.blenders import Installation, screen
from tests.hosts.blender.conftest import Cut

pytestmark = pytest.mark.nemo
UI = Path(__file__).parent / "ui.py"
MINE = "My own title"


def at_the_screen(
    installation: Installation, blender: str, project: Path, told: dict[str, Any]
) -> dict[str, Any]:
    """Do what ui.py does in Blender's window; return what it saw."""
    answer = project.with_name("seen.json")
    arguments = json.dumps({**told, "answer": str(answer)})
    with screen() as display:
        environ = {**installation.environ, "DISPLAY": display}
        command = [blender, "--addons", "recue", "--window-geometry", "0", "0", "1280", "800"]
        process = subprocess.Popen(
            [*command, str(project), "--python", str(UI), "--", arguments],
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(90)
        finally:
            process.kill()
            process.wait()
    return dict(json.loads(answer.read_text(encoding="utf-8")))


@pytest.mark.parametrize("blender", ["3.4"], indirect=True)
def test_the_window_lives_on_and_one_undo_takes_all_back(cut: Cut, tmp_path: Path) -> None:
    project = tmp_path / "fresh.blend"
    cut.do("without_ours", file=str(cut.file), copy=str(project))
    told = {"frame": 200, "picture": str(tmp_path / "window.png"), "patience": 60}
    seen = at_the_screen(cut.installation, cut.blender.command[0], project, told)
    assert "error" not in seen, seen["error"]
    assert seen["started"] == ["RUNNING_MODAL"]
    assert seen["ticks"] > 1, "timers of others ran while it worked"
    assert seen["before"] == [MINE]
    assert len(seen["after"]) > 10, seen["report"]
    assert seen["undone"] == seen["before"]
    assert seen["redone"] == seen["after"]
