"""Recordings of real speech, which are not part of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = "../shared/data/speech"
SPEECH = Path(__file__).parents[2] / "shared" / "data" / "speech"
needs_speech = pytest.mark.skipif(not SPEECH.is_dir(), reason=f"needs {SHARED}")
