"""OBS's button “Open the page”: what address the browser is started with."""

from __future__ import annotations

from pathlib import Path

import pytest

from editor_plugin.core.handshake import ENGINE_FILE, from_text
from editor_plugin.engine.service.server import Service
from editor_plugin.hosts.obs.jobs import RecordingJobs
from tests.hosts.obs.test_jobs import Engines, go_on
from tests.small_engine import SmallEngine


def test_the_page_is_opened_with_a_ticket_and_not_with_the_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECUE_HOME", str(tmp_path))
    service = Service(SmallEngine(tmp_path, work=False))
    service.start()
    announced = from_text((tmp_path / ENGINE_FILE).read_text(encoding="utf-8"))
    addresses: list[str] = []
    jobs = RecordingJobs(Engines())
    for _ in range(2):
        jobs.open_page(addresses.append)
        go_on(jobs, lambda: not jobs.is_page_wanted)
    service.stop()
    assert announced is not None
    bare, _, ticket = addresses[0].partition("#ticket=")
    assert bare == f"http://127.0.0.1:{announced.port}/page" and len(ticket) == 43
    assert announced.token not in addresses[0] and addresses[0] != addresses[1]
