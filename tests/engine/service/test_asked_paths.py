"""Which paths of a request are not touched."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import RecueError, RequestRefused
from editor_plugin.core.jobs.request import request_from_wire
from editor_plugin.engine.export import WRITERS
from editor_plugin.engine.service.asked_paths import refuse_name, refuse_paths
from tests.engine.service.test_calls import timeline

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")


DEFAULT = {"input": __file__}
"""A file that is there."""


def code(windows: bool = False, **order: Any) -> str:
    """What a request with one order is refused with; empty where it is not."""
    try:
        refuse_paths(request_from_wire({"orders": [{**DEFAULT, **order}]}), windows)
    except RecueError as error:
        return error.code
    return ""


@pytest.fixture
def media(tmp_path: Path) -> str:
    path = tmp_path / "a.wav"
    path.write_bytes(b"sound")
    return str(path)


def test_a_file_that_is_there_is_taken(media: str) -> None:
    assert code(input=media) == ""


def test_a_link_to_a_file_is_taken(media: str, tmp_path: Path) -> None:
    link = tmp_path / "link.wav"
    link.symlink_to(media)
    assert code(input=str(link)) == ""


@pytest.mark.parametrize("path", ["a.wav", "./a.wav", "../a.wav", "~/a.wav", ""])
def test_a_path_that_depends_on_a_folder_is_refused(path: str) -> None:
    assert code(input=path) == "request-refused"
    assert code(outputs=[{"format": "srt", "path": path + ".srt"}]) == "request-refused"
    assert code(media_folders=[path]) == "request-refused"


def test_a_zero_character_is_refused(media: str) -> None:
    assert code(input=media + "\0") == "request-refused"


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    assert code(input=str(tmp_path / "gone.wav")) == "media-missing"
    assert code(input="/" + "x" * 5000) == "media-missing"


def test_a_folder_is_no_media_but_may_be_a_timeline(tmp_path: Path) -> None:
    (tmp_path / "cut.otiod").mkdir()
    assert code(input=str(tmp_path)) == "media-unreadable"
    assert code(input=str(tmp_path / "cut.otiod")) == ""


@posix
def test_what_would_never_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe, link = tmp_path / "pipe.wav", tmp_path / "zero.wav"
    os.mkfifo(pipe)
    link.symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listening:
        monkeypatch.chdir(tmp_path)  # a socket's whole path may be too long
        listening.bind("s.wav")
        for path in (pipe, link, tmp_path / "s.wav", "/dev/zero", "/proc/self/mem", "/proc/kmsg"):
            assert code(input=str(path)) == "request-refused", path
            assert code(timeline=timeline(str(path))) == "request-refused", path


@posix
def test_the_systems_own_folders_take_no_output(tmp_path: Path) -> None:
    (tmp_path / "there").symlink_to("/dev")
    for folder in ("/dev", "/proc/self", "/sys", str(tmp_path / "there"), "/dev/../dev"):
        output = {"format": "srt", "path": f"{folder}/a.srt", "named": True}
        assert code(outputs=[output]) == "request-refused", folder


@posix
def test_shared_memory_is_a_disk_like_others() -> None:
    assert code(outputs=[{"format": "srt", "path": "/dev/shm/a.srt"}]) == ""


def test_media_of_a_snapshot_may_be_missing_or_of_another_system() -> None:
    for path in ("/gone/a.wav", "C:\\gone\\a.wav", "a.wav", "", "x" * 5000):
        assert code(timeline=timeline(path)) == ""


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_an_output_has_the_suffix_of_its_format(tmp_path: Path, name: str) -> None:
    suffix = WRITERS[name].suffix
    for written in (suffix, suffix.upper()):
        assert code(outputs=[{"format": name, "path": str(tmp_path / f"a{written}")}]) == ""
    profile = str(tmp_path / ".profile")
    assert code(outputs=[{"format": name, "path": profile}]) == "settings-invalid"
    assert code(outputs=[{"format": name, "path": profile, "named": True}]) == ""


def test_an_output_goes_into_a_folder_that_is_there(tmp_path: Path, media: str) -> None:
    for folder in (tmp_path / "gone", media):
        output = {"format": "srt", "path": f"{folder}/a.srt"}
        assert code(outputs=[output]) == "output-unwritable"


def test_an_output_does_not_take_a_folders_place(tmp_path: Path) -> None:
    (tmp_path / "a.srt").mkdir()
    output = {"format": "srt", "path": str(tmp_path / "a.srt")}
    assert code(outputs=[output]) == "output-unwritable"


@pytest.mark.parametrize(
    "path",
    [
        "//./pipe/x",
        "\\\\.\\COM1",
        "//?/C:/a.wav",
        "/a/NUL",
        "/a/nul.wav",
        "/con /a.wav",
        "/LPT1.srt",
    ],
)
def test_a_device_of_windows_is_refused_there(path: str) -> None:
    with pytest.raises(RequestRefused):
        refuse_name(path.replace("\\", "/"), windows=True)


@given(st.dictionaries(st.sampled_from(["input"]), st.text(max_size=40), min_size=1))
def test_any_text_is_refused_or_missing_and_nothing_else(order: dict[str, str]) -> None:
    assert code(input=order["input"]) in (
        "request-refused",
        "media-missing",
        "media-unreadable",
        "",
    )


@posix
@pytest.mark.parametrize("name", ["style", "model"])
def test_a_style_or_model_that_belongs_to_the_system_is_refused(name: str, tmp_path: Path) -> None:
    link = tmp_path / "house.toml"
    link.symlink_to("/dev/zero")
    for path in ("/proc/none/house.toml", str(link)):
        request = request_from_wire({"orders": [DEFAULT], "settings": {name: path}})
        with pytest.raises(RequestRefused):
            refuse_paths(request)
    refuse_paths(request_from_wire({"orders": [DEFAULT], "settings": {name: "netflix-en"}}))


def test_a_folder_of_media_that_is_a_file_is_refused_and_one_that_is_away_is_not(
    media: str, tmp_path: Path
) -> None:
    assert code(media_folders=[media]) == "settings-invalid"
    assert code(media_folders=[str(tmp_path / "drive that is away")]) == ""
