"""Corrections from edited subtitles, as a request to the service has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from editor_plugin.core.errors import (
    BatchUnknown,
    CorrectionUnknown,
    JobUnknown,
    RequestRefused,
)
from editor_plugin.engine.corrections import (
    export_corrections,
    import_corrections,
    made_of,
    undo,
    wire,
)
from editor_plugin.engine.service import forms
from editor_plugin.engine.service.correction_calls import MadeOfJob, keep_edits
from editor_plugin.engine.store import Database
from tests.engine.corrections.stored_clip import StoredClip
from tests.engine.service.served import ServedEngine


@pytest.fixture
def stored_clip(tmp_path: Path) -> Iterator[StoredClip]:
    with closing(Database(tmp_path / "store.sqlite")) as database:
        yield StoredClip(database)


def post(stored_clip: StoredClip, body: Any, made_of_job: MadeOfJob) -> dict[str, Any]:
    """What the service does with the body of a request."""
    asked = forms.CorrectionsAsked.model_validate(body)
    return wire.report_to_wire(keep_edits(stored_clip.database, asked, made_of_job))


def never(_job: int, _input: int) -> bytes | None:
    return None


def body(stored_clip: StoredClip, of: Any, before: str = "Zoey", after: str = "<i>Zoë</i>") -> Any:
    cues = [
        {"start": str(c.start), "end": float(c.end), "text": c.text.replace(before, after)}
        for c in stored_clip.run().cues
    ]
    return {"cues": cues, "of": of}


def test_an_editor_sends_edited_cues_of_a_file_or_of_a_job(
    stored_clip: StoredClip, tmp_path: Path
) -> None:
    path = tmp_path / "clip.srt"
    stored_clip.write(path, stored_clip.run())
    made = made_of(stored_clip.run(), stored_clip.ids)
    dry = {**body(stored_clip, {"path": str(path)}), "dry_run": True}
    assert post(stored_clip, dry, never)["batch"] is None
    answer = post(stored_clip, body(stored_clip, {"path": str(path)}), never)
    assert json.loads(json.dumps(answer)) == {
        "batch": 1,
        "changes": [{"time": "0", "before": "Zoey", "after": "Zoë"}],
        "sentences": ["Formatting such as italics is not kept; the style decides how subtitles "
                      "look."],
    }  # fmt: skip
    of_job = body(stored_clip, {"job": 17, "input": 0}, "old", "new")
    assert post(stored_clip, of_job, lambda *_: made)["batch"] == 2
    batches = wire.get_corrections(stored_clip.database)["batches"]
    assert [each["origin"] for each in batches] == [str(path), "job 17, input 0"]
    assert batches[0]["corrections"][0] == {
        "media": "clip.mov", "start": "0", "end": "3/8", "before": ["Zoey"], "after": "Zoë",
    }  # fmt: skip
    exported = export_corrections(stored_clip.database)
    assert undo(stored_clip.database).number == 2
    assert import_corrections(stored_clip.database, exported) == 1
    assert undo(stored_clip.database).number == 3
    with pytest.raises(BatchUnknown):
        undo(stored_clip.database, 2)


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
        {"cues": [{"start": "1e9999999", "end": 1, "text": "x"}], "of": {"path": "/x"}},
        {"cues": [{"start": True, "end": 1, "text": "x"}], "of": {"path": "/x"}},
        {"cues": [{"start": 0, "end": 1e400, "text": "x"}], "of": {"path": "/x"}},
        {"cues": [{"start": 0, "end": 1, "text": 7}], "of": {"path": "/x"}},
        {"cues": [], "of": {"path": 7}},
        {"cues": [], "of": {"job": "1", "input": 0}},
        {"cues": [], "of": {"job": 1}},
        {"cues": [], "of": None},
    ],
)
def test_a_request_that_is_none_is_refused(stored_clip: StoredClip, request_body: Any) -> None:
    with pytest.raises((ValidationError, RequestRefused)):
        post(stored_clip, request_body, never)


def test_what_is_not_known_is_said(stored_clip: StoredClip) -> None:
    with pytest.raises(CorrectionUnknown):
        post(stored_clip, body(stored_clip, {"path": "/no/such.srt"}), never)
    with pytest.raises(JobUnknown):
        post(stored_clip, body(stored_clip, {"job": 1, "input": 0}), never)


def test_the_glossary(still: ServedEngine) -> None:
    term = {"project": "film", "wrong": "zoey", "right": "Zoë"}
    assert still.ask("POST", "/glossary", term).body == {"terms": [term]}
    assert still.ask("GET", "/glossary?project=").body == {"terms": []}
    assert still.ask("GET", "/glossary").body == {"terms": [term]}
    named = {"project": "film", "wrong": "zoey"}
    assert still.ask("DELETE", "/glossary", named).body == {"terms": []}
    assert still.ask("DELETE", "/glossary", named).code == "settings-invalid"
    for wrong in (None, {}, {"wrong": 1, "right": ""}, {"project": None, "wrong": "a"}):
        assert still.ask("POST", "/glossary", wrong).status == 422


def test_corrections_are_listed_exported_imported_and_undone(still: ServedEngine) -> None:
    stored_clip = StoredClip(still.engine.store.database)
    path = still.engine.data / "clip.srt"
    stored_clip.write(path, stored_clip.run())
    body_ = body(stored_clip, {"path": str(path)})
    assert still.ask("POST", "/corrections", body_).body["batch"] == 1
    exported = still.ask("GET", "/corrections/export").body
    assert still.ask("DELETE", "/corrections/1").body["batch"] == 1
    assert still.ask("POST", "/corrections/import", exported).body == {"added": 1}
    assert len(still.ask("GET", "/corrections").body["batches"]) == 1
    assert still.ask("DELETE", "/corrections/last").body["corrections"][0]["after"] == "Zoë"
    assert still.ask("DELETE", "/corrections/last").code == "batch-unknown"
