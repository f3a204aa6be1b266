"""What the editors' half and install.py say about a data folder that is another user's."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.errors import OwnerForeign
from editor_plugin.core.handshake import ENGINE_FILE, PROTOCOL, Announcement, to_text
from editor_plugin.core.ownership import refuse_foreign
from editor_plugin.hosts.engine_file import announced
from editor_plugin.hosts.folders import OwnFolders
from installer.environment import ensure

pytestmark = pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() != 0, reason="needs root, to give files away"
)


def test_ones_own_and_what_is_not_there_is_nothing_to_tell(tmp_path: Path) -> None:
    refuse_foreign(tmp_path)
    refuse_foreign(tmp_path / "not there")
    assert announced(tmp_path) is None


def test_a_link_is_judged_as_the_file_or_folder_that_it_leads_to(
    tmp_path: Path,
) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    link = tmp_path / "link"
    link.symlink_to(theirs)
    refuse_foreign(link)
    os.chown(theirs, 12345, 12345)
    with pytest.raises(OwnerForeign):
        refuse_foreign(link)
    link.unlink()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    os.chown(pipe, 12345, 12345)
    link.symlink_to(pipe)
    refuse_foreign(link)
    os.chown(link, 12345, 12345, follow_symlinks=False)
    with pytest.raises(OwnerForeign):
        refuse_foreign(link)


def test_another_users_announcement_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / ENGINE_FILE
    path.write_text(to_text(Announcement(1, "t" * 43, 1, "0.1.0", PROTOCOL, "here")))
    assert announced(tmp_path) is not None
    os.chown(path, 12345, 12345)  # a user without a name
    with pytest.raises(OwnerForeign, match="belongs to the user 12345"):
        announced(tmp_path)


def test_nothing_is_installed_into_another_users_folder(tmp_path: Path) -> None:
    data = tmp_path / "recue"
    data.mkdir()
    os.chown(data, 65534, 65534)
    folders = OwnFolders(data, data / "cache", data / "logs")
    recipe: Any = None  # it does not get as far as that
    with pytest.raises(OwnerForeign):
        ensure(folders, recipe, (), print, [])
    assert list(data.iterdir()) == []
