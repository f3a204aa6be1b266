"""Which folders and files are closed to other users, and which are left as they are."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from editor_plugin.core.errors import OwnerForeign, Surface
from editor_plugin.engine.private_files import (
    PrivateLogFile,
    is_open_to_others,
    make_private,
    opener,
)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX modes")

RECUES = ("transcripts.sqlite", "transcripts.sqlite-wal", "engine.lock", "settings.toml")
DEEP = ("models/a/b.nemo", "logs/recue.log.1", "resolve/kept.srt", "cache/work/x.wav")
PROGRAM = "env/bin/python"


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder as it was before, with a film of the user's beside."""
    folder = tmp_path / "recue"
    for name in (*RECUES, *DEEP, PROGRAM, "film.mp4"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"content")
        path.chmod(0o755 if name == PROGRAM else 0o644)
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    return folder


def test_what_was_open_is_closed_to_the_last_file(folder: Path) -> None:
    make_private(folder)
    assert mode(folder) == 0o700
    for name in (*RECUES, *DEEP, "film.mp4"):
        assert mode(folder / name) == 0o600, name
    for name in ("models/a", "logs", "cache/work"):
        assert mode(folder / name) == 0o700, name
    assert mode(folder / PROGRAM) == 0o755


def test_beside_other_things_only_recues_files_are_closed(folder: Path) -> None:
    make_private(folder, mixed=True)
    assert mode(folder) == 0o700
    assert {mode(folder / name) for name in (*RECUES, *DEEP)} == {0o600}
    assert mode(folder / "film.mp4") == 0o644


def test_a_file_that_came_with_other_modes_later_is_closed_too(folder: Path) -> None:
    make_private(folder)
    (folder / "settings.toml").chmod(0o666)
    make_private(folder, mixed=True)
    assert mode(folder / "settings.toml") == 0o600


def test_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.toml"
    outside.write_text("")
    outside.chmod(0o644)
    (folder / "link.toml").symlink_to(outside)
    (folder / "logs" / "link").symlink_to(outside)
    make_private(folder)
    assert mode(outside) == 0o644


def test_what_is_made_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_private(tmp_path / "new")
        with open(tmp_path / "new" / "file", "w", opener=opener) as file:
            file.write("words")
        log = PrivateLogFile(tmp_path / "new" / "log", maxBytes=10, backupCount=1)
        for _ in range(3):
            log.emit(logging.LogRecord("a", 10, "", 0, "long enough", None, None))
        log.close()
    finally:
        os.umask(before)
    made = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert made == ["file", "log", "log.1"]
    assert {mode(tmp_path / "new" / name) for name in made} == {0o600}
    assert not is_open_to_others(tmp_path / "new")


root = pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="needs root")


@root
@pytest.mark.parametrize("name", [".", *RECUES])
def test_what_belongs_to_another_user_is_told_and_left_as_it_is(folder: Path, name: str) -> None:
    os.chown(folder / name, 65534, 65534)
    before = mode(folder / name)
    with pytest.raises(OwnerForeign) as caught:
        make_private(folder, mixed=True)
    assert caught.value.data["path"] == str(folder / name) and caught.value.data["user"] == "root"
    assert "without sudo" in caught.value.todo
    assert mode(folder / name) == before


@root
def test_another_users_film_beside_is_nobodys_business(folder: Path) -> None:
    os.chown(folder / "film.mp4", 65534, 65534)
    make_private(folder, mixed=True)


def test_what_to_do_depends_on_who_made_it() -> None:
    made_by_sudo = OwnerForeign("/home/zoe/.local/share/recue", "root", "zoe")
    assert "belongs to the user root, and Recue runs as zoe" in made_by_sudo.message
    assert "sudo chown -R zoe '/home/zoe/.local/share/recue'" in made_by_sudo.todo
    assert "chown" not in made_by_sudo.remedy(Surface.EDITOR)
    assert "Run Recue as max" in OwnerForeign("/a", "max", "zoe").todo
