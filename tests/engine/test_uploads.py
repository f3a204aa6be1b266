"""Uploads: part by part, whatever ends the connection, the engine or the disk's room."""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import (
    DiskFull,
    EngineBusy,
    FileKindUnknown,
    MediaEmpty,
    OutputUnwritable,
    RequestRefused,
    StoreBusy,
    UploadDamaged,
    UploadElsewhere,
    UploadUnknown,
)
from editor_plugin.engine import uploads
from editor_plugin.engine.uploads import KEPT_SECONDS, Upload, Uploads
from tests.small_disk import mounted

MEGABYTE = 1_000_000


def added(kept: Uploads, upload: str, at: int, content: bytes) -> Upload:
    return kept.add(upload, at, content, hashlib.sha256(content).hexdigest())


def whole(kept: Uploads, name: str = "film.mov", content: bytes = b"content") -> Path:
    begun = kept.begin(name, len(content))
    path = added(kept, begun.upload, 0, content).path
    assert path is not None
    return path


@given(st.lists(st.binary(min_size=1, max_size=9), min_size=1, max_size=8), st.data())
def test_an_upload_is_the_file_in_whatever_parts_it_comes(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], data: st.DataObject
) -> None:
    """In between, the engine is replaced, or a part comes damaged or out of turn."""
    work = tmp_path_factory.mktemp("work")
    kept = Uploads(work)
    content = b"".join(parts)
    upload = kept.begin("film.mov", len(content)).upload
    at = 0
    for part in parts:
        what = data.draw(st.sampled_from(["good", "replaced", "killed", "damaged", "elsewhere"]))
        if what == "replaced":
            kept = Uploads(work)
        elif what == "killed":  # while it wrote
            with (kept.folder / upload / "part").open("ab") as file:
                file.write(b"half")
            kept = Uploads(work)
        elif what == "damaged":
            with pytest.raises(UploadDamaged):
                kept.add(upload, at, part, hashlib.sha256(part + b"!").hexdigest())
        elif what == "elsewhere":
            wrong = data.draw(st.integers(0, 99).filter(at.__ne__))
            with pytest.raises(UploadElsewhere) as caught:
                added(kept, upload, wrong, part)
            assert caught.value.data["received"] == at
        assert kept.status(upload).received == at
        at += len(part)
        now = added(kept, upload, at - len(part), part)
        assert (now.received, now.bytes) == (at, len(content))
    assert now.path is not None and now.path.name == "film.mov"
    assert now.path.read_bytes() == content
    assert Uploads(work).status(upload) == now


@pytest.mark.parametrize(
    "name", ["cut.otio", "Schnitt 3 – “neu”.FCPXML", "a'b;c.MXF", "日本.wav", "x" * 190 + ".aaf"]
)
def test_a_file_keeps_its_own_name(tmp_path: Path, name: str) -> None:
    path = whole(Uploads(tmp_path), name, b"content \x00\xff")
    assert path.name == name and path.read_bytes() == b"content \x00\xff"


@pytest.mark.parametrize(
    "name", ["../a.mov", "a/b.mov", "a\\b.mov", "C:a.mov", ".a.mov", "x\n.mov"]
)
def test_a_name_with_a_path_is_refused(tmp_path: Path, name: str) -> None:
    kept = Uploads(tmp_path)
    with pytest.raises(RequestRefused):
        kept.begin(name, 1)
    assert not kept.folder.exists()


