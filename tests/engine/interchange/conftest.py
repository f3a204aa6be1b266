"""Media that timelines name, made once."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from tests.engine.conftest import BUILDS, ffmpeg_of
from tests.engine.interchange.reference import MEDIA_FRAMES

FilmMaker = Callable[[Fraction], Path]


@pytest.fixture(scope="session", params=BUILDS)
def film(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> FilmMaker:
    """Make a film of the reference's length, with sound, whose timecode starts at 01:00:00:00."""
    program = ffmpeg_of(request.param)
    folder = tmp_path_factory.mktemp("Müdia folder")
    made: dict[Fraction, Path] = {}

    def make(rate: Fraction) -> Path:
        if rate not in made:
            path = folder / f"take é {float(rate):.0f}.mov"
            seconds = float(MEDIA_FRAMES / rate)
            picture = f"color=black:s=16x16:r={rate}:d={seconds}"
            sound = f"anullsrc=r=8000:cl=stereo:d={seconds}"
            inputs = [word for each in (picture, sound) for word in ("-f", "lavfi", "-i", each)]
            command = [program, "-v", "error", *inputs, "-timecode", "01:00:00:00"]
            subprocess.run([*command, "-c:v", "mpeg4", "-c:a", "aac", str(path)], check=True)
            made[rate] = path
        return made[rate]

    return make


@pytest.fixture
def silent_wav(tmp_path: Path) -> Path:
    """A file with a name that needs quoting; what is in it does not matter where it starts at 0."""
    path = tmp_path / "média" / "Interview 50% & co.wav"
    path.parent.mkdir()
    path.write_bytes(b"RIFF")
    return path
