"""What the file browser shows of a folder, whatever lies in it."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import sys
from datetime import datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import FolderUnreadable
from editor_plugin.engine.browsing import listing
from editor_plugin.engine.browsing.listing import (
    has_hidden_mark,
    list_folder,
    natural_key,
    parent_of,
)

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")


def names(folder: Path, like: str = "") -> list[str]:
    return [each.name for each in list_folder(folder, like).entries]


def made(folder: Path, *files: str) -> None:
    for name in files:
        path = folder / name
        if name.endswith("/"):
            path.mkdir(parents=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"content")


def test_folders_media_and_timelines_are_told_and_nothing_else(tmp_path: Path) -> None:
    made(
        tmp_path,
        *("take 10.mov", "Take 2.MOV", "take 1.wav", "cut.fcpxml", "notes.txt", "run.exe", "noise"),
        *("Zoo/", "b 3/", "Bundle.fcpxmld/Info.fcpxml", "cut.otiod/", ".hidden.mov", ".cache/"),
    )
    found = list_folder(tmp_path)
    assert [(each.name, each.kind) for each in found.entries] == [
        ("b 3", "folder"),
        ("Zoo", "folder"),
        ("Bundle.fcpxmld", "timeline"),
        ("cut.fcpxml", "timeline"),
        ("cut.otiod", "timeline"),
        ("take 1.wav", "media"),
        ("Take 2.MOV", "media"),
        ("take 10.mov", "media"),
    ]
    assert (found.folder, found.parent) == (str(tmp_path), str(tmp_path.parent))
    assert not found.more and found.notes == ()
    for each in found.entries:
        assert each.path == str(tmp_path / each.name)
        assert each.size == (7 if Path(each.path).is_file() else None)
        assert each.modified is not None
        changed = datetime.fromisoformat(each.modified)
        assert changed.timestamp() == int(Path(each.path).stat().st_mtime)


def test_a_text_narrows_them_down(tmp_path: Path) -> None:
    made(tmp_path, "Ärger.mov", "a\u0308rgerlich.wav", "other.mov", "ÄRGER/")
    assert len(names(tmp_path, "ärger")) == 3
    assert names(tmp_path, "THER") == ["other.mov"] and names(tmp_path, "*") == []


def test_five_thousand_files_are_told_in_part(tmp_path: Path) -> None:
    for number in range(5000):
        (tmp_path / f"take {number}.wav").touch()
    found = list_folder(tmp_path)
    assert found.more and len(found.entries) == listing.MOST_ENTRIES
    assert [each.name for each in found.entries[9:12]] == [
        "take 9.wav",
        "take 10.wav",
        "take 11.wav",
    ]
    narrowed = list_folder(tmp_path, "take 49")
    assert not narrowed.more and len(narrowed.entries) == 111


def test_a_folder_without_end_is_not_looked_at_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_LOOKED_AT", 5)
    made(tmp_path, *(f"{number}.mov" for number in range(9)))
    found = list_folder(tmp_path)
    assert found.more and len(found.entries) == 5


@posix
def test_what_has_the_name_of_a_recording_and_is_none_is_left_out(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mov")
    (tmp_path / "broken.mov").symlink_to(tmp_path / "nowhere")
    (tmp_path / "zero.wav").symlink_to("/dev/zero")
    (tmp_path / "folder.mov").mkdir()
    (tmp_path / "circle.mov").symlink_to(tmp_path / "circle.mov")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket.mov"))
        made(tmp_path, "film.mov")
        (tmp_path / "link.mov").symlink_to(tmp_path / "film.mov")
        found = [(each.name, each.kind) for each in list_folder(tmp_path).entries]
    assert found == [("folder.mov", "folder"), ("film.mov", "media"), ("link.mov", "media")]


@posix
def test_links_in_circles_lead_nowhere(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    made(tmp_path, "one/film.mov", "two/", "three/")
    (one / "itself").symlink_to(one)
    (one / "above").symlink_to(tmp_path)
    (one / "two").symlink_to(two)
    (two / "one").symlink_to(one)
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert names(tmp_path) == ["one", "three", "two"]
    assert names(one) == ["two", "film.mov"]
    assert names(one / "two") == []  # as it leads back to where one came from
    assert names(two) == ["one"]


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no such names")
def test_names_that_are_no_text_are_told_and_cannot_be_chosen(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    for name in (b"caf\xe9.mov", b"\xff\xfe.wav", b"\xff/", b"\xff.txt", b".\xff.mov"):
        if name.endswith(b"/"):
            os.mkdir(folder + b"/" + name)
        else:
            open(folder + b"/" + name, "wb").close()
    made(tmp_path, "good.mov", "esc\x1b[2J.mov")
    found = list_folder(tmp_path)
    assert [each.name for each in found.entries] == ["esc\x1b[2J.mov", "good.mov"]
    [note] = found.notes
    assert "caf\ufffd.mov" in note and note.isprintable() and "rename them" in note


@posix
def test_only_what_the_user_may_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path, "open.mov", "closed.mov", "locked/", "free/")
    refused = {str(tmp_path / "closed.mov"), str(tmp_path / "locked")}
    if os.getuid():
        for path in refused:
            os.chmod(path, 0)
    else:  # root may read everything
        allowed = os.access
        monkeypatch.setattr(
            os, "access", lambda path, mode: str(path) not in refused and allowed(path, mode)
        )
    assert names(tmp_path) == ["free", "open.mov"]
    for path in refused:
        os.chmod(path, stat.S_IRWXU)


def test_a_file_that_vanishes_meanwhile_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path, "a.mov", "b.mov")
    seen = os.stat

    def vanishing(path: str, **named: bool) -> os.stat_result:
        if str(path).endswith("a.mov"):
            os.unlink(path)
        return seen(path, **named)

    monkeypatch.setattr(os, "stat", vanishing)
    assert names(tmp_path) == ["b.mov"]


def test_a_folder_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    made(tmp_path, "film.mov", "gone/")
    shutil.rmtree(tmp_path / "gone")
    cases = {"gone": "not there", "film.mov": "a file", "x" * 300: "too long", "a\0b": "its name"}
    for name, why in cases.items():
        with pytest.raises(FolderUnreadable) as caught:
            list_folder(tmp_path / name)
        assert why in caught.value.message


def test_times_of_no_year_are_left_out() -> None:
    """Some file systems hold them, and others cannot be made to."""
    assert [listing._time(seconds) for seconds in (1e30, -1e30, float("nan"))] == [None] * 3
    assert listing._time(0)


def test_the_root_of_a_system_drive_or_share_has_nothing_above_it() -> None:
    windows = {
        "C:\\": None,
        "C:\\Users": "C:\\",
        "\\\\server\\share\\": None,
        "\\\\server\\share\\a": "\\\\server\\share\\",
    }
    for path, parent in windows.items():
        assert parent_of(PureWindowsPath(path)) == parent
    assert parent_of(PurePosixPath("/")) is None and parent_of(PurePosixPath("/a")) == "/"


@pytest.mark.parametrize(
    ("marks", "hidden"),
    [
        ({}, False),
        ({"st_file_attributes": stat.FILE_ATTRIBUTE_HIDDEN | stat.FILE_ATTRIBUTE_DIRECTORY}, True),
        ({"st_file_attributes": stat.FILE_ATTRIBUTE_SYSTEM}, True),
        ({"st_file_attributes": stat.FILE_ATTRIBUTE_ARCHIVE}, False),
        ({"st_flags": stat.UF_HIDDEN}, True),
        ({"st_flags": 0}, False),
    ],
)
def test_the_marks_of_hidden_files_on_windows_and_macos(
    marks: dict[str, int], hidden: bool
) -> None:
    assert has_hidden_mark(SimpleNamespace(**marks)) is hidden


@given(st.lists(st.text(max_size=8) | st.from_regex(r"[a0-9٣²]{0,6}", fullmatch=True)))
def test_any_names_have_an_order(some: list[str]) -> None:
    assert sorted(sorted(some, reverse=True), key=natural_key) == sorted(some, key=natural_key)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_numbers_in_names_are_ordered_as_numbers(one: int, two: int) -> None:
    assert (natural_key(f"Take {one}b") < natural_key(f"take {two}B")) == (one < two) or one == two
