"""Make docs/obs.png: OBS with Recue's properties, after a recording got its subtitles.

python docs/make_obs_picture.py   (OBS, Xvfb, openbox, xdotool and ImageMagick are installed)
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent))

from tests.hosts.obs.conftest import FILM, install  # noqa: E402
from tests.hosts.obs.studio import (  # noqa: E402
    SCENE,
    STATUS_TEXT,
    ObsSetup,
    Studio,
    screen,
    studio,
    wait_for,
    window_manager,
)

SIZE = {"BaseCX": "640", "BaseCY": "360", "OutputCX": "640", "OutputCY": "360"}
"""That of the film."""


def main() -> None:
    """Record, wait for the subtitles, open the dialog, and take the picture."""
    with tempfile.TemporaryDirectory(prefix="recue-picture-") as folder, screen() as display:
        recue = install(Path(folder, "recue"))
        home = Path(folder, "home")
        home.mkdir()
        environ = {**os.environ, "DISPLAY": display}
        settings = {"text_source": STATUS_TEXT, "format_vtt": True}
        variables = {"RECUE_HOME": str(recue.home)}
        try:
            with (
                window_manager(display),
                studio(home, display, ObsSetup(recue.script, settings, {}, variables, FILM)) as obs,
            ):
                below_the_picture(obs)
                recording = obs.record(8.5)
                wait_for(recording.with_suffix(".srt").exists, 120, "the subtitles are there")
                wait_for(lambda: "subtitle" in obs.status(), 10, "it is told")
                obs.play_film()
                obs.open_scripts()
                picture(environ)
        finally:
            recue.stop_engine()


def below_the_picture(obs: Studio) -> None:
    """Put the status text where a user would: at the bottom, within the frame."""
    item = obs.client.get_scene_item_id(SCENE, STATUS_TEXT).scene_item_id
    obs.client.set_scene_item_transform(SCENE, item, {"positionX": 10.0, "positionY": 305.0})
    font = {"face": "DejaVu Sans", "size": 18, "style": "Book", "flags": 0}
    settings = {"font": font, "word_wrap": True, "custom_width": 620}
    obs.client.set_input_settings(STATUS_TEXT, settings, True)


def picture(environ: dict[str, str]) -> None:
    """Keep the whole screen, in few colours."""
    target = str(DOCS / "obs.png")
    command = ["import", "-window", "root", "-dither", "None", "-colors", "64", target]
    subprocess.run(command, env=environ, check=True)


if __name__ == "__main__":
    main()
