"""The views beside the queue: settings, glossary, watched folders, models."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.engine.service.served import ServedEngine, settled, until
from tests.page.conftest import Opens


def view(opened: Opens, still: ServedEngine, name: str) -> Any:
    """The tab with a view of the page."""
    tab = opened(still.page())
    tab.wait_for_selector(".chips input")
    tab.click(f"nav a[href='#/{name}']")
    tab.wait_for_selector(f".view-{name} h1")
    return tab


def test_a_setting_is_saved_and_set_back(still: ServedEngine, opened: Opens) -> None:
    file = still.engine.data / "settings.toml"
    file.write_text("# mine\n")
    tab = view(opened, still, "settings")
    tab.get_by_label("idle_minutes", exact=True).fill("5")
    tab.get_by_role("button", name="Save").click()
    tab.wait_for_selector("text=The settings are saved.")
    assert "# mine" in settled(file) and "idle_minutes = 5" in settled(file)
    tab.reload()
    field = tab.get_by_label("idle_minutes", exact=True)
    field.wait_for()
    assert field.input_value() == "5"
    field.fill("-3")
    tab.get_by_role("button", name="Save").click()
    tab.wait_for_selector(".problem >> text=idle_minutes")
    tab.get_by_role("button", name="Back to the default: idle_minutes").click()
    until(lambda: "idle_minutes" not in settled(file))


def test_a_term_is_added_and_removed(still: ServedEngine, opened: Opens) -> None:
    tab = view(opened, still, "corrections")
    tab.get_by_label("Heard as").fill("rec you")
    tab.get_by_label("Written as").fill("<b>Recue</b>")
    tab.get_by_role("button", name="Add").click()
    tab.wait_for_selector(".terms td >> text=<b>Recue</b>")
    assert still.ask("GET", "/glossary").body["terms"][0]["wrong"] == "rec you"
    tab.get_by_role("button", name="Remove rec you").click()
    tab.wait_for_selector("text=There are no terms yet.")
    assert still.ask("GET", "/glossary").body["terms"] == []


def test_a_folder_is_watched_paused_and_no_longer_watched(
    still: ServedEngine, opened: Opens, tmp_path: Path
) -> None:
    folder = tmp_path / "Aufnahmen für “Recue”"
    folder.mkdir()
    tab = view(opened, still, "watches")
    tab.get_by_label("Folder to watch").fill(str(tmp_path / "nowhere"))
    tab.get_by_role("button", name="Watch this folder").click()
    tab.wait_for_selector(".problem >> text=nowhere")
    tab.get_by_label("Folder to watch").fill(str(folder))
    tab.get_by_role("button", name="Watch this folder").click()
    card = tab.locator(".card")
    card.get_by_role("button", name=re.compile("^Pause")).click()
    tab.wait_for_selector(".card .badge >> text=Paused")
    card.get_by_role("button", name=re.compile("^Resume")).click()
    tab.wait_for_selector(".card .badge >> text=Watching")
    card.get_by_role("button", name=re.compile("^No longer watch")).click()
    tab.get_by_role("dialog").get_by_role("button", name="No longer watch").click()
    tab.wait_for_selector("text=No folder is watched.")
    assert still.ask("GET", "/watches").body["watches"] == []


def test_a_model_that_cannot_be_fetched_says_why(
    still: ServedEngine, opened: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nobody listens there
    tab = view(opened, still, "models")
    card = tab.locator("[data-model='parakeet-tdt-0.6b-v3']")
    assert "25 languages" in card.inner_text() and "CC-BY-4.0" in card.inner_text()
    card.get_by_role("button", name="Fetch").click()
    card.locator(".problem").wait_for()
    assert "could not be fetched" in card.inner_text()
