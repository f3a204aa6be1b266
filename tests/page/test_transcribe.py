"""The page with the real engine, real NeMo and the demo: a file is chosen, and its text comes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.page.conftest import PROJECT, Address, Opens, wait

pytestmark = pytest.mark.nemo

FILM = PROJECT / "demo" / "media" / "recue-demo.mp4"
SECONDS_TO_TEXT = 60
"""From choosing a file to its text, with a model that has to be loaded first: what users are
promised, and the only time that a test of this project measures."""


def ended(tab: Any, wanted: str = "done") -> Any:
    tab.wait_for_selector(f".job[data-state={wanted}]", timeout=120_000)
    return tab.locator(".job").first


def test_a_chosen_file_is_text_within_a_minute_and_known_the_second_time(
    address: Address, opened: Opens
) -> None:
    tab = opened(address())
    tab.wait_for_selector(".chips input")
    begun = time.monotonic()
    tab.set_input_files("#file", FILM)
    tab.get_by_role("button", name="Transcribe").click()
    ended(tab)
    assert time.monotonic() - begun < SECONDS_TO_TEXT
    tab.click(".job-name")
    tab.wait_for_selector(".cues >> text=Good morning")
    with tab.expect_download() as download:
        tab.locator(".menu summary").click()
        tab.get_by_role("button", name="SRT subtitles").click()
    assert download.value.suggested_filename == "recue-demo.srt"
    assert "Good morning" in Path(download.value.path()).read_text(encoding="utf-8")
    tab.go_back()
    tab.set_input_files("#file", FILM)
    tab.wait_for_selector(".chosen-file >> text=/copied$/")
    tab.get_by_role("button", name="Transcribe").click()
    wait(tab, "document.querySelectorAll('.job[data-state=done]').length === 2")
    assert "everything was known already" in ended(tab).inner_text()
    tab.evaluate("location.hash = '#/media?words=sound'")
    tab.locator(".hit button").first.click()
    wait(tab, "document.querySelector('.player video')?.readyState > 0")
    tab.wait_for_selector(".stored-file >> text=recue-demo.mp4")


def test_of_several_files_one_bad_one_takes_no_other_along(
    address: Address, opened: Opens, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"no film at all")
    tab = opened(address())
    tab.wait_for_selector(".chips input")
    tab.set_input_files("#file", [bad, FILM])
    wait(tab, "document.querySelectorAll('.chosen-file progress[hidden]').length === 2")
    tab.get_by_role("button", name="Transcribe 2 files").click()
    job = ended(tab, "failed")
    assert "“bad.mp4”" in job.inner_text() or "bad.mp4" in job.locator(".problem").inner_text()
    assert job.get_by_role("button", name="Try again").count() == 1
    with tab.expect_download() as download:
        job.get_by_role("button", name="All as a zip").click()
    assert download.value.suggested_filename == "bad.zip"
    job.locator(".job-name").click()
    tab.wait_for_selector(".problem")
    tab.get_by_role("button", name="Subtitles").click()
    tab.wait_for_selector(".cues >> text=Good morning")


def test_the_demo_says_what_it_is_and_is_tried_with_one_click(
    address: Address, opened: Opens
) -> None:
    tab = opened(address())
    notice = tab.get_by_label("Only the demo model is here")
    assert "little else" in notice.inner_text()
    notice.get_by_role("button", name="Try it on the demo film").click()
    ended(tab)
    tab.click(".job-name")
    tab.wait_for_selector(".cues >> text=Good morning")
