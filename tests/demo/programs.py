"""Programs that some of the demo's tests need."""

from __future__ import annotations

import os
import shutil

import pytest

PACKAGES = {"flite": "flite", "espeak-ng": "espeak-ng", "ffmpeg": "ffmpeg", "ffprobe": "ffmpeg"}


def need(*programs: str) -> None:
    """Skip the test where a program is missing; on CI, where all are installed, fail."""
    missing = sorted({PACKAGES[name] for name in programs if not shutil.which(name)})
    if missing:
        advice = f"needs {', '.join(missing)}: apt install {' '.join(missing)}"
        if os.environ.get("CI") == "true":
            pytest.fail(advice)
        pytest.skip(advice)
