"""The page for everybody: names and contrasts by axe-core, keys alone, small windows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.engine.service.served import ServedEngine
from tests.page.conftest import Opens, wait
from tests.page.tools import tool

VIEWS = ("transcribe", "jobs/1", "media", "models", "corrections", "watches", "settings")
SIZES = ((1280, 720), (820, 1180))


def go(tab: Any, view: str) -> None:
    tab.evaluate("(view) => { location.hash = `#/${view}` }", view)
    tab.wait_for_selector(f".view-{view.partition('/')[0]} h1", state="attached")
    tab.wait_for_timeout(400)  # its content comes a little later


@pytest.fixture
def worked(still: ServedEngine) -> ServedEngine:
    """An engine with a job in each state."""
    for state in ("done", "failed", "cancelled", "paused", "queued"):
        number = still.submit()
        if state != "queued":
            still.engine.finish(number, state)
    return still


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_on_any_view(
    worked: ServedEngine, opened: Opens, scheme: str
) -> None:
    axe = tool("axe-core", "axe.min.js").read_text(encoding="utf-8")
    tab = opened(worked.page(), color_scheme=scheme, bypass_csp=True)
    tab.wait_for_selector(".job")
    tab.add_script_tag(content=axe)
    for view in VIEWS:
        go(tab, view)
        assert faults(tab) == [], view
    go(tab, "transcribe")
    for key, name in (("?", "Keys"), ("b", "Choose media or timeline files")):
        tab.keyboard.press(key)
        tab.get_by_role("dialog", name=name).wait_for()
        assert faults(tab) == [], name
        tab.keyboard.press("Escape")


def faults(tab: Any) -> list[str]:
    found = tab.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{each['id']}: {json.dumps([node['html'][:120] for node in each['nodes'][:3]])}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]


def test_axe_would_find_one(still: ServedEngine, opened: Opens) -> None:
    tab = opened(still.page(), bypass_csp=True)
    tab.wait_for_selector(".chips input")
    tab.add_script_tag(content=tool("axe-core", "axe.min.js").read_text(encoding="utf-8"))
    tab.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert any(each.startswith("button-name") for each in faults(tab))


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_window(
    worked: ServedEngine, opened: Opens, size: tuple[int, int]
) -> None:
    tab = opened(worked.page(), viewport={"width": size[0], "height": size[1]})
    tab.wait_for_selector(".job")
    for view in VIEWS:
        go(tab, view)
        for place in ("document.documentElement", "document.querySelector('main')"):
            over = tab.evaluate(f"{place}.scrollWidth - {place}.clientWidth")
            assert over <= 0, (view, place)


def test_a_file_is_transcribed_with_keys_alone(
    still: ServedEngine, opened: Opens, tmp_path: Path
) -> None:
    (tmp_path / "films").mkdir()
    film = tmp_path / "films" / "film.wav"
    film.write_bytes(b"sound")
    tab = opened(still.page())
    tab.wait_for_selector(".chips input")
    press = tab.keyboard.press
    press("b")
    tab.get_by_role("dialog").wait_for()
    focus_on(tab, "Folder, as a whole path")
    press("Control+a")
    tab.keyboard.type(str(film.parent))
    press("Enter")
    tab.wait_for_selector(".entry >> text=film.wav")
    wait(tab, "document.activeElement.type === 'checkbox'")
    press("Space")
    focus_on(tab, "Choose 1 file")
    press("Enter")
    tab.wait_for_selector(".chosen-file >> text=film.wav")
    assert name_of_focus(tab) == "From this computer…" or tab.evaluate(
        "document.activeElement !== null"
    )
    press("Control+Enter")
    tab.wait_for_selector(".job[data-state=queued]")
    press("j")
    assert name_of_focus(tab) == "a"
    press("p")
    tab.wait_for_selector(".job[data-state=paused]")
    press("x")
    tab.wait_for_selector(".job[data-state=cancelled]")
    tab.locator(".job-name").focus()
    press("Enter")
    tab.wait_for_selector(".view-jobs h1:focus")


def test_views_have_keys_and_the_focus_goes_to_their_heading(
    still: ServedEngine, opened: Opens
) -> None:
    tab = opened(still.page())
    tab.wait_for_selector(".chips input")
    for key, view in enumerate(("transcribe", *VIEWS[2:]), 1):
        if view == "transcribe":
            continue
        tab.keyboard.press(str(key))
        tab.wait_for_selector(f".view-{view} h1:focus")
        assert tab.locator(f"nav a[href='#/{view}']").get_attribute("aria-current") == "page"
    tab.keyboard.press("?")
    tab.get_by_label("Keys of one letter").uncheck()
    tab.keyboard.press("Escape")
    tab.keyboard.press("1")
    tab.wait_for_timeout(200)
    assert tab.url.endswith("#/settings"), "they can be switched off"


def focus_on(tab: Any, name: str) -> None:
    """Go with the tabulator to what a screen reader calls by this name."""
    for _ in range(40):
        if name_of_focus(tab) == name:
            return
        tab.keyboard.press("Tab")
    raise AssertionError(f"the tabulator does not lead to “{name}”")


def name_of_focus(tab: Any) -> str:
    return str(
        tab.evaluate(
            "document.activeElement.getAttribute('aria-label')"
            " || document.activeElement.textContent.trim()"
        )
    )


def test_what_is_told_is_told_once(still: ServedEngine, opened: Opens) -> None:
    """A live region that chatters is switched off: progress is not read aloud."""
    number = still.submit()
    tab = opened(still.page())
    tab.wait_for_selector(".job")
    tab.evaluate(
        """() => {
          window.told = [];
          const watch = new MutationObserver(() => {
            for (const each of document.querySelectorAll('[role=status], [role=alert]'))
              if (each.textContent.trim()) window.told.push(each.textContent.trim());
          });
          for (const each of document.querySelectorAll('[role=status], [role=alert]'))
            watch.observe(each, { childList: true, characterData: true, subtree: true });
        }"""
    )
    for at in range(5):
        still.engine.tell(number, "progress", input="a", stage="recognising", done=at, of=9)
    still.engine.finish(number)
    tab.wait_for_selector(".job[data-state=done]")
    wait(tab, "window.told.length > 0")
    assert set(tab.evaluate("window.told")) == {"a is done."}
