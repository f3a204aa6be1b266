"""Unpacked models: written once, used again while the file is the same, removed when not needed."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.errors import EnvironmentBroken, ModelCorrupt
from editor_plugin.runner import model_store, nemo_file

pytestmark = [pytest.mark.nemo]


@pytest.fixture
def unpacked(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that are unpacked, in their order."""
    files: list[Path] = []
    original = nemo_file.unpack

    def unpack(path: Path, folder: Path) -> str:
        files.append(path)
        return original(path, folder)

    monkeypatch.setattr(nemo_file, "unpack", unpack)
    return files


def folders(store: Path) -> list[str]:
    return sorted(each.name for each in store.iterdir() if each.is_dir())


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def use(path: Path, store: Path) -> dict[str, bytes]:
    with model_store.opened(path, store) as folder:
        assert folder.parent.name == digest(path)
        return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_a_model_is_unpacked_once(
    models: Callable[[str], Path], tmp_path: Path, unpacked: list[Path]
) -> None:
    path, store = tmp_path / "a.nemo", tmp_path / "store"
    shutil.copyfile(models("ctc"), path)
    first = use(path, store)
    assert nemo_file.WEIGHTS in first and nemo_file.CONFIG in first
    assert use(path, store) == first
    assert unpacked == [path]
    assert folders(store) == [digest(path)]
    shutil.copyfile(models("tdt"), path)
    assert use(path, store) != first
    assert unpacked == [path, path]
    assert folders(store) == [digest(path)]  # only what was opened last is kept


def test_a_folder_that_lacks_something_is_made_again(
    models: Callable[[str], Path], tmp_path: Path, unpacked: list[Path]
) -> None:
    path, store = models("ctc"), tmp_path / "store"
    whole = use(path, store)
    model = store / digest(path) / "model"
    (model / nemo_file.WEIGHTS).write_bytes(b"short")
    assert use(path, store) == whole
    (model / nemo_file.CONFIG).unlink()
    assert use(path, store) == whole
    (model.parent / "record.json").write_text("{")
    assert use(path, store) == whole
    assert len(unpacked) == 4


def test_a_folder_that_is_not_finished_is_not_used(
    models: Callable[[str], Path],
    tmp_path: Path,
    unpacked: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, store = models("ctc"), tmp_path / "store"

    def dies(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", dies)
        patch.setattr(model_store, "_remove", lambda folder: None)
        with pytest.raises(KeyboardInterrupt):
            use(path, store)
    assert [each.endswith(".part") for each in folders(store)] == [True]
    use(path, store)
    assert folders(store) == [digest(path)]
    assert len(unpacked) == 2


def test_what_is_refused_is_not_kept(tmp_path: Path) -> None:
    path, store = tmp_path / "a.nemo", tmp_path / "store"
    path.write_bytes(bytes(100_000))
    with pytest.raises(ModelCorrupt):
        use(path, store)
    assert folders(store) == []


def test_what_another_runner_has_open_stays(models: Callable[[str], Path], tmp_path: Path) -> None:
    first, second, store = models("ctc"), models("tdt"), tmp_path / "store"
    with model_store.opened(first, store) as folder:
        use(second, store)
        assert folder.exists()
        assert len(folders(store)) == 2
    use(second, store)
    assert folders(store) == [digest(second)]
    assert [each for each in store.iterdir() if each.name.endswith(".in-use")] == []


def test_a_folder_that_cannot_be_written_is_named(
    models: Callable[[str], Path], tmp_path: Path
) -> None:
    store = tmp_path / "store"
    store.write_bytes(b"a file")
    with pytest.raises(EnvironmentBroken, match="cannot be written"):
        use(models("ctc"), store)


def test_nemo_reads_what_was_checked(
    models: Callable[[str], Path], talk: Any, tmp_path: Path
) -> None:
    path = tmp_path / "a.nemo"
    shutil.copyfile(models("tdt"), path)
    facts = talk.load(path)
    assert facts["name"] == "a" and facts["family"] == "tdt"
    config = talk.recognition._loaded.model.cfg
    assert config.target == "nemo.collections.asr.models.EncDecRNNTBPEModel"
    assert "optim" not in config and "train_ds" not in config
