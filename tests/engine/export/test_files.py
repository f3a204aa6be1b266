"""A file is put whole or not at all, and nobody's work is lost."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from editor_plugin.core.errors import DiskFull, OutputIsInput, OutputUnwritable
from editor_plugin.engine.export.files import put, refuse_inputs, refuse_unwritable
from editor_plugin.engine.store import Store
from tests.small_disk import mounted


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.at(tmp_path / "store.sqlite")
    yield opened
    opened.close()


def test_a_file_is_written_in_utf8(tmp_path: Path, store: Store) -> None:
    target = tmp_path / "Größe 日本.srt"
    assert put(target, "Grüße", store) is None
    assert target.read_bytes() == "Grüße".encode()


def test_our_own_file_is_replaced(tmp_path: Path, store: Store) -> None:
    target = tmp_path / "film.srt"
    put(target, "first", store)
    assert put(target, "second", store) is None
    assert sorted(path.name for path in tmp_path.glob("*.srt")) == ["film.srt"]


def test_a_file_corrected_by_hand_is_kept(tmp_path: Path, store: Store) -> None:
    target = tmp_path / "film.srt"
    put(target, "first", store)
    for number in (1, 2):
        target.write_text(f"corrected {number}")
        kept = put(target, "new", store)
        assert kept == tmp_path / f"film.kept-{number}.srt"
        assert kept.read_text() == f"corrected {number}" and target.read_text() == "new"


def test_somebody_elses_file_is_kept(tmp_path: Path, store: Store) -> None:
    target = tmp_path / "film.srt"
    target.write_text("by hand")
    kept = put(target, "ours", store)
    assert kept is not None and kept.read_text() == "by hand"


def test_what_a_killed_run_had_written_is_no_work_of_somebody(tmp_path: Path, store: Store) -> None:
    target = tmp_path / "film.srt"
    target.write_text("the subtitles", encoding="utf-8")  # in place, and not yet in the store
    assert put(target, "the subtitles", store) is None
    assert [path.name for path in tmp_path.glob("*.srt")] == ["film.srt"]


def test_what_a_killed_run_was_writing_is_removed(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", killed)
        patch.setattr(Path, "unlink", lambda *_, **__: None)  # nobody is left to do it
        with pytest.raises(KeyboardInterrupt):
            put(tmp_path / "film.srt", "the subtitles", store)
    assert list(tmp_path.glob(".recue-*")) != []
    put(tmp_path / "film.srt", "the subtitles", store)
    assert list(tmp_path.glob(".recue-*")) == []


def test_a_missing_folder_is_said(tmp_path: Path, store: Store) -> None:
    with pytest.raises(OutputUnwritable, match="folder does not exist"):
        put(tmp_path / "nowhere" / "film.srt", "x", store)
    with pytest.raises(OutputUnwritable, match="folder does not exist"):
        refuse_unwritable(tmp_path / "nowhere")


def test_a_folder_in_the_way_is_said_and_nothing_is_left(tmp_path: Path, store: Store) -> None:
    folder = tmp_path / "out"
    (folder / "film.srt").mkdir(parents=True)
    with pytest.raises(OutputUnwritable):
        put(folder / "film.srt", "x", store)
    assert [path.name for path in folder.iterdir()] == ["film.srt"]


def test_an_input_is_never_written_over(tmp_path: Path) -> None:
    source = tmp_path / "film.srt"
    source.write_text("x")
    (tmp_path / "link.srt").symlink_to(source)
    os.link(source, tmp_path / "hard.srt")
    for name in ("film.srt", "link.srt", "hard.srt", "../" + tmp_path.name + "/film.srt"):
        with pytest.raises(OutputIsInput):
            refuse_inputs(tmp_path / name, [source])
    refuse_inputs(tmp_path / "other.srt", [source])


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "full"
    with mounted(folder, "size=64k"):
        yield folder


def test_a_full_disk_is_said_and_the_old_file_stays(full_disk: Path, store: Store) -> None:
    target = full_disk / "film.srt"
    put(target, "old", store)
    with pytest.raises(DiskFull):
        put(target, "x" * 200_000, store)
    assert [path.name for path in full_disk.iterdir()] == ["film.srt"]
    assert target.read_text() == "old"
