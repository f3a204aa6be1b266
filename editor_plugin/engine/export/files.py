"""Atomic writing of output files, which never overwrites a file that Recue did not write."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from editor_plugin.core.errors import DiskFull, OutputIsInput, OutputNameTooLong, OutputUnwritable
from editor_plugin.engine.plain_files import refuse_special
from editor_plugin.engine.store import Store
from editor_plugin.engine.store.outputs import last_written, note_written


def refuse_inputs(target: Path, inputs: Iterable[Path]) -> None:
    """Raise OutputIsInput where `target` is one of the inputs, by any name, and OutputNameTooLong
    where no file can have its name."""
    for source in inputs:
        with _explained(target):
            there = target.exists()
        same = there and os.path.exists(source) and target.samefile(source)
        if same or target.absolute() == source.absolute():
            raise OutputIsInput(str(target))


def refuse_unwritable(folder: Path) -> None:
    """Raise OutputUnwritable or DiskFull where no file can be made in `folder`: called before
    anything runs, so that an hour's work does not end at a locked folder."""
    with _explained(folder):
        spare = _spare(folder, "")
        spare.open("xb").close()
        spare.unlink()


def refuse_target(target: Path) -> None:
    """The same for a file that is to be written; also where something is there that is no file, and
    that a file would take the place of."""
    with _explained(target):
        if target.exists():
            refuse_special(target)
    refuse_unwritable(target.parent)


def put(target: Path, text: str, store: Store) -> Path | None:
    """Write `text` (UTF-8) to `target` through a temporary file. A file there that differs from
    what Recue last wrote (made or corrected by hand) is kept under another name, which is returned;
    but not one that holds `text` already, written by a run that was killed before it could record
    that."""
    content = text.encode("utf-8")
    with _explained(target):
        if target.exists():
            refuse_special(target)
        temporary = _spare(target.parent, target.name)
        try:
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o666 & ~_umask())
            kept = _keep(target, content, store)
            os.replace(temporary, target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    note_written(store.database, target, hashlib.sha256(content).hexdigest())
    return kept


def content_digest(path: Path) -> str:
    """SHA-256 of a file, which may be of any size, as lower-case hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _spare(folder: Path, name: str) -> Path:
    """The path of a temporary file, always the same; what a killed run left there is removed."""
    spare = folder / f".recue-{hashlib.sha256(os.fsencode(name)).hexdigest()[:16]}"
    spare.unlink(missing_ok=True)
    return spare


def _keep(target: Path, content: bytes, store: Store) -> Path | None:
    if not target.exists():
        return None
    found = content_digest(target)
    ours = (hashlib.sha256(content).hexdigest(), last_written(store.database, target))
    if found in ours:
        return None
    number = 1
    while (kept := target.with_name(f"{target.stem}.kept-{number}{target.suffix}")).exists():
        number += 1
    target.rename(kept)
    return kept


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn an OSError into a RecueError that names the path."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(str(path.parent)) from error
        if error.errno == errno.ENAMETOOLONG:
            raise OutputNameTooLong(str(path)) from error
        raise OutputUnwritable(str(path), _reason(error)) from error


def _reason(error: OSError) -> str:
    reasons = {
        errno.ENOENT: "the folder does not exist",
        errno.ENOTDIR: "the folder does not exist",
        errno.EACCES: "Recue has no permission to write there",
        errno.EPERM: "Recue has no permission to write there",
        errno.EROFS: "the disk is read-only",
        errno.EISDIR: "it is a folder",
    }
    return reasons.get(error.errno or 0, error.strerror or "the system refused")
