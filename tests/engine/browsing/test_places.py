"""Where a user would look for media."""

from __future__ import annotations

from pathlib import Path

import pytest

from editor_plugin.engine.browsing.places import places, volumes, windows_drives
from editor_plugin.engine.store import Store


def test_the_drives_of_windows() -> None:
    assert windows_drives(0b1000000000000000000001101) == ["A:\\", "C:\\", "D:\\", "Y:\\"]
    assert windows_drives(0) == []


def test_the_drives_of_a_linux_machine() -> None:
    physical = ["/", "/boot/efi", "/home", "/snap/x", "/data", "/media/ann/CARD", "/var/lib/x"]
    mounts = [*physical, "/proc", "/sys/fs", "/run/user/1000", "/dev/shm", "/mnt/nas", "/tmp"]
    assert volumes(mounts, physical) == ["/", "/data", "/home", "/media/ann/CARD", "/mnt/nas"]


def test_the_drives_of_a_mac() -> None:
    physical = ["/", "/System/Volumes/Data", "/Volumes/Recue", "/private/var/vm"]
    assert volumes([*physical, "/dev", "/Volumes/nas"], physical) == [
        *("/", "/Volumes/Recue", "/Volumes/nas")
    ]


def test_where_media_came_from_last_and_the_users_own_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "ann"))
    monkeypatch.delenv("XDG_VIDEOS_DIR", raising=False)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    store = Store.at(tmp_path / "transcripts.sqlite")
    for name in ("old/a.wav", "new/b.wav", "new/c.wav", "work/uploads/0/d.wav"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
        store.known(path)
    found = places(store.database, tmp_path / "work" / "uploads")
    store.close()
    kinds = [each.kind for each in found]
    assert kinds[:2] == ["home", "desktop"] and found[0].name == "ann"
    assert {"documents", "downloads", "movies", "music", "volume"} <= set(kinds)
    recent = [each.path for each in found if each.kind == "recent"]
    assert recent == [str(tmp_path / "new"), str(tmp_path / "old")]
    assert len({each.path for each in found}) == len(found)
