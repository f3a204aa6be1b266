"""A model is fetched through the page, from a hub on loopback, and then used."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from editor_plugin.engine.models import download
from tests.engine.jobs.open_engine import open_engine
from tests.engine.models.hub import Hub, serve
from tests.engine.service.served import ServedEngine
from tests.engine.workspace import Workspace
from tests.page.conftest import Opens

V2 = "parakeet-tdt-0.6b-v2"
CARD = f"[data-model='{V2}']"
CONTENT = bytes(range(256)) * 40_000
QUARTER = len(CONTENT) // 4


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setenv("RECUE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr(download, "PAUSE_SECONDS", 0.01)
    with serve(Hub(CONTENT)) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def real(workspace: Workspace, hub: Hub) -> Iterator[ServedEngine]:
    """The real engine, with a runner that answers at once."""
    with open_engine(workspace) as engine, ServedEngine(engine) as served:
        yield served


def test_a_model_is_fetched_over_a_breaking_connection_paused_and_used(
    real: ServedEngine, hub: Hub, opened: Opens, workspace: Workspace
) -> None:
    film = workspace.media("film.wav", 20)
    hub.cut_after, hub.stall = [QUARTER, QUARTER], threading.Event()
    tab = opened(real.page())
    tab.wait_for_selector(".chips input")
    tab.click("nav a[href='#/models']")
    card = tab.locator(CARD)
    card.get_by_role("button", name="Fetch").click()
    card.locator("text=2.6 MB of 10 MB").wait_for()
    card.get_by_role("button", name="Pause").click()
    card.get_by_role("button", name="Go on fetching").wait_for()
    hub.stall.set()
    tab.reload()
    bar = card.get_by_role("progressbar")
    bar.wait_for()
    assert 20 < float(bar.evaluate("(bar) => bar.value")) < 30, "what is here is kept and shown"
    card.get_by_role("button", name="Go on fetching").click()
    card.locator(".badge >> text=/^Here$/").wait_for()
    assert hub.ranges() == [None, f"bytes={QUARTER}-", f"bytes={2 * QUARTER}-"]
    assert card.locator(".problem").count() == 0
    card.get_by_role("button", name="Verify").click()
    card.get_by_role("button", name="Remove").wait_for()
    tab.click("nav a[href='#/transcribe']")
    tab.get_by_label("Model", exact=True).select_option(V2)
    tab.set_input_files("#file", film)
    tab.wait_for_selector(".chosen-file >> text=/copied$/")
    tab.get_by_role("button", name="Transcribe").click()
    tab.wait_for_selector(".job[data-state=done]")
    assert real.engine.queue.request(1).options.model == V2


def test_a_hub_that_always_breaks_off_is_told_and_the_same_button_goes_on(
    real: ServedEngine, hub: Hub, opened: Opens
) -> None:
    hub.cut_after = [QUARTER] + [0] * 99
    tab = opened(real.page())
    tab.wait_for_selector(".chips input")
    tab.click("nav a[href='#/models']")
    card = tab.locator(CARD)
    card.get_by_role("button", name="Fetch").click()
    card.locator(".problem >> text=could not be fetched").wait_for()
    hub.cut_after = []
    card.get_by_role("button", name="Go on fetching").click()
    card.locator(".badge >> text=/^Here$/").wait_for()
    assert card.locator(".problem:visible").count() == 0
