"""Where the runner may write, and what it leaves behind."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from pathlib import Path

import pytest

from editor_plugin.core.errors import DiskFull, EnvironmentBroken
from editor_plugin.runner import folders
from editor_plugin.runner.folders import close_workplace, open_workplace, point_libraries_at


@pytest.fixture(autouse=True)
def keep_the_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these functions change about the process is put back."""
    monkeypatch.chdir(Path.cwd())
    changed = (folders._TEMPORARY, folders._HOMES, folders._CACHES, folders._FIXED)
    for name in (*(name for group in changed for name in group), *folders._UNWANTED):
        monkeypatch.setenv(name, "as before")
    monkeypatch.setattr(tempfile, "tempdir", tempfile.tempdir)


def test_a_workplace_is_made_and_leaves_nothing(tmp_path: Path) -> None:
    workplace = open_workplace(tmp_path / "Ordner ü" / "cache")
    assert workplace.work.is_dir()
    assert workplace.cache in workplace.work.parents
    (workplace.work / "deep").mkdir()
    (workplace.work / "deep" / "file").write_text("x")
    os.chdir(workplace.work)
    close_workplace(workplace)
    assert list((workplace.cache / "work").iterdir()) == []


def test_a_folder_that_is_still_written_to_is_removed(tmp_path: Path) -> None:
    workplace = open_workplace(tmp_path)
    ended = threading.Event()

    def write() -> None:
        count = 0
        while not ended.is_set():
            count += 1
            with contextlib.suppress(OSError):
                folder = workplace.work / f"windows-{count}"
                folder.mkdir()
                for index in range(20):
                    (folder / f"{index}.wav").write_bytes(b"x" * 1000)

    writer = threading.Thread(target=write)
    writer.start()
    while not (workplace.work / "windows-5").exists():
        pass
    close_workplace(workplace)
    ended.set()
    writer.join()
    assert list((tmp_path / "work").iterdir()) == []


def test_every_library_is_pointed_inside(tmp_path: Path) -> None:
    workplace = open_workplace(tmp_path)
    point_libraries_at(workplace)
    assert {os.environ[name] for name in ("TMPDIR", "TEMP", "TMP")} == {str(workplace.work)}
    assert Path(tempfile.mkdtemp()).parent == workplace.work
    for name in ("HF_HOME", "TORCH_HOME", "NEMO_CACHE_DIR", "MPLCONFIGDIR", "NUMBA_CACHE_DIR"):
        assert tmp_path in Path(os.environ[name]).parents
    assert os.environ["HF_HUB_OFFLINE"] == os.environ["NEMO_REDIRECT_LOGS_TO_STDERR"] == "1"
    assert "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD" not in os.environ
    close_workplace(workplace)


def test_what_a_dead_runner_left_is_removed_and_a_live_one_is_spared(tmp_path: Path) -> None:
    live = open_workplace(tmp_path)
    (live.work / "file").write_text("in use")
    dead = tmp_path / "work" / f"{os.getpid()}-dead"
    (dead / "deep").mkdir(parents=True)
    (tmp_path / "work" / f"{dead.name}.lock").touch()
    (tmp_path / "work" / "orphan.lock").touch()
    second = open_workplace(tmp_path)
    assert (live.work / "file").read_text() == "in use"
    assert second.work.is_dir() and second.work != live.work
    assert not dead.exists()
    remaining = {live.work.name, second.work.name}
    assert {each.name.removesuffix(".lock") for each in (tmp_path / "work").iterdir()} == remaining
    close_workplace(live)
    close_workplace(second)
    assert list((tmp_path / "work").iterdir()) == []


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(EnvironmentBroken, match="cannot be written") as caught:
        open_workplace(tmp_path / "file" / "cache")
    assert str(tmp_path / "file" / "cache") in caught.value.message


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> int:
        # The write fails when it reaches the device, as on a disk without space.
        with open("/dev/full", "wb", buffering=0) as device:
            return device.write(data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(DiskFull) as caught:
        open_workplace(tmp_path)
    assert str(tmp_path) in caught.value.message
