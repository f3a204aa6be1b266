"""Corrections and glossary in the shapes of the service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.errors import (
    BatchUnknown,
    CorrectionUnknown,
    JobUnknown,
    RequestRefused,
    SettingsInvalid,
)
from editor_plugin.engine.corrections import export_corrections, made_of, wire
from tests.engine.corrections.desk import Desk


def never(_job: int, _input: int) -> bytes | None:
    return None


def body(desk: Desk, of: Any, before: str = "Zoey", after: str = "<i>Zoë</i>") -> Any:
    cues = [
        {"start": str(c.start), "end": float(c.end), "text": c.text.replace(before, after)}
        for c in desk.run().cues
    ]
    return {"cues": cues, "of": of}


def test_an_editor_sends_edited_cues_of_a_file_or_of_a_job(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "clip.srt"
    desk.write(path, desk.run())
    made = made_of(desk.run(), desk.ids)
    dry = {**body(desk, {"path": str(path)}), "dry_run": True}
    assert wire.post_corrections(desk.database, dry, never)["batch"] is None
    answer = wire.post_corrections(desk.database, body(desk, {"path": str(path)}), never)
    assert json.loads(json.dumps(answer)) == {
        "batch": 1,
        "changes": [{"time": "0", "before": "Zoey", "after": "Zoë"}],
        "sentences": ["Formatting such as italics is not kept; the style decides how subtitles "
                      "look."],
    }  # fmt: skip
    of_job = body(desk, {"job": 17, "input": 0}, "old", "new")
    assert wire.post_corrections(desk.database, of_job, lambda *_: made)["batch"] == 2
    batches = wire.get_corrections(desk.database)["batches"]
    assert [each["origin"] for each in batches] == [str(path), "job 17, input 0"]
    assert batches[0]["corrections"][0] == {
        "media": "clip.mov", "start": "0", "end": "3/8", "before": ["Zoey"], "after": "Zoë",
    }  # fmt: skip
    exported = export_corrections(desk.database)
    assert wire.delete_corrections(desk.database, None)["batch"] == 2
    assert wire.post_import(desk.database, exported) == {"added": 1}
    assert wire.delete_corrections(desk.database, None)["batch"] == 3
    with pytest.raises(BatchUnknown):
        wire.delete_corrections(desk.database, 2)


@pytest.mark.parametrize(
    "request_body",
    [
        None,
        [],
        {},
        {"cues": 1, "of": {}},
        {"cues": [{"start": "nan", "end": "1", "text": "x"}], "of": {"path": "/x"}},
        {"cues": [{"start": -1, "end": 1, "text": "x"}], "of": {"path": "/x"}},
        {"cues": [{"start": "1/0", "end": 1, "text": "x"}], "of": {"path": "/x"}},
        {"cues": [{"start": True, "end": 1, "text": "x"}], "of": {"path": "/x"}},
        {"cues": [{"start": 0, "end": 1e400, "text": "x"}], "of": {"path": "/x"}},
        {"cues": [{"start": 0, "end": 1, "text": 7}], "of": {"path": "/x"}},
        {"cues": [], "of": {"path": 7}},
        {"cues": [], "of": {"job": "1", "input": 0}},
        {"cues": [], "of": {"job": 1}},
        {"cues": [], "of": None},
    ],
)
def test_a_request_that_is_none_is_refused(desk: Desk, request_body: Any) -> None:
    with pytest.raises(RequestRefused):
        wire.post_corrections(desk.database, request_body, never)


def test_what_is_not_known_is_said(desk: Desk) -> None:
    with pytest.raises(CorrectionUnknown):
        wire.post_corrections(desk.database, body(desk, {"path": "/no/such.srt"}), never)
    with pytest.raises(JobUnknown):
        wire.post_corrections(desk.database, body(desk, {"job": 1, "input": 0}), never)


def test_the_glossary(desk: Desk) -> None:
    term = {"project": "film", "wrong": "zoey", "right": "Zoë"}
    assert wire.post_glossary(desk.database, term) == {"terms": [term]}
    assert wire.get_glossary(desk.database, "") == {"terms": []}
    assert wire.get_glossary(desk.database, None) == {"terms": [term]}
    assert wire.delete_glossary(desk.database, term) == {"terms": []}
    with pytest.raises(SettingsInvalid):
        wire.delete_glossary(desk.database, term)
    for wrong in (None, {}, {"wrong": 1, "right": ""}, {"project": None, "wrong": "a"}):
        with pytest.raises(RequestRefused):
            wire.post_glossary(desk.database, wrong)
