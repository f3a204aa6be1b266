"""The settings file, shown and changed: whatever is valid comes back, and nothing else is written;
what a person wrote around it stays."""

from __future__ import annotations

import errno
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editor_plugin.core.errors import DiskFull, OutputUnwritable, SettingsInvalid
from editor_plugin.core.model_catalogue import CATALOGUE
from editor_plugin.core.styles import STYLES
from editor_plugin.engine.settings import (
    LONGEST_IDLE,
    SETTINGS,
    WINDOW_SECONDS,
    UserSettings,
    read_settings,
)
from editor_plugin.engine.settings_file import SettingsFile

VALID: dict[str, st.SearchStrategy[Any]] = {
    "model": st.sampled_from([model.name for model in CATALOGUE]),
    "style": st.sampled_from([style.name for style in STYLES]),
    "language": st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=40),
    "device": st.sampled_from(["auto", "cpu", "cuda", "mps"]),
    "precision": st.sampled_from(["auto", "fp32", "bf16"]),
    "window_seconds": st.integers(*WINDOW_SECONDS),
    "idle_minutes": st.one_of(st.integers(0, LONGEST_IDLE), st.floats(0, LONGEST_IDLE)),
}
INVALID: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(
        ("model", "style"),
        st.one_of(st.just(""), st.booleans(), st.integers(), st.text(max_size=4).map("?".__add__)),
    ),
    "language": st.one_of(st.just(""), st.integers(), st.sampled_from(["a\nb", "\0", "\ud800"])),
    **dict.fromkeys(
        ("device", "precision"), st.one_of(st.booleans(), st.integers(), st.text(max_size=3))
    ),
    "window_seconds": st.one_of(
        st.booleans(),
        st.text(max_size=3),
        st.integers(max_value=WINDOW_SECONDS[0] - 1),
        st.integers(min_value=WINDOW_SECONDS[1] + 1),
        st.floats().filter(lambda number: not number.is_integer()),
    ),
    "idle_minutes": st.one_of(
        st.booleans(),
        st.text(max_size=3),
        st.floats(max_value=-0.001),
        st.floats(min_value=LONGEST_IDLE + 1),
        st.just(float("nan")),
    ),
}
CHANGES = st.fixed_dictionaries({}, optional={k: st.none() | v for k, v in VALID.items()})
TEXTS = (
    "",
    "# Mine.\n\nmodel = 'demo'  # the small one\n# the end",
    '\n\nidle_minutes = 0x10 # hex\r\nlanguage = """de"""\r\n',
    'device = "cpu"\r\n# on Windows\r\nwindow_seconds = 60\r\n',
    '\ufeffmodel = "canary-1b-v2"\nlanguage = "d\\u0065"',
)
in_any_order = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECUE_HOME", str(tmp_path))


def holding(folder: Path, text: str) -> SettingsFile:
    """A settings file of this text; none where that is empty."""
    found = SettingsFile(folder)
    found.path.unlink(missing_ok=True)
    if text:
        found.path.write_bytes(text.encode())
    return found


def comments(text: str) -> list[str]:
    return [line.partition("#")[2].strip() for line in text.splitlines() if line[:1] == "#"]


@in_any_order
@given(st.sampled_from(TEXTS), CHANGES)
def test_any_valid_value_comes_back_and_all_else_stays(
    tmp_path: Path, text: str, changes: dict[str, Any]
) -> None:
    file = holding(tmp_path, text)
    before = file.read()
    file.change(changes)
    after = read_settings(file.path)
    for setting in SETTINGS:
        key = setting.key
        expected = changes.get(key, getattr(before, key))
        if key in changes and expected is None:
            expected = setting.default
        assert getattr(after, key) == expected
    written = file.path.read_bytes().decode()
    assert comments(written) == comments(text)
    assert written.startswith("\ufeff") == text.startswith("\ufeff")
    shown = {each["key"]: each for each in file.shown()["settings"]}
    for key, value in changes.items():
        assert shown[key]["is_set"] is (value is not None)
        assert shown[key]["value"] == getattr(after, key)


