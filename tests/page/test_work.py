"""What is done with finished work: other formats, a zip, media elsewhere, corrections, a report."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest

from tests.engine.corrections.stored_clip import StoredClip
from tests.engine.jobs.open_engine import asking, open_engine, plain, until
from tests.engine.service.served import ServedEngine
from tests.engine.service.test_correction_calls import body
from tests.engine.workspace import Workspace
from tests.page.conftest import Opens


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("RECUE_HOME", str(tmp_path / "home"))
    return Workspace(tmp_path)


@pytest.fixture
def real(workspace: Workspace) -> Iterator[ServedEngine]:
    """The real engine, with a runner that answers at once."""
    with open_engine(workspace) as engine, ServedEngine(engine) as served:
        yield served


def saved(tab: Any, click: Any) -> tuple[str, Path]:
    """The name and the file that a click lets the browser save."""
    with tab.expect_download() as download:
        click()
    return str(download.value.suggested_filename), Path(download.value.path())


def test_any_format_can_be_downloaded_with_its_own_name(
    real: ServedEngine, opened: Opens, workspace: Workspace
) -> None:
    film = workspace.media("Größe & Maß.wav", 20)
    until(real.engine, real.engine.queue.add(asking(workspace, plain(film))), "done")
    tab = opened(real.page())
    begun = {"WebVTT": b"WEBVTT", "TTML": b"<?xml", "ASS subtitles": b"[Script Info]"}
    for title, first in begun.items():
        tab.locator(".menu summary").click()
        button = tab.locator(".menu-list button", has_text=title).first
        name, file = saved(tab, button.click)
        assert re.fullmatch(r"Größe & Maß\.\w+", name), name
        assert file.read_bytes().lstrip(b"\xef\xbb\xbf").startswith(first), title


def test_a_zip_has_every_input_in_each_format_that_was_chosen(
    real: ServedEngine, opened: Opens, workspace: Workspace
) -> None:
    films = [workspace.media(name, 20) for name in ("a.wav", "b.wav")]
    tab = opened(real.page())
    tab.locator(".chip >> text=WebVTT").click()
    tab.wait_for_timeout(1000)  # what was chosen last is sent a little later
    orders = [plain(film) for film in films]
    until(real.engine, real.engine.queue.add(asking(workspace, *orders)), "done")
    tab.wait_for_selector(".job[data-state=done]")
    name, file = saved(tab, tab.get_by_role("button", name="All as a zip").click)
    assert name == "a.zip"
    with zipfile.ZipFile(file) as packed:
        assert sorted(packed.namelist()) == ["a.srt", "a.vtt", "b.srt", "b.vtt"]
        assert packed.read("b.vtt").startswith(b"WEBVTT")


def test_a_timeline_is_pointed_to_its_media_that_are_elsewhere(
    real: ServedEngine, opened: Opens, workspace: Workspace, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "Platte 2 – “Größe”"
    elsewhere.mkdir()
    workspace.media("film.wav", 20).rename(elsewhere / "film.wav")
    span = otio.opentime.TimeRange(
        otio.opentime.RationalTime(0, 25), otio.opentime.RationalTime(250, 25)
    )
    reference = otio.schema.ExternalReference("file:///nowhere/film.wav", span)
    track = otio.schema.Track("A1", kind="Audio")
    track.append(otio.schema.Clip("film", reference, span))
    timeline = otio.schema.Timeline("cut")
    timeline.tracks.append(track)
    cut = tmp_path / "cuts" / "cut.otio"
    cut.parent.mkdir()
    otio.adapters.write_to_file(timeline, str(cut))
    first = real.engine.queue.add(asking(workspace, plain(cut)))
    until(real.engine, first, "done", "failed")
    tab = opened(real.page())
    tab.click(".job-name")
    tab.get_by_role("button", name="Point to its media…").first.click()
    window = tab.get_by_role("dialog")
    where = window.get_by_label("Folder, as a whole path")
    where.fill(str(elsewhere))
    where.press("Enter")
    window.locator(".entry >> text=film.wav").wait_for()
    assert window.locator(".entry input").count() == 0, "a folder is chosen, and no file"
    where.fill(str(elsewhere / "nowhere"))
    window.get_by_role("button", name="Choose this folder").click()
    window.locator(".problem >> text=nowhere").wait_for()
    where.fill(str(elsewhere))  # typed, and not opened before
    window.get_by_role("button", name="Choose this folder").click()
    tab.wait_for_url(f"**#/jobs/{first + 1}")
    tab.wait_for_selector(".cues tbody tr")
    assert real.engine.queue.request(first + 1).orders[0].options.media_folders == (elsewhere,)
    assert real.engine.queue.status(first + 1).inputs[0].words


def test_corrections_are_exported_taken_back_and_imported(
    still: ServedEngine, opened: Opens, tmp_path: Path
) -> None:
    clip = StoredClip(still.engine.store.database)
    path = still.engine.data / "clip.srt"
    clip.write(path, clip.run())
    assert still.ask("POST", "/corrections", body(clip, {"path": str(path)})).status == 200
    tab = opened(still.page())
    tab.wait_for_selector(".chips input")
    tab.click("nav a[href='#/corrections']")
    tab.wait_for_selector(".batch ins >> text=Zoë")
    name, file = saved(tab, tab.get_by_role("button", name="Export", exact=True).click)
    assert name == "recue-corrections.json"
    assert json.loads(file.read_text()) == still.ask("GET", "/corrections/export").body
    tab.get_by_role("button", name="Take back").click()
    tab.get_by_role("dialog").get_by_role("button", name="Take back").click()
    tab.wait_for_selector("text=There are no corrections yet.")
    choose = tab.locator(".view-corrections input[type=file]")
    wrong = tmp_path / "wrong.json"
    for content in ("no JSON", "[1]", '{"format": "another"}'):
        wrong.write_text(content)
        choose.set_input_files(wrong)
        tab.wait_for_selector(".problem >> text=“wrong.json” is no file of corrections.")
        tab.get_by_role("button", name="Export", exact=True).click()  # which clears what is shown
        tab.wait_for_selector(".problem", state="detached")
    choose.set_input_files(file)
    tab.wait_for_selector(".batch ins >> text=Zoë")
    assert tab.locator(".problem").count() == 0
    assert len(still.ask("GET", "/corrections").body["batches"]) == 1


def test_the_installation_is_checked_and_the_report_copied(
    still: ServedEngine, opened: Opens
) -> None:
    tab = opened(still.page(), permissions=["clipboard-read", "clipboard-write"])
    tab.wait_for_selector(".chips input")
    tab.click("nav a[href='#/settings']")
    tab.get_by_role("button", name="Check now").click()
    tab.wait_for_selector(".checks .is-good >> text=Python")
    bad = tab.locator(".checks .is-bad")
    assert "There is none." in bad.inner_text() and "Install it." in bad.inner_text()
    tab.get_by_role("button", name="Copy the report").click()
    tab.wait_for_selector("text=The report is copied.")
    report = tab.evaluate("navigator.clipboard.readText()")
    assert report == still.ask("POST", "/doctor").body["report"]
    assert "There is none." in report
