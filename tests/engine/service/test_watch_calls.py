"""Watched folders over HTTP, on the real engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.jobs.open_engine import open_engine
from tests.engine.service.served import ServedEngine
from tests.engine.service.state_stream import state
from tests.engine.workspace import Workspace


@pytest.fixture
def real(tmp_path: Path) -> Iterator[ServedEngine]:
    with open_engine(Workspace(tmp_path)) as engine, ServedEngine(engine) as real:
        yield real


def test_a_folder_is_watched_paused_and_removed(real: ServedEngine, tmp_path: Path) -> None:
    films = tmp_path / "films"
    films.mkdir()
    assert real.ask("GET", "/watches").body == {"watches": []}
    body = {"folder": str(films), "formats": ["srt", "vtt", "srt"], "rate": "30000/1001"}
    added = real.ask("POST", "/watches", body)
    assert added.status == 201
    assert added.body == {
        "id": 1, "folder": str(films), "output": None, "formats": ["srt", "vtt"],
        "state": "watching", "done": [],
    }  # fmt: skip
    assert real.ask("POST", "/watches", body).code == "settings-invalid"
    assert real.ask("POST", "/watches/1/pause").body["state"] == "paused"
    assert real.ask("GET", "/watches").body["watches"][0]["state"] == "paused"
    assert real.ask("POST", "/watches/1/resume").body["state"] == "watching"
    assert real.ask("DELETE", "/watches/1").body["id"] == 1
    for method, path in (("DELETE", "1"), ("POST", "1/pause"), ("POST", "7/resume")):
        gone = real.ask(method, f"/watches/{path}")
        assert (gone.status, gone.code) == (404, "watch-unknown")


def test_the_stream_of_the_state_tells_what_a_watch_does(
    real: ServedEngine, tmp_path: Path
) -> None:
    films = tmp_path / "films"
    films.mkdir()
    with state(real) as stream:
        assert stream.until(lambda message: message["event"] == "state")[-1]["watches"] == []
        real.ask("POST", "/watches", {"folder": str(films)})
        (listed,) = stream.until(lambda message: message["event"] == "watches")[-1]["watches"]
        assert (listed["id"], listed["state"]) == (1, "watching")
        for act, shown in (("pause", "paused"), ("resume", "watching")):
            real.ask("POST", f"/watches/1/{act}")
            told = stream.until(lambda message: message["event"] == "watch")[-1]
            assert told["watch"]["state"] == shown
        films.rmdir()
        stream.until(lambda m: m["event"] == "watch" and m["watch"]["state"] == "away")
        real.ask("DELETE", "/watches/1")
        assert stream.until(lambda message: message["event"] == "watches")[-1]["watches"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"folder": "x", "formats": []}, 422),
        ({"folder": "/x", "formats": ["mp3"]}, 422),
        ({"folder": "/x", "rate": "0"}, 422),
        ({"folder": "/x", "media_folders": ["/x"] * 101}, 422),
        ({"folder": "/x", "more": 1}, 422),
        ({"folder": "relative"}, 403),
        ({"folder": "/tmp/../etc"}, 403),
        ({"folder": "/proc/self"}, 403),
        ({"folder": "/tmp", "output": "/sys"}, 403),
        ({"folder": "/no such folder"}, 409),
    ],
)
def test_what_cannot_be_watched_is_refused(
    real: ServedEngine, body: dict[str, Any], status: int
) -> None:
    answer = real.ask("POST", "/watches", body)
    assert answer.status == status and answer.code
    assert real.ask("GET", "/watches").body == {"watches": []}


def test_a_remedy_on_the_page_names_no_option(real: ServedEngine, tmp_path: Path) -> None:
    body = {"folder": str(tmp_path), "output": str(tmp_path / "missing")}
    answer = real.ask("POST", "/watches", body)
    assert answer.code == "settings-invalid" and "--" not in json.dumps(answer.body)
