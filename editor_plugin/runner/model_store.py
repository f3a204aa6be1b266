"""Unpacked models, each in a folder that is named after the SHA-256 of its .nemo file.

A folder is written once: the file is unpacked and hashed in one reading into a folder with another
name, checked, and renamed when all of it is on the disk. So a folder with a digest for its name is
whole, and holds what was hashed. Beside the model it keeps a record of the .nemo file: as long as
that file has the same size, times and number, it need not be read to know its digest.

An unpacked model takes as much room as its file, 2.5 GB for the largest. Only one is kept, the one
that was opened last, besides those that other runners have open.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from editor_plugin.core.errors import DiskFull, EnvironmentBroken, ModelUnknown
from editor_plugin.runner import nemo_file

_RECORD = "record.json"
_MODEL = "model"
_UNFINISHED = ".part"
_IN_USE = ".in-use"


@contextlib.contextmanager
def opened(path: Path, store: Path) -> Iterator[Path]:
    """Yield the folder with the unpacked model of a .nemo file; no other runner removes it
    meanwhile. Raises as `nemo_file.unpack` and `nemo_file.check`."""
    if not path.is_file():
        raise ModelUnknown(str(path), ["demo"])
    try:
        store.mkdir(parents=True, exist_ok=True)
        # One at a time, so that no model is unpacked twice, or removed just before it is used.
        with FileLock(store / "lock"):
            folder = _known(path, store)
            if folder is None:
                _sweep(store)  # the disk may have room for only one
                folder = _unpacked(path, store)
            lock = FileLock(store / f"{folder.name}.{secrets.token_hex(4)}{_IN_USE}")
            lock.acquire()
            _sweep(store)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(str(store)) from None
        raise EnvironmentBroken(
            f"The folder “{store}” cannot be written: {error.strerror or error}.",
            "Make it writable, or set another data folder; then run the same command again.",
            "Make it writable, or set another data folder; then start again.",
        ) from None
    try:
        yield folder / _MODEL
    finally:
        lock.release()
        _unlink(Path(lock.lock_file))


def _known(path: Path, store: Path) -> Path | None:
    """Return the folder of a file that was unpacked before and is still the same, if any."""
    source = _source(path)
    for record in store.glob(f"*/{_RECORD}"):
        folder = record.parent
        if folder.suffix == _UNFINISHED:
            continue
        try:
            known = json.loads(record.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if known == {"source": source, "files": _files(folder / _MODEL)}:
            return folder
    return None


def _unpacked(path: Path, store: Path) -> Path:
    """Unpack and check a file, and return its folder."""
    part = store / f"{secrets.token_hex(8)}{_UNFINISHED}"
    model = part / _MODEL
    model.mkdir(parents=True)
    try:
        source = _source(path)  # if the file changes from here on, the record is not valid
        digest = nemo_file.unpack(path, model)
        nemo_file.check(path, model)
        with (part / _RECORD).open("x", encoding="utf-8") as file:
            json.dump({"source": source, "files": _files(model)}, file)
            file.flush()
            os.fsync(file.fileno())
        folder = store / digest
        if folder.exists():  # of a copy of this file, or with something missing
            _remove(folder)
        part.rename(folder)
        return folder
    finally:
        _remove(part)


def _source(path: Path) -> list[Any]:
    about = path.stat()
    return [
        str(path.absolute()),
        about.st_size,
        about.st_mtime_ns,
        about.st_ctime_ns,
        about.st_ino,
    ]


def _files(model: Path) -> dict[str, int]:
    """The files of an unpacked model and their sizes in bytes."""
    return {
        file.relative_to(model).as_posix(): file.stat().st_size
        for file in sorted(model.rglob("*"))
        if file.is_file()
    }


def _sweep(store: Path) -> None:
    """Remove what no runner has open."""
    used = set()
    for file in store.glob(f"*{_IN_USE}"):
        lock = FileLock(file)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            used.add(file.name.partition(".")[0])
            continue
        lock.release()
        _unlink(file)
    for folder in store.iterdir():
        if folder.is_dir() and folder.name not in used:
            _remove(folder)


def _remove(folder: Path) -> None:
    # Under another name first, so that no half-removed folder has a digest for its name.
    doomed = folder.with_name(f"{folder.name.partition('.')[0]}-old{_UNFINISHED}")
    with contextlib.suppress(OSError):
        folder.rename(doomed)
    shutil.rmtree(doomed, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _unlink(file: Path) -> None:
    with contextlib.suppress(OSError):  # Windows: another runner is looking at it just now
        file.unlink(missing_ok=True)
