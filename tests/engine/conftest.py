"""The two kinds of ffmpeg that a user may have."""

from __future__ import annotations

import imageio_ffmpeg
import pytest

from editor_plugin.engine.media.ffmpeg_process import SETTING
from tests.programs import need

BUILDS = ("system", "bundled")


def ffmpeg_of(build: str) -> str:
    """The system's ffmpeg, or the one that comes with Recue."""
    return need("ffmpeg") if build == "system" else str(imageio_ffmpeg.get_ffmpeg_exe())


@pytest.fixture(params=BUILDS)
def each_ffmpeg(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test once with each: their versions lie years apart."""
    program = ffmpeg_of(request.param)
    monkeypatch.setenv(SETTING, program)
    return program