@pytest.mark.parametrize("name", ["cut", "cut.py", "cut.otio.exe", "cut.otiod", "cut.otio "])
def test_a_file_of_another_kind_is_refused_with_the_kinds_that_are_known(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(FileKindUnknown) as caught:
        Uploads(tmp_path).begin(name, 1)
    assert {".mov", ".wav", ".otio", ".xml"} <= set(caught.value.data["known"])


def test_what_is_empty_or_longer_than_was_said_is_refused(tmp_path: Path) -> None:
    kept = Uploads(tmp_path)
    with pytest.raises(MediaEmpty):
        kept.begin("film.mov", 0)
    upload = kept.begin("film.mov", 3).upload
    with pytest.raises(RequestRefused):
        added(kept, upload, 0, b"four")
    path = added(kept, upload, 0, b"six"[:3]).path
    with pytest.raises(UploadElsewhere):
        added(kept, upload, 3, b"more")
    assert path is not None and path.read_bytes() == b"six"


def test_two_senders_of_one_part_write_it_once(tmp_path: Path) -> None:
    kept = Uploads(tmp_path)
    upload = kept.begin("film.mov", 5 * 4096).upload
    refused = []

    def send() -> None:
        at = 0
        while at < 5 * 4096:
            try:
                at = added(kept, upload, at, bytes([at // 4096]) * 4096).received
            except UploadElsewhere as error:
                refused.append(at)
                at = error.data["received"]

    threads = [threading.Thread(target=send) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    path = kept.status(upload).path
    assert path is not None and refused
    assert path.read_bytes() == b"".join(bytes([number]) * 4096 for number in range(5))


def test_what_was_begun_by_an_engine_that_was_killed_at_the_last_part_is_whole(
    tmp_path: Path,
) -> None:
    """The file has its name, and the note of it could not be written any more."""
    kept = Uploads(tmp_path)
    upload = kept.begin("film.mov", 8).upload
    added(kept, upload, 0, b"1234")
    about = kept.folder / f"{upload}.json"
    before = about.read_bytes()
    added(kept, upload, 4, b"5678")
    about.write_bytes(before)
    found = Uploads(tmp_path).status(upload)
    assert (found.received, found.path) == (8, kept.folder / upload / "film.mov")


@pytest.mark.parametrize(
    "content", [b"", b"[1]", b"{", b'{"name": "a.mov", "bytes": "x"}', b"\xff"]
)
def test_an_upload_whose_note_is_damaged_is_none(tmp_path: Path, content: bytes) -> None:
    kept = Uploads(tmp_path)
    upload = kept.begin("film.mov", 8).upload
    (kept.folder / f"{upload}.json").write_bytes(content)
    with pytest.raises(UploadUnknown):
        added(kept, upload, 0, b"1234")
    aged(kept.folder)
    kept.clear()
    assert not kept.folder.exists()


def aged(folder: Path, seconds: float = KEPT_SECONDS + 60) -> None:
    """Make everything in a folder older."""
    then = time.time() - seconds
    for path in [*folder.rglob("*")]:
        os.utime(path, (then, then))


def test_what_is_a_day_old_and_needed_by_no_job_is_deleted(tmp_path: Path) -> None:
    needed: list[Path] = []
    kept = Uploads(tmp_path, lambda: needed)
    read, other = whole(kept, "a.mov"), whole(kept, "b.mov")
    around = whole(kept, "c.mov")
    half = kept.begin("d.mov", 9).upload
    needed += [read, around.parent, tmp_path / "elsewhere.mov", kept.folder, Path("name only")]
    kept.clear()
    assert read.exists() and other.exists() and kept.status(half)
    aged(kept.folder)
    fresh = kept.begin("e.mov", 9).upload  # clears, too
    assert read.exists() and around.exists() and not other.parent.exists()
    with pytest.raises(UploadUnknown):
        kept.status(half)
    assert {path.name.partition(".")[0] for path in kept.folder.iterdir()} == {
        *(path.parent.name for path in (read, around)),
        fresh,
    }


def test_an_upload_that_goes_on_or_is_played_is_not_old(tmp_path: Path) -> None:
    kept = Uploads(tmp_path)
    going, played = kept.begin("a.mov", 9).upload, whole(kept, "b.mov")
    aged(kept.folder)
    added(kept, going, 0, b"1")
    assert kept.holds(played)
    kept.clear()
    assert kept.status(going).received == 1 and played.exists()


def test_what_an_older_recue_kept_is_deleted_after_a_day_and_a_clock_that_was_wrong(
    tmp_path: Path,
) -> None:
    kept = Uploads(tmp_path)
    for name, seconds in (("a" * 32, KEPT_SECONDS + 9), ("b" * 32, -KEPT_SECONDS - 9)):
        (kept.folder / name).mkdir(parents=True)
        (kept.folder / name / "cut.otio").write_text("{}")
        then = time.time() - seconds
        os.utime(kept.folder / name, (then, then))
    kept.clear()
    assert not kept.folder.exists()


def test_nothing_is_deleted_while_nobody_knows_what_is_needed(tmp_path: Path) -> None:
    def unreadable() -> Iterator[Path]:
        raise StoreBusy("store")

    kept = Uploads(tmp_path, unreadable)
    path = whole(kept)
    aged(kept.folder)
    kept.clear()
    assert path.exists()


def test_only_a_whole_upload_is_held(tmp_path: Path) -> None:
    kept = Uploads(tmp_path)
    path, half = whole(kept), kept.begin("b.mov", 9).upload
    others = [
        *(path.parent, path.parent / "other.mov", kept.folder, kept.folder / half / "part"),
        *(kept.folder / half / "b.mov", path.parent / ".." / path.parent.name / path.name),
        Path("film.mov"),
    ]
    assert kept.holds(path) and not any(map(kept.holds, others))


def test_an_upload_is_deleted_unless_a_job_reads_it(tmp_path: Path) -> None:
    needed: list[Path] = []
    kept = Uploads(tmp_path, lambda: needed)
    path = whole(kept)
    upload = path.parent.name
    needed.append(path)
    with pytest.raises(EngineBusy):
        kept.delete(upload)
    needed.clear()
    kept.delete(upload)
    assert not path.exists()
    with pytest.raises(UploadUnknown):
        kept.delete(upload)


def test_a_disk_without_room_is_told_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "SPARE_BYTES", MEGABYTE)
    with mounted(tmp_path / "disk", "size=10m"):
        kept = Uploads(tmp_path / "disk")
        with pytest.raises(DiskFull) as caught:
            kept.begin("film.mov", 10 * MEGABYTE)
        assert "has no room for 10 MB" in caught.value.message
        assert not list(kept.folder.iterdir())
        kept.begin("film.mov", 5 * MEGABYTE)
        with pytest.raises(DiskFull):  # the room is the other one's
            kept.begin("other.mov", 5 * MEGABYTE)
        aside = kept.folder.parent / "aside"
        aside.write_bytes(bytes(6 * MEGABYTE))
        with pytest.raises(DiskFull):
            Uploads(tmp_path / "disk").begin("other.mov", 5 * MEGABYTE)


def test_a_disk_that_gets_full_meanwhile_is_told_and_the_upload_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "SPARE_BYTES", 0)
    with mounted(tmp_path / "disk", "size=8m"):
        kept = Uploads(tmp_path / "disk")
        upload = kept.begin("film.mov", 6 * MEGABYTE).upload
        parts = [bytes([number]) * 2 * MEGABYTE for number in range(3)]
        added(kept, upload, 0, parts[0])
        other = tmp_path / "disk" / "other"
        other.write_bytes(bytes(5 * MEGABYTE))
        with pytest.raises(DiskFull):
            added(kept, upload, 2 * MEGABYTE, parts[1])
        assert (kept.folder / upload / "part").stat().st_size == 2 * MEGABYTE
        other.unlink()
        added(kept, upload, 2 * MEGABYTE, parts[1])
        path = added(kept, upload, 4 * MEGABYTE, parts[2]).path
        assert path is not None and path.read_bytes() == b"".join(parts)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "uploads").write_text("a file")
    with pytest.raises(OutputUnwritable):
        Uploads(tmp_path).begin("film.mov", 1)


def test_a_folder_that_somebody_deletes_meanwhile_is_told(tmp_path: Path) -> None:
    kept = Uploads(tmp_path)
    upload = kept.begin("film.mov", 8).upload
    shutil.rmtree(kept.folder)
    with pytest.raises(UploadUnknown):
        added(kept, upload, 0, b"1234")


def test_uploads_have_a_limit_in_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_UPLOADS", 2)
    kept = Uploads(tmp_path)
    for _ in range(2):
        kept.begin("film.mov", 1)
    with pytest.raises(RequestRefused):
        kept.begin("film.mov", 1)


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_nobody_else_can_read_an_upload(tmp_path: Path) -> None:
    kept = Uploads(tmp_path)
    path = whole(kept)
    for each in [kept.folder, *kept.folder.rglob("*")]:
        assert each.stat().st_mode & 0o077 == 0, each
    assert path.exists()


def test_what_is_forgotten_goes_but_for_what_a_job_reads(tmp_path: Path) -> None:
    needed: list[Path] = []
    kept = Uploads(tmp_path, lambda: needed)
    film, other, read = (whole(kept, name) for name in ("film.mov", "other.mov", "read.mov"))
    needed.append(read)
    kept.forget([film, read, tmp_path / "elsewhere.mov"])
    assert [each.exists() for each in (film, other, read)] == [False, True, True]
    kept.forget()
    assert [each.exists() for each in (other, read)] == [False, True]
