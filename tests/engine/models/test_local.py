from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from editor_plugin.core.errors import (
    EnvironmentBroken,
    ModelCorrupt,
    ModelNotFetched,
    ModelUnknown,
    SettingsInvalid,
)
from editor_plugin.core.model_catalogue import CATALOGUE, DEFAULT, DEMO
from editor_plugin.engine import paths
from editor_plugin.engine.models import local

V2 = "parakeet-tdt-0.6b-v2"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECUE_HOME", str(tmp_path / "Möbius 1"))
    return tmp_path


def put(name: str = V2, content: bytes = b"a model") -> Path:
    """Lay a model down as a finished download leaves it."""
    path = local.file_of(local.known(name))
    path.write_bytes(content)
    digest = local.checksum(path)
    local.write_record(path, local.VerifiedModel(digest, len(content), "nvidia/" + name))
    return path


def test_the_default_is_parakeet_v3() -> None:
    assert local.known(DEFAULT).repo == "nvidia/parakeet-tdt-0.6b-v3"


def test_names_and_files_of_the_catalogue_are_unique_and_one_is_the_demo() -> None:
    assert len({model.name for model in CATALOGUE}) == len(CATALOGUE)
    assert len({model.file for model in CATALOGUE}) == len(CATALOGUE)
    assert [model.name for model in CATALOGUE if model.is_demo] == [DEMO]


@pytest.mark.parametrize("name", [V2, "nvidia/parakeet-tdt-0.6b-v2", " Parakeet-TDT-0.6B-v2 "])
def test_a_model_is_known_by_its_name_or_its_hub_id(name: str) -> None:
    assert local.known(name).name == V2


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("parakeet-0.6b-v3", DEFAULT),
        ("parakeet-tdt-0.6b-v4", DEFAULT),
        ("nvidia/canary-1b", "canary-1b-v2"),
        ("demmo", DEMO),
    ],
)
def test_an_unknown_name_is_answered_with_the_closest(typed: str, meant: str) -> None:
    with pytest.raises(ModelUnknown) as caught:
        local.locate(typed)
    assert meant in caught.value.data["known"]
    assert len(caught.value.data["known"]) <= 3


@pytest.mark.parametrize("typed", ["", "whisper-large-v3", "missing.nemo", "/no/such/file.nemo"])
def test_a_name_like_none_is_answered_with_all(typed: str) -> None:
    with pytest.raises(ModelUnknown) as caught:
        local.locate(typed)
    assert len(caught.value.data["known"]) in (1, 2, 3, len(CATALOGUE))


def test_a_folder_is_no_model(home: Path) -> None:
    with pytest.raises(SettingsInvalid, match="it is a folder"):
        local.locate(str(home))


@pytest.mark.parametrize("name", ["x" * 5000, "x" * 300 + ".nemo", "a\0b"])
def test_a_name_that_no_file_can_have_is_unknown(name: str) -> None:
    with pytest.raises(ModelUnknown):
        local.locate(name)


def test_a_file_is_located_by_its_path(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "Mein Modell ü.nemo").write_bytes(b"x")
    monkeypatch.chdir(home)
    located = local.locate("Mein Modell ü.nemo")
    assert located == local.LocatedModel("Mein Modell ü", home / "Mein Modell ü.nemo", None, False)


def test_an_empty_file_is_damaged(home: Path) -> None:
    (home / "empty.nemo").touch()
    with pytest.raises(ModelCorrupt, match="empty"):
        local.locate(str(home / "empty.nemo"))


def test_a_model_that_was_never_fetched_is_told_with_its_size() -> None:
    with pytest.raises(ModelNotFetched, match=r"2500 MB.*recue models fetch"):
        local.locate(DEFAULT)


def test_a_fetched_model_is_located_with_its_checksum() -> None:
    path = put()
    located = local.locate(V2)
    assert (located.path, located.sha256, located.is_demo) == (path, local.checksum(path), False)
    assert local.verify(V2) == located


def test_a_file_that_was_never_verified_is_not_used() -> None:
    local.record_of(put()).unlink()
    with pytest.raises(ModelNotFetched):
        local.locate(V2)


def test_a_record_that_is_garbage_is_none() -> None:
    local.record_of(put()).write_text("[]")
    with pytest.raises(ModelNotFetched):
        local.locate(V2)


def test_a_cut_file_is_damaged() -> None:
    put().write_bytes(b"a mod")
    with pytest.raises(ModelCorrupt, match="size"):
        local.locate(V2)


def test_changed_bytes_are_found_by_verifying() -> None:
    put().write_bytes(b"A model")
    assert local.locate(V2).name == V2
    with pytest.raises(ModelCorrupt, match="checksum"):
        local.verify(V2)


def test_removing_deletes_the_file_its_record_and_its_parts() -> None:
    path = put()
    path.with_name(path.name + ".0123456789ab.part").write_bytes(b"xy")
    others = put("canary-1b-v2")
    freed = local.remove(V2)
    left = sorted(file.name for file in paths.models_folder().iterdir())
    assert left == [others.name, local.record_of(others).name]
    assert freed > len(b"a model") + 2
    with pytest.raises(ModelNotFetched):
        local.remove(V2)


def test_removing_a_model_removes_what_was_unpacked_of_it() -> None:
    path = put()
    store = paths.unpacked_models_folder()
    unpacked, other = store / local.checksum(path), store / ("0" * 64)
    for folder in (unpacked, other):
        (folder / "model").mkdir(parents=True)
    local.remove(V2)
    assert not unpacked.exists() and other.exists()
    path = put()
    local.write_record(path, local.VerifiedModel("..", path.stat().st_size, ""))
    local.remove(V2)
    assert other.exists()


def test_the_demo_model_is_not_removed() -> None:
    with pytest.raises(EnvironmentBroken, match="comes with Recue"):
        local.remove(DEMO)


def test_the_demo_model_lies_in_the_demo_folder(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "demo_folder", lambda: home / "demo")
    with pytest.raises(EnvironmentBroken, match="demo model is missing"):
        local.locate(DEMO)
    (home / "demo" / "model").mkdir(parents=True)
    (home / "demo" / "model" / "recue-demo.nemo").write_bytes(b"m")
    assert local.locate(DEMO).is_demo


def test_the_inventory_tells_what_is_here() -> None:
    path = put()
    part = local.file_of(local.known(DEFAULT))
    part.with_name(part.name + ".0123456789ab.part").write_bytes(b"xyz")
    shelves = {shelf.model.name: shelf for shelf in local.inventory()}
    assert list(shelves) == [model.name for model in CATALOGUE]
    assert (shelves[V2].path, shelves[V2].size, shelves[V2].partial) == (path, 7, 0)
    assert (shelves[DEFAULT].path, shelves[DEFAULT].partial) == (None, 3)
    shutil.rmtree(paths.models_folder())
    assert not any(shelf.path for shelf in local.inventory() if not shelf.model.is_demo)
