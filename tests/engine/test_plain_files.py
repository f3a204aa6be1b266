"""Files that are read whole: plain ones of a bounded size; nothing else is waited for."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from editor_plugin.engine.plain_files import NotPlain, read_plain, refuse_special

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")


def test_a_file_and_a_link_to_it_are_read(tmp_path: Path) -> None:
    path, link = tmp_path / "a", tmp_path / "link"
    path.write_bytes(b"content")
    link.symlink_to(path)
    for each in (path, link):
        refuse_special(each)
        assert read_plain(each, 7) == b"content"


def test_one_that_is_too_large_says_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(NotPlain) as caught:
        read_plain(path, 3 << 20)
    assert caught.value.strerror == "it is larger than 3 MB"


def test_anything_else_is_named(tmp_path: Path) -> None:
    pipe, place = tmp_path / "pipe", tmp_path / "socket"
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(place))
        for path, kind in (
            (tmp_path, "a folder"),
            (Path("."), "a folder"),
            (pipe, "a pipe"),
            (place, "a socket"),
            (Path("/dev/zero"), "a device"),
        ):
            with pytest.raises(NotPlain) as caught:
                read_plain(path, 100)
            assert caught.value.strerror == f"it is {kind}, not a file"


def test_what_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_plain(tmp_path / "none", 100)


def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    monkeypatch.setattr("editor_plugin.engine.plain_files.refuse_special", lambda path: None)
    with pytest.raises(NotPlain, match="pipe"):
        read_plain(pipe, 100)
