"""The engine is killed in mid-job, under an open page, and another one takes its place."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.page.conftest import PROJECT, Address, Opens
from tests.programs import need

pytestmark = [pytest.mark.nemo, pytest.mark.timeout(900)]  # two engines load the model

FILM = PROJECT / "demo" / "media" / "recue-demo.mp4"
TIMES = 8
"""How often the demo film is played in the long recording, so that its job lasts for a while."""
PATIENCE = 240_000
"""Milliseconds for a model to be loaded, and for all of the recording, on a busy machine."""


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """The sound of the demo film, again and again."""
    path = tmp_path / "long.wav"
    options = ["-v", "error", "-stream_loop", str(TIMES - 1), "-i", str(FILM)]
    options += ["-vn", "-ac", "1", "-ar", "16000", str(path)]
    subprocess.run([need("ffmpeg"), *options], check=True)
    return path


def test_a_killed_engine_is_told_and_the_next_one_goes_on_with_its_job(
    address: Address, opened: Opens, tmp_path: Path, recording: Path
) -> None:
    tab = opened(address())
    tab.set_input_files("#file", recording)
    tab.wait_for_selector(".chosen-file >> text=/copied$/")
    tab.get_by_role("button", name="Transcribe").click()
    tab.wait_for_selector(".job[data-state=running] .heard:visible", timeout=PATIENCE)
    announced = json.loads((tmp_path / "recue" / "engine.json").read_text())
    os.kill(announced["pid"], signal.SIGKILL)
    banner = tab.locator("#banner")
    tab.wait_for_selector("#banner >> text=Open this page again")
    assert "Jobs are kept" in banner.inner_text()
    assert tab.locator(".job[data-state=running]").count() == 1, "what was shown stays in sight"
    assert tab.inner_text(".job .heard")
    tab.locator(".job").get_by_role("button", name="Cancel").click()
    tab.wait_for_selector(".queue .problem >> text=Open this page again")
    # As `recue page` does: there is no engine, so one is started, which finds the job.
    later = opened(address())
    later.wait_for_selector(".job[data-state=done]", timeout=PATIENCE)
    assert later.locator(".job").count() == 1
    assert later.locator("#banner > *").count() == 0
    assert "everything was known" not in later.inner_text(".job")
    later.click(".job-name")
    later.wait_for_selector(".cues >> text=Good morning")
    assert "Open this page again" in banner.inner_text()
