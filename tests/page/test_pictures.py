"""The pictures of the page in the documentation, with the demo's subtitles on it.

RECUE_TEST_PICTURES=docs pytest tests/page/test_pictures.py   writes them there; else they are
made to see that they still can be.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.page.conftest import Address, Opens
from tests.page.test_transcribe import FILM, ended

pytestmark = pytest.mark.nemo

FOLDER = "RECUE_TEST_PICTURES"
SIZE = {"width": 1280, "height": 720}


def test_the_pictures_can_be_made(address: Address, opened: Opens, tmp_path: Path) -> None:
    folder = Path(os.environ.get(FOLDER) or tmp_path)
    tab = opened(address(), viewport=SIZE, color_scheme="light")
    tab.wait_for_selector(".chips input")
    tab.set_input_files("#file", FILM)
    tab.wait_for_selector(".chosen-file >> text=/copied$/")
    tab.get_by_role("button", name="Transcribe").click()
    ended(tab)
    tab.set_input_files("#file", FILM)
    tab.wait_for_selector(".chosen-file >> text=/copied$/")
    tab.screenshot(path=folder / "page.png")
    tab.click(".job-name")
    tab.wait_for_selector(".cues >> text=Good morning")
    tab.emulate_media(color_scheme="dark")
    tab.screenshot(path=folder / "page-job.png")
    for name in ("page.png", "page-job.png"):
        assert (folder / name).stat().st_size > 30_000
