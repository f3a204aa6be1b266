"""Models over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from editor_plugin.engine.models import download
from editor_plugin.engine.service import forms, model_forms
from tests.engine.models.hub import Hub, serve
from tests.engine.service.served import ServedEngine, until
from tests.engine.service.state_stream import Picture, state
from tests.engine.service.test_contract import held

V2 = "parakeet-tdt-0.6b-v2"
CONTENT = bytes(range(256)) * 4096


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setattr(download, "PAUSE_SECONDS", 0.01)
    with serve(Hub(CONTENT)) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


def test_a_model_is_fetched_and_followed_and_removed(still: ServedEngine, hub: Hub) -> None:
    picture = Picture()
    with state(still) as reader:
        picture.take(reader.next() or {})
        answer = still.ask("POST", f"/models/{V2}/fetch")
        assert held(model_forms.ModelWire, answer.body)["doing"] in ("waiting", "fetching")
        while not picture.things["models"][V2]["is_here"]:
            picture.take(reader.next() or {})
    listed = held(model_forms.ModelsWire, still.ask("GET", "/models").body)["models"]
    assert {each["name"]: each for each in listed} == picture.things["models"]
    assert [each["is_here"] for each in listed[:3]] == [True, True, False]
    until(lambda: bool(still.engine.models.idle))
    assert still.ask("POST", f"/models/{V2}/verify").status == 200
    until(lambda: bool(still.engine.models.idle))
    assert still.ask("POST", f"/models/{V2}/pause").body["error"] is None
    assert still.ask("DELETE", f"/models/{V2}").body["is_here"] is False


def test_what_cannot_be_done_is_refused(still: ServedEngine) -> None:
    for method, path in (
        ("POST", "/models/nothing/fetch"),
        ("DELETE", "/models/nothing"),
        ("POST", f"/models/{V2}/eat"),
    ):
        assert still.ask(method, path).status == 404
    refusal = still.ask("DELETE", "/models/demo")
    assert refusal.status == 409
    assert "stays" in held(forms.Refusal, refusal.body)["error"]["message"]
    assert still.ask("POST", "/models/a%2F..%2Fb/fetch").status == 404
    assert still.ask("POST", f"/models/{'x' * 101}/fetch").status == 422
