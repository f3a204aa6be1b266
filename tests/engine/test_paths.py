from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs.macos
import platformdirs.unix
import platformdirs.windows
import pytest
from platformdirs.api import PlatformDirsABC

from editor_plugin.core.errors import EnvironmentBroken
from editor_plugin.engine import paths
from editor_plugin.hosts import folders
from editor_plugin.hosts.folders import LINUX, MACOS, WINDOWS, Machine

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX modes")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith(("XDG_", "RECUE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_everything_lies_beneath_recue_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = home / "été 2026"
    monkeypatch.setenv("RECUE_HOME", str(chosen))
    made = (
        paths.data_folder(),
        paths.cache_folder(),
        paths.log_folder(),
        paths.models_folder(),
        paths.work_folder(),
    )
    assert all(folder.is_dir() and chosen in (folder, *folder.parents) for folder in made)
    assert len(set(made)) == 5
    assert [path for path in home.iterdir()] == [chosen]


def test_recue_home_may_begin_with_a_tilde(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECUE_HOME", "~/mine")
    assert paths.data_folder() == home / "mine"


def test_a_relative_recue_home_is_made_absolute(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    monkeypatch.setenv("RECUE_HOME", "mine")
    assert paths.data_folder() == home / "mine"


def test_a_folder_that_cannot_be_made_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").write_text("no folder")
    monkeypatch.setenv("RECUE_HOME", str(home / "file" / "recue"))
    with pytest.raises(EnvironmentBroken, match="RECUE_HOME") as caught:
        paths.data_folder()
    assert str(home / "file" / "recue") in caught.value.message


def test_a_read_only_folder_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECUE_HOME", str(home / "mine"))
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write anywhere
    with pytest.raises(EnvironmentBroken, match="read-only"):
        paths.data_folder()


SHARED = ["/tmp", "/", "~"]


@posix
@pytest.mark.parametrize("shared", SHARED)
def test_a_folder_that_is_not_for_recue_alone_is_refused(
    monkeypatch: pytest.MonkeyPatch, shared: str
) -> None:
    folder = Path(shared).expanduser()
    before = folder.stat().st_mode
    monkeypatch.setenv("RECUE_HOME", shared)
    with pytest.raises(EnvironmentBroken, match="not for Recue alone") as caught:
        paths.data_folder()
    assert str(folder / "recue") in caught.value.todo
    assert folder.stat().st_mode == before


@posix
def test_every_folder_is_for_its_owner_alone(home: Path) -> None:
    (home / ".local/share/recue").mkdir(parents=True, mode=0o755)
    made = (
        *(paths.data_folder(), paths.cache_folder(), paths.models_folder(), paths.work_folder()),
        *(paths.log_folder(), paths.log_folder().parent),
    )
    assert [folder for folder in made if folder.stat().st_mode & 0o777 != 0o700] == []


def test_the_demo_is_found_in_the_clone() -> None:
    assert (paths.demo_folder() / "recue-demo.otio").is_file()


def test_the_demo_is_looked_for_in_the_environment_when_installed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "__file__", str(home / "site/editor_plugin/engine/paths.py"))
    (home / "site" / "demo").mkdir(parents=True)  # another package's
    assert paths.demo_folder() == Path(sys.prefix) / "share" / "recue" / "demo"


DIRS: dict[str, type[PlatformDirsABC]] = {
    LINUX: platformdirs.unix.Unix,
    MACOS: platformdirs.macos.MacOS,
    WINDOWS: platformdirs.windows.Windows,
}


@pytest.mark.parametrize("system", DIRS)
@pytest.mark.parametrize("with_xdg", [False, True])
def test_install_py_and_the_engine_mean_the_same_folders(
    home: Path, monkeypatch: pytest.MonkeyPatch, system: str, with_xdg: bool
) -> None:
    monkeypatch.setenv("LOCALAPPDATA", str(home / "AppData/Local"))
    # Windows itself is asked only on Windows.
    monkeypatch.setattr(
        platformdirs.windows, "get_win_folder", platformdirs.windows.get_win_folder_from_env_vars
    )
    if with_xdg:
        monkeypatch.setenv("XDG_DATA_HOME", str(home / "x dg"))
        monkeypatch.setenv("XDG_CACHE_HOME", "~/cäche")
        monkeypatch.setenv("XDG_STATE_HOME", "relative/is/ignored")
    theirs = DIRS[system](paths.APP, appauthor=False)
    ours = folders.own_folders(Machine(system, home, os.environ, Path("/")))
    assert ours.data == theirs.user_data_path
    assert ours.cache == theirs.user_cache_path
    assert ours.logs == theirs.user_log_path


def test_install_py_and_the_engine_mean_the_same_folders_here(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for chosen in (None, str(home / "one"), "~/two", "three"):
        if chosen:
            monkeypatch.setenv("RECUE_HOME", chosen)
        monkeypatch.chdir(home)
        ours = folders.own_folders(folders.this_machine())
        assert ours.data == paths.data_folder()
        assert ours.cache == paths.cache_folder()
        assert ours.logs == paths.log_folder()
