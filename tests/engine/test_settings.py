"""The user's settings file."""

from __future__ import annotations

from pathlib import Path

import pytest

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.engine.settings import UserSettings, override, read_settings


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "settings.toml") == UserSettings()


def test_a_file_changes_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('model = "demo"\nwindow_seconds = 60\nlanguage = "de"\n')
    assert read_settings(path) == UserSettings("demo", language="de", window_seconds=60)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('device = "tpu"', "device"),
        ("precision = 16", "precision"),
        ("window_seconds = 1", "window_seconds"),
        ("window_seconds = 30.5", "window_seconds"),
        ("window_seconds = true", "window_seconds"),
        ('model = ""', "model"),
        ("language = 3", "language"),
        ('modle = "demo"', "modle"),
        ("model = ", "settings.toml"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, named: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(line)
    with pytest.raises(SettingsInvalid, match=named):
        read_settings(path)


def test_the_command_line_overrides() -> None:
    assert override(UserSettings("demo"), {"device": "cpu"}) == UserSettings("demo", "cpu")
