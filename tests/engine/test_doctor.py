from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.errors import EnvironmentBroken
from editor_plugin.core.model_catalogue import DEFAULT
from editor_plugin.engine import doctor, paths
from editor_plugin.engine.doctor import Diagnosis
from editor_plugin.engine.models import local

TORCH = {"version": "2.13.0", "device": "CPU", "accelerated": False, "built_for": None}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A healthy machine: the answers of slow or missing parts are made up."""
    monkeypatch.setenv("RECUE_HOME", str(tmp_path / "récue"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    demo = tmp_path / "demo" / "model" / "recue-demo.nemo"
    demo.parent.mkdir(parents=True)
    demo.write_bytes(b"demo")
    monkeypatch.setattr(paths, "demo_folder", lambda: tmp_path / "demo")
    model = local.file_of(local.known(DEFAULT))
    model.write_bytes(b"model")
    local.write_record(model, local.VerifiedModel(local.checksum(model), 5, "nvidia/x"))
    answer(monkeypatch, _TORCH=TORCH, _NEMO={"version": "3.0.0"})
    return tmp_path


def answer(monkeypatch: pytest.MonkeyPatch, **programs: Any) -> None:
    """What the probes of PyTorch and NeMo tell; an exception is raised."""
    real = doctor.ask
    made_up = {getattr(doctor, name): told for name, told in programs.items()}

    def ask(program: str) -> dict[str, Any]:
        told = made_up.get(program)
        if isinstance(told, Exception):
            raise told
        return real(program) if told is None else told

    monkeypatch.setattr(doctor, "ask", ask)


def find(name: str) -> Diagnosis:
    (found,) = [finding for finding in tuple(doctor.findings()) if finding.name.startswith(name)]
    return found


def test_a_healthy_machine(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    names = [line[7:].partition(":")[0] for line in lines[:-1]]
    assert names == [
        "Python",
        "environment",
        "ffmpeg",
        "PyAV",
        "torch device",
        "NeMo",
        f"model {DEFAULT}",
        "model demo",
        "runner",
        "data folder",
        "work folder",
        "log folder",
        "editors",
    ]
    assert all(line.startswith("ok ") for line in lines[:-1])
    assert lines[-1] == "All is well."


def test_the_report_as_json(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    local.file_of(local.known(DEFAULT)).unlink()
    assert doctor.main(["--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert {"name", "ok", "detail", "todo"} == set(report[0])
    (model,) = [each for each in report if each["name"] == f"model {DEFAULT}"]
    assert not model["ok"] and f"recue models fetch {DEFAULT}" in model["todo"]


def test_an_editor_reads_of_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    local.file_of(local.known(DEFAULT)).unlink()
    assert doctor.main(["--editor"]) == 1
    (broken,) = [line for line in capsys.readouterr().out.splitlines() if "BROKEN" in line]
    assert DEFAULT in broken and "README" in broken and "recue models" not in broken


def test_a_broken_link_is_named_in_the_last_line(capsys: pytest.CaptureFixture[str]) -> None:
    local.file_of(local.known(DEFAULT)).write_bytes(b"edom!")
    assert doctor.main([]) == 1
    lines = capsys.readouterr().out.splitlines()
    (broken,) = [line for line in lines if line.startswith("BROKEN")]
    assert "checksum" in broken and broken.endswith("Delete it and fetch it again.")
    assert lines[-1] == f"Broken: model {DEFAULT}."


def test_every_broken_link_says_what_to_do(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Everything is broken at once, and everything is told."""
    no_import = EnvironmentBroken("It cannot be used: ImportError: no such thing.", "Run it again.")
    answer(monkeypatch, _TORCH=no_import, _NEMO=no_import)
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (9, 9))
    monkeypatch.setattr(sys, "prefix", str(home / "env"))
    (home / "env").mkdir()
    (home / "env" / "recue-env.json").write_text('{"done": []}')
    monkeypatch.setenv("RECUE_FFMPEG", str(home / "no-ffmpeg"))
    local.file_of(local.known(DEFAULT)).unlink()
    (home / "demo" / "model" / "recue-demo.nemo").unlink()
    monkeypatch.setattr(doctor, "runner_command", lambda workplace: ("/no/such/runner",))
    monkeypatch.setattr(doctor, "LEAST_FREE_MB", 10**12)
    obs = home / ".config" / "obs-studio"
    obs.parent.mkdir()
    obs.mkdir()
    (obs / "scripts").write_text("a file where a folder should be")
    (obs / "scripts").chmod(0o400)
    findings = tuple(doctor.findings())
    broken = {finding.name for finding in findings if not finding.ok}
    expected = {"Python", "environment", "ffmpeg", "torch device", "NeMo", "model demo", "runner"}
    assert broken >= {*expected, f"model {DEFAULT}", "data folder", "work folder", "log folder"}
    for finding in findings:
        assert finding.ok or finding.todo.endswith("."), finding


