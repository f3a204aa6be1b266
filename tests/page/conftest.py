"""A real browser, of the system, with a context of its own for each test."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from editor_plugin import client
from tests.engine.service.served import ServedEngine
from tests.programs import need
from tests.small_engine import SmallEngine

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
PATIENCE = 60_000
"""Milliseconds; the most that anything is waited for."""
Opens = Callable[..., Any]
Address = Callable[[], str]
PROJECT = Path(__file__).parents[2]


def wait(tab: Any, expression: str) -> None:
    """Wait until an expression is true. Playwright's own way needs what the policy forbids."""
    until = time.monotonic() + PATIENCE / 1000
    while not tab.evaluate(expression):
        assert time.monotonic() < until, expression
        tab.wait_for_timeout(50)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium. It ends with the module: its loop must not run while other rooms are tested."""
    reason = "needs the package playwright"
    playwright = pytest.importorskip("playwright.sync_api", reason=reason)
    chromium = need("chromium")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=chromium, args=OPTIONS)
        yield started
        started.close()


def complaints(told: Any) -> list[str]:
    """What a console says of errors; that a call was refused, the page itself says."""
    is_refusal = "Failed to load resource" in told.text
    return [told.text] if told.type == "error" and not is_refusal else []


@pytest.fixture
def opened(browser: Any) -> Iterator[Opens]:
    """Open an address in a tab of a fresh context. What goes wrong in a script, and what the
    content security policy forbids, fails the test unless it is `allowed`."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def open_tab(address: str, context: Any = None, allowed: bool = False, **options: Any) -> Any:
        if context is None:
            context = browser.new_context(**{"reduced_motion": "reduce", **options})
            context.set_default_timeout(PATIENCE)
            contexts.append(context)
        tab = context.new_page()
        if not allowed:
            tab.on("pageerror", lambda error: wrong.append(str(error)))
            tab.on("console", lambda told: wrong.extend(complaints(told)))
        tab.goto(address)
        return tab

    yield open_tab
    for each in contexts:
        each.close()
    assert wrong == []


@pytest.fixture
def still(tmp_path: Path) -> Iterator[ServedEngine]:
    """An engine whose jobs do nothing by themselves."""
    with ServedEngine(SmallEngine(tmp_path, work=False)) as served:
        yield served


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Address]:
    """The page of a new installation with the demo model alone; each call gives a new ticket."""
    home = tmp_path / "recue"
    home.mkdir()
    (home / "settings.toml").write_text('model = "demo"\n')
    monkeypatch.setenv("RECUE_HOME", str(home))
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    client.connect(60, sys.executable)
    yield lambda: client.page_address(python=sys.executable)
    engine = client.try_connect()  # a test may have killed the first one
    if engine is not None:
        engine.stop()
