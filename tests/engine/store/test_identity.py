"""The rule by which a media file is known again, in real files."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from editor_plugin.core.errors import MediaMissing, MediaUnreadable
from editor_plugin.engine.store import Known, Store, identity
from editor_plugin.engine.store.identity import BLOCK, BLOCKS, digest

LARGE = BLOCK * BLOCKS * 4


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.at(tmp_path / "store" / "transcripts.sqlite")


def media(path: Path, content: bytes = b"sound") -> Path:
    path.write_bytes(content)
    os.utime(path, ns=(10**18, 10**18))
    return path


def sparse(path: Path, *written: tuple[int, bytes]) -> Path:
    """A large file, nearly all of it zeros, that takes no room."""
    with path.open("wb") as file:
        file.truncate(LARGE)
        for at, content in written:
            file.seek(at)
            file.write(content)
    os.utime(path, ns=(10**18, 10**18))
    return path


def test_a_file_is_itself(store: Store, tmp_path: Path) -> None:
    film = media(tmp_path / "film.wav")
    assert store.known(film).media == store.known(film).media


def test_two_files_are_two(store: Store, tmp_path: Path) -> None:
    one, two = media(tmp_path / "1.wav", b"one"), media(tmp_path / "2.wav", b"two")
    assert store.known(one).media != store.known(two).media


@pytest.mark.parametrize("how", ["renamed", "moved", "copied", "copied without its times"])
def test_it_is_known_again(store: Store, tmp_path: Path, how: str) -> None:
    film = media(tmp_path / "film.wav")
    before = store.known(film).media
    target = tmp_path / "Projekt – März" / "A001_é.wav"
    target.parent.mkdir()
    if how == "renamed":
        target = film.rename(tmp_path / "other.wav")
    elif how == "moved":
        shutil.move(film, target)
    else:
        (shutil.copy2 if how == "copied" else shutil.copyfile)(film, target)
    assert store.known(target) == Known(before, store.known(target).stat)


def test_a_file_of_another_content_under_the_same_name_is_another(
    store: Store, tmp_path: Path
) -> None:
    film = media(tmp_path / "film.wav")
    before = store.known(film)
    after = store.known(media(film, b"other"))
    assert after.media != before.media and after.renewed and not before.renewed


def test_a_change_between_the_blocks_is_seen_by_the_time_of_change(
    store: Store, tmp_path: Path
) -> None:
    film = sparse(tmp_path / "film.wav")
    before, content = store.known(film).media, digest(film)
    sparse(film, (BLOCK + 10, b"two seconds recorded anew"))
    os.utime(film, ns=(10**18, 10**18 + 10**9))
    assert digest(film) == content  # the blocks do not tell
    after = store.known(film)
    assert after.media != before and after.renewed


def test_a_copy_of_the_old_state_keeps_its_words_after_a_change(
    store: Store, tmp_path: Path
) -> None:
    film = sparse(tmp_path / "film.wav")
    before = store.known(film).media
    copy = Path(shutil.copy2(film, tmp_path / "copy.wav"))
    os.utime(film, ns=(10**18, 10**18 + 10**9))
    after = store.known(film).media
    assert store.known(copy).media == before != after


@pytest.mark.parametrize("block", [0, 21, 42, 63])
@pytest.mark.parametrize("within", [0, BLOCK - 1])
def test_the_blocks_reach_from_the_first_byte_to_the_last(
    tmp_path: Path, block: int, within: int
) -> None:
    plain = digest(sparse(tmp_path / "plain.wav"))
    at = (LARGE - BLOCK) * block // 63 + within
    assert digest(sparse(tmp_path / "other.wav", (at, b"x"))) != plain


def test_a_file_of_a_byte_more_is_another(tmp_path: Path) -> None:
    film = media(tmp_path / "film.wav", b"\0" * 100)
    assert digest(film) != digest(media(tmp_path / "more.wav", b"\0" * 101))


def test_a_known_file_is_not_read_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = sparse(tmp_path / "film.wav")
    known = store.known(film)
    monkeypatch.setattr(identity, "digest", lambda path: pytest.fail(f"{path} was read"))
    assert store.known(film) == known


def test_a_change_that_hides_its_time_is_seen_all_the_same(store: Store, tmp_path: Path) -> None:
    film = sparse(tmp_path / "film.wav")
    known = store.known(film)
    sparse(film, (0, b"x"))  # with the size and the time of change of before
    assert store.known(film).media != known.media


def test_a_file_that_is_gone_is_what_it_was(store: Store, tmp_path: Path) -> None:
    film = media(tmp_path / "film.wav")
    before = store.known(film).media
    film.unlink()
    assert store.known(film) == Known(before, None)
    with pytest.raises(MediaMissing):
        store.known(tmp_path / "never seen.wav")


def test_a_folder_is_no_media(store: Store, tmp_path: Path) -> None:
    with pytest.raises(MediaUnreadable):
        store.known(tmp_path)
