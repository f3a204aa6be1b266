"""`recue settings`."""

from __future__ import annotations

from pathlib import Path

import pytest

from editor_plugin.__main__ import main
from editor_plugin.engine.settings import SETTINGS, UserSettings, read_settings


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECUE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home").mkdir()
    path = tmp_path / "home" / "settings.toml"
    path.write_text('# mine\ndevice = "cpu"\n')
    return path


def test_every_setting_is_shown_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings"]) == 0
    out = capsys.readouterr().out
    assert "device: cpu\n" in out and "precision: auto, the default\n" in out
    assert all(setting.meaning in out for setting in SETTINGS)


def test_settings_are_changed_and_unset(file: Path, tmp_path: Path) -> None:
    model = tmp_path / "own.nemo"
    model.write_bytes(b"a model")
    for change in (["window_seconds", "60"], ["idle_minutes", "1.5"], ["model", "own.nemo"]):
        assert main(["settings", "set", *change]) == 0
    assert main(["settings", "unset", "device"]) == 0
    expected = UserSettings(str(model), window_seconds=60, idle_minutes=1.5)
    assert read_settings(file) == expected
    assert file.read_text().startswith("# mine\n")


@pytest.mark.parametrize(
    "change",
    [
        ["set", "device", "gpu"],
        ["set", "window_seconds", "many"],
        ["set", "window_seconds", "nan"],
        ["set", "modle", "demo"],
        ["unset", "modle"],
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(
    file: Path, capsys: pytest.CaptureFixture[str], change: list[str]
) -> None:
    before = file.read_bytes()
    assert main(["settings", *change]) != 0
    assert change[1] in capsys.readouterr().err
    assert file.read_bytes() == before
