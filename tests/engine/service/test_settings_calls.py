"""Settings and the doctor over real HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.jobs.request import request_to_wire
from editor_plugin.engine import doctor
from editor_plugin.engine.service import forms, settings_forms
from tests.engine.jobs.open_engine import asking, open_engine, plain, until
from tests.engine.service.served import ServedEngine
from tests.engine.service.test_contract import held
from tests.engine.workspace import Workspace


def by_key(body: Any) -> dict[str, Any]:
    settings = held(settings_forms.SettingsWire, body)["settings"]
    return {each["key"]: each for each in settings}


def test_settings_are_shown_and_changed(still: ServedEngine) -> None:
    assert by_key(still.ask("GET", "/settings").body)["device"]["value"] == "auto"
    answer = still.ask("PUT", "/settings", {"device": "cpu", "idle_minutes": 1.5, "style": None})
    assert answer.status == 200
    changed = by_key(answer.body)
    assert (changed["device"]["value"], changed["device"]["is_set"]) == ("cpu", True)
    assert by_key(still.ask("GET", "/settings").body) == changed


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        ({"device": "gpu"}, 409, "device"),
        ({"model": "parakeet"}, 409, "model"),
        ({"style": "netflux"}, 409, "style"),
        ({"window_seconds": 4}, 409, "window_seconds"),
        ({"modle": "demo"}, 409, "modle"),
        ({"window_seconds": True}, 422, "window_seconds"),
        ({"model": ["demo"]}, 422, "model"),
        (["demo"], 422, "dictionary"),
        ({"model": "/dev/zero.nemo"}, 403, "/dev/zero.nemo"),
    ],
)
def test_what_a_setting_does_not_take_is_refused_by_its_name(
    still: ServedEngine, body: Any, status: int, named: str
) -> None:
    refusal = still.ask("PUT", "/settings", body)
    assert refusal.status == status
    assert named in str(held(forms.Refusal, refusal.body)["error"])
    assert not still.engine.settings.path.exists()


def test_an_invalid_file_is_reported_and_not_overwritten(still: ServedEngine) -> None:
    still.engine.settings.path.write_text("model = ")
    shown = held(settings_forms.SettingsWire, still.ask("GET", "/settings").body)
    assert shown["error"]["code"] == "settings-invalid"
    assert still.ask("PUT", "/settings", {"device": "cpu"}).status == 409
    assert still.engine.settings.path.read_text() == "model = "


def test_a_change_holds_for_the_next_job(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    film = workspace.media("film.wav", 10)
    with open_engine(workspace) as engine, ServedEngine(engine) as served:
        request = request_to_wire(asking(workspace, plain(film)))
        del request["settings"]["model"]
        answer = served.ask("PUT", "/settings", {"model": str(workspace.model)})
        assert answer.status == 200
        first = served.ask("POST", "/jobs", request).body["job"]
        assert until(engine, first, "done", "failed").state == "done"
        assert served.ask("PUT", "/settings", {"model": "canary-1b-v2"}).status == 200
        second = served.ask("POST", "/jobs", request).body["job"]
        error = until(engine, second, "done", "failed").error
        assert error is not None and error.code == "model-not-fetched"


def test_the_doctor_is_asked_and_its_report_can_be_sent(still: ServedEngine) -> None:
    found = held(settings_forms.DiagnosesWire, still.ask("POST", "/doctor").body)
    assert [each["ok"] for each in found["checks"]] == [True, False]
    assert "BROKEN ffmpeg: There is none. Install it." in found["report"]
    assert found["report"].rstrip().endswith("Broken: ffmpeg.")


def test_the_engines_doctor_makes_the_checks_of_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        doctor, "ask", lambda program: {"version": "1", "ffmpeg": "7", "folders": []}
    )
    monkeypatch.setattr(doctor, "_CHECKS", [c for c in doctor._CHECKS if c[0] not in SLOW])
    with open_engine(Workspace(tmp_path)) as engine:
        seen = engine.diagnose()
    names = [each.name for each in seen]
    assert names == [each.name for each in doctor.findings()]
    missing = next(each for each in seen if each.name.startswith("model parakeet"))
    assert "recue" not in missing.todo and "Fetch it once" in missing.todo


SLOW = ("runner", "torch device")