def test_a_card_that_is_not_used_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/nvidia-smi")
    assert find("torch").todo == doctor.INSTALL_AGAIN
    answer(monkeypatch, _TORCH={**TORCH, "built_for": "13.0"})
    assert "Update the NVIDIA driver" in find("torch").todo


def test_a_card_that_is_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    card = {"device": "NVIDIA H100", "accelerated": True, "built_for": "13.0"}
    answer(monkeypatch, _TORCH={**TORCH, **card})
    assert find("torch") == Diagnosis(
        "torch device", True, "PyTorch 2.13.0 computes on the NVIDIA H100."
    )


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, 5_000_000))
    assert "5 MB free" in find("data folder").detail
    assert "Free some space" in find("data folder").todo


def test_a_disk_that_cannot_keep_others_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Other users" not in find("data folder").detail
    monkeypatch.setattr(Path, "chmod", lambda *_: None)  # as on exFAT, mounted open to all
    paths.data_folder().parent.mkdir(exist_ok=True)
    os.chmod(paths.data_folder(), 0o755)
    assert "Other users of this computer can read it." in find("data folder").detail


def test_a_folder_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    assert "Permission denied" in find("data folder").detail


def test_settings_that_cannot_be_read_are_told() -> None:
    (paths.data_folder() / "settings.toml").write_text("model = [")
    assert not find("model").ok


def test_a_check_that_fails_itself_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def fall_ill() -> Any:
        raise ZeroDivisionError("unthought")

    monkeypatch.setattr(doctor, "_CHECKS", (("Python", fall_ill),))
    (finding,) = tuple(doctor.findings())
    assert not finding.ok and "unthought" in finding.detail and finding.todo


def test_an_editor_with_its_scripts(home: Path) -> None:
    scripts = home / ".config" / "obs-studio" / "scripts"
    scripts.mkdir(parents=True)
    assert "no Recue script in it" in find("OBS Studio").detail
    (scripts / "a.py").touch()
    listed = {"files": {str(scripts / "a.py"): "0"}, "folders": []}
    (paths.data_folder() / "installed.json").write_text(json.dumps(listed))
    assert find("OBS Studio").detail == f"{scripts}: a.py."


def test_a_probe_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PROBE_SECONDS", 0.2)
    with pytest.raises(EnvironmentBroken, match="No answer"):
        doctor.ask("import time; time.sleep(60)")


@pytest.mark.parametrize("program", ["import no_such_module", "import os; os.abort()"])
def test_a_probe_that_dies_tells_why(program: str) -> None:
    with pytest.raises(EnvironmentBroken, match=r"no_such_module|exit status|Abort"):
        doctor.ask(program)


@pytest.mark.nemo
def test_the_real_probes_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("RECUE_HOME", str(tmp_path))
    assert set(TORCH) <= set(doctor.ask(doctor._TORCH))
    assert doctor.ask(doctor._NEMO)["version"].startswith("3.")
