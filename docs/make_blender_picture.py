"""Make docs/blender.png: Recue's panel and subtitles in Blender's sequencer, at work on the demo.

python -m docs.make_blender_picture   (Recue's environment; blender, Xvfb, xdotool, ImageMagick)
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from editor_plugin.client import connect
from editor_plugin.engine.interchange import read_timeline
from tests.hosts.blender.blenders import ROOT, found, installed, screen

TAB = (1267, 545)
"""Where the panel's tab is, in a window of 1280 by 800 and Blender's workspace for editing."""
UI = ROOT / "tests" / "hosts" / "blender" / "ui.py"


def main() -> None:
    """Cut the demo timeline in Blender, generate, open the panel, and take a picture."""
    with tempfile.TemporaryDirectory() as folder:
        installation = installed(Path(folder))
        os.environ["RECUE_HOME"] = str(installation.data)
        os.environ.setdefault("RECUE_PYTHON", sys.executable)
        blender = found("3.4")
        project = Path(folder, "cut.blend")
        same = {"addon": str(installation.addon), "file": str(project)}
        # Blender shows the names of files.
        media = str(shutil.copy(ROOT / "demo" / "media" / "recue-demo.mp4", folder))
        blender.do(
            installation, "build", clips=_clips(), media=media, rate=[24, 1.001], own=False, **same
        )
        blender.do(installation, "without_ours", copy=str(project), **same)
        engine = connect(60)
        try:
            picture = _picture(installation.environ, blender.command[0], project)
        finally:
            engine.stop()
        shrink = ["-colors", "128", "-strip", str(ROOT / "docs" / "blender.png")]
        subprocess.run(["convert", str(picture), *shrink], check=True)


def _clips() -> list[dict[str, object]]:
    timeline = read_timeline(ROOT / "demo" / "recue-demo.otio")
    rate = timeline.rate
    return [
        {
            "first": int(clip.record.start * rate),
            "length": int(clip.record.duration * rate),
            "source": int(clip.source_in * rate),
            "speed": float(clip.speed),
            "heard": clip.enabled,
            "sound": True,
        }
        for clip in timeline.tracks[0].clips
    ]


def _picture(environ: dict[str, str], blender: str, project: Path) -> Path:
    picture, answer = project.with_suffix(".png"), project.with_suffix(".json")
    ready = Path(f"{answer}.ready")
    told = {"frame": 345, "picture": str(picture), "patience": 90, "wait_for_click": True}
    with screen() as display:
        environ = {**environ, "DISPLAY": display}
        arguments = ["--addons", "recue", "--window-geometry", "0", "0", "1280", "800"]
        script = ["--python", str(UI), "--", json.dumps({**told, "answer": str(answer)})]
        process = subprocess.Popen([blender, *arguments, str(project), *script], env=environ)
        while not ready.exists() and process.poll() is None:
            time.sleep(0.2)
        move = ["xdotool", "mousemove", str(TAB[0]), str(TAB[1]), "click", "1"]
        subprocess.run(move, env=environ, check=True)
        process.wait(60)
    seen = json.loads(answer.read_text(encoding="utf-8"))
    assert "error" not in seen, seen["error"]
    return picture


if __name__ == "__main__":
    main()
