"""Recognition in windows is at least as near to recognition in the whole as NeMo's own chunking."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.chunking import distances
from benchmarks.recordings import FILM
from tests.recordings import SHARED, SPEECH

RECORDINGS = {"film": FILM, "sonnet": SPEECH / "sonnet" / "p001.mp3"}


@pytest.mark.nemo
@pytest.mark.parametrize("name", RECORDINGS)
def test_windows_are_as_good_as_nemos_chunks(name: str, tmp_path: Path) -> None:
    if not RECORDINGS[name].exists():
        pytest.skip(f"needs {SHARED}")
    found = distances(RECORDINGS[name], tmp_path)
    assert found["words"] > 50
    assert found["recue"] <= found["nemo"]
