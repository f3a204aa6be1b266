"""Make docs/obs.png: OBS with Recue's properties, after a recording got its subtitles.

python docs/make_obs_picture.py   (OBS, Xvfb, openbox, xdotool and ImageMagick are installed)
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent))

from tests.hosts.obs.conftest import FILM, install  # noqa: E402
from tests.hosts.obs.studio import STATUS_TEXT, Desk, screen, studio, wait_for  # noqa: E402

DIALOG = "Scripts"


def main() -> None:
    """Record, wait for the subtitles, open the dialog, and take the picture."""
    with tempfile.TemporaryDirectory(prefix="recue-picture-") as folder, screen() as display:
        recue = install(Path(folder, "recue"))
        home = Path(folder, "home")
        home.mkdir()
        environ = {**os.environ, "DISPLAY": display}
        manager = subprocess.Popen(["openbox"], env=environ, stderr=subprocess.DEVNULL)
        settings = {"text_source": STATUS_TEXT, "format_vtt": True}
        variables = {"RECUE_HOME": str(recue.home)}
        try:
            with studio(home, display, Desk(recue.script, settings, {}, variables, FILM)) as obs:
                recording = obs.record(8.5)
                wait_for(recording.with_suffix(".srt").exists, 120, "the subtitles are there")
                wait_for(lambda: "subtitle" in obs.status(), 10, "it is told")
                obs.play_film()
                open_dialog(environ)
                picture(environ)
        finally:
            recue.stop_engine()
            manager.terminate()
            manager.wait(10)


def xdotool(environ: dict[str, str], *arguments: str) -> str:
    """Run xdotool; return what it prints."""
    command = ["xdotool", *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True).stdout.strip()


def open_dialog(environ: dict[str, str]) -> None:
    """Open Tools > Scripts and choose the one script there."""
    xdotool(environ, "search", "--sync", "--name", "^OBS 29", "windowactivate", "--sync")
    xdotool(environ, "key", "alt+t")
    time.sleep(1)
    xdotool(environ, "key", "s")
    time.sleep(1)
    xdotool(environ, "key", "Return")
    dialog = wait_for(
        lambda: xdotool(environ, "search", "--onlyvisible", "--name", f"^{DIALOG}$"),
        20,
        "the dialog opens",
    ).split()[-1]
    xdotool(environ, "windowsize", dialog, "760", "640", "windowmove", dialog, "500", "60")
    time.sleep(1)
    xdotool(environ, "mousemove", "--window", dialog, "80", "60", "click", "1")
    time.sleep(2)


def picture(environ: dict[str, str]) -> None:
    """Keep the whole screen, in few colours."""
    target = str(DOCS / "obs.png")
    command = ["import", "-window", "root", "-dither", "None", "-colors", "64", target]
    subprocess.run(command, env=environ, check=True)


if __name__ == "__main__":
    main()