@in_any_order
@given(st.data())
def test_any_other_value_is_refused_with_the_name_of_its_key(
    tmp_path: Path, data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from(TEXTS[1:]))
    key = data.draw(st.sampled_from(sorted(INVALID)))
    file = holding(tmp_path, text)
    good = {
        other: data.draw(VALID[other]) for other in ("device", "window_seconds") if other != key
    }
    with pytest.raises(SettingsInvalid) as refused:
        file.change({**good, key: data.draw(INVALID[key])})
    assert refused.value.data["name"] == key
    assert file.path.read_bytes() == text.encode()


def test_order_comments_and_line_ends_stay(tmp_path: Path) -> None:
    text = '# top\r\ndevice = "cpu"  # slow\r\n\r\nmodel = "demo"\r\n'
    file = holding(tmp_path, text)
    file.change({"device": "auto", "window_seconds": 60.0})
    assert file.path.read_bytes().decode() == (
        '# top\r\ndevice = "auto"  # slow\r\n\r\nmodel = "demo"\r\nwindow_seconds = 60\r\n'
    )


def test_every_setting_is_described_in_words_and_bounds(tmp_path: Path) -> None:
    shown = SettingsFile(tmp_path).shown()
    assert shown["error"] is None and shown["path"] == str(tmp_path / "settings.toml")
    assert {each["key"] for each in shown["settings"]} == set(UserSettings.__dataclass_fields__)
    for each in shown["settings"]:
        assert each["meaning"].endswith(".") and each["value"] == each["default"]
        assert (each["kind"] == "number") is (each["least"] is not None is not each["most"])
        assert each["kind"] != "choice" or each["value"] in each["choices"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("model = ", "settings.toml"),
        ("model = 3\ndevice = 'cpu'", "model"),
        ("modle = 'demo'\ndevice = 'cpu'", "a setting"),
        ("[a]\nb = 1", "a setting"),
    ],
)
def test_an_invalid_file_is_reported_and_stays(tmp_path: Path, text: str, named: str) -> None:
    file = holding(tmp_path, text)
    shown = file.shown()
    assert shown["error"]["data"]["name"] == named
    device = next(each for each in shown["settings"] if each["key"] == "device")
    assert device["value"] == ("cpu" if "device" in text else "auto")
    with pytest.raises(SettingsInvalid) as refused:
        file.change({"window_seconds": 60})
    assert refused.value.data["name"] == named
    assert file.path.read_text() == text


def test_a_wrong_line_is_put_right_by_a_right_value_or_by_none(tmp_path: Path) -> None:
    file = holding(tmp_path, "model = 3 # oh\nmodle = 'demo'\n")
    file.change({"model": "demo", "modle": None})
    assert file.path.read_text() == 'model = "demo" # oh\n'
    with pytest.raises(SettingsInvalid, match="modle"):
        file.change({"modle": None})


def test_it_is_for_its_owner_alone_and_a_link_stays_a_link(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text("# mine\n")
    mine.chmod(0o644)
    (tmp_path / "data").mkdir()
    file = SettingsFile(tmp_path / "data")
    file.path.symlink_to(mine)
    file.change({"model": "demo"})
    assert file.path.is_symlink() and mine.read_text() == '# mine\nmodel = "demo"\n'
    assert stat.S_IMODE(mine.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("code", "expected"), [(errno.ENOSPC, DiskFull), (errno.EACCES, OutputUnwritable)]
)
def test_a_disk_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, expected: type[Exception]
) -> None:
    file = holding(tmp_path, "model = 'demo'")

    def fail(_handle: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(expected):
        file.change({"device": "cpu"})
    assert file.path.read_text() == "model = 'demo'"
    assert list(tmp_path.iterdir()) == [file.path]


def test_changes_at_once_are_all_kept(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path)
    changes: list[dict[str, Any]] = [
        {"model": "demo"},
        {"device": "cpu"},
        {"language": "de"},
        {"window_seconds": 60},
    ]
    acts: list[Callable[[], None]] = [lambda c=each: file.change(c) for each in changes]  # type: ignore[misc]
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert file.read() == UserSettings("demo", "cpu", language="de", window_seconds=60)
