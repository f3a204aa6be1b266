"""Media and timeline files that the page uploads, part by part, kept as long as they are needed.

A page in a browser can read a file, but does not know its path. So it uploads the content, and the
job reads the copy. In the work folder there is for each upload

    uploads/ID.json   its name, its bytes, and how many of them are here
    uploads/ID/part   its content so far
    uploads/ID/NAME   the whole file, under its own name

`ID.json` is replaced after a part is on the disk. So whatever ends the engine, an upload goes on
at a byte up to which everything is right.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from editor_plugin.core.errors import (
    DiskFull,
    EngineBusy,
    FileKindUnknown,
    MediaEmpty,
    OutputUnwritable,
    RecueError,
    RequestRefused,
    UploadDamaged,
    UploadElsewhere,
    UploadUnknown,
)
from editor_plugin.engine.interchange import FOLDER_SUFFIXES, TIMELINE_SUFFIXES
from editor_plugin.engine.media.forms import MEDIA_SUFFIXES
from editor_plugin.engine.plain_files import LARGEST_SETTINGS, read_plain
from editor_plugin.engine.plain_names import is_plain, is_too_long
from editor_plugin.engine.private_files import opener

UPLOADS = "uploads"
PART = "part"
SUFFIXES = (TIMELINE_SUFFIXES - FOLDER_SUFFIXES) | MEDIA_SUFFIXES
MOST_PART_BYTES = 8 * 1024 * 1024
"""Of one part: it is in memory as a whole, to be checked before anything is written."""
MOST_UPLOADS = 1000
SPARE_BYTES = 64 * 1024 * 1024
"""That an upload leaves on the disk, for the store and for audio to be extracted."""
ACTIVE_SECONDS = 300.0
"""After its last part, an upload that is not whole is still counted as one that needs its room."""
KEPT_SECONDS = 24 * 3600.0
"""For which an upload is kept, whole or not, after it was last used and no job needs it."""


@dataclass(frozen=True)
class Upload:
    """An upload. `received` counts the bytes that are here, of `bytes`; `path` is that of the whole
    file, None before it is whole."""

    upload: str
    name: str
    bytes: int
    received: int = 0
    path: Path | None = None


class Uploads:
    """The uploads in the work folder `work`. `needed` returns the files and folders that unfinished
    jobs read. Safe to use from several threads."""

    def __init__(self, work: Path, needed: Callable[[], Iterable[Path]] = tuple) -> None:
        self.folder = work / UPLOADS
        self._needed = needed
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._active: dict[str, tuple[float, int]] = {}

    def begin(self, name: str, size: int) -> Upload:
        """Begin the upload of a file. Raises RequestRefused for a name with a path,
        FileKindUnknown, MediaEmpty, DiskFull where there is no room for it, OutputUnwritable."""
        _refuse_name(name)
        if size <= 0:
            raise MediaEmpty(name)
        self.clear()
        begun = Upload(secrets.token_hex(16), name, size)
        with self._explained():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if len(self._all()) >= MOST_UPLOADS:
                raise RequestRefused(f"there are {MOST_UPLOADS} uploads already")
            self._refuse_full(size)
            (self.folder / begun.upload).mkdir(mode=0o700)
            with open(self._part(begun.upload), "xb", opener=opener):
                pass
            self._write(begun)
        self._active[begun.upload] = (time.monotonic(), size)
        return begun

    def status(self, upload: str) -> Upload:
        """An upload as it stands. Raises UploadUnknown."""
        try:
            found = json.loads(read_plain(self._about(upload), LARGEST_SETTINGS))
            name, size, received = str(found["name"]), int(found["bytes"]), int(found["received"])
            whole = self.folder / upload / name
            if is_plain(name) and whole.is_file():
                return Upload(upload, name, size, size, whole)
            here = self._part(upload).stat().st_size
            return Upload(upload, name, size, min(received, here))
        except (OSError, ValueError, TypeError, KeyError):
            raise UploadUnknown(upload) from None

    def add(self, upload: str, at: int, content: bytes, checksum: str) -> Upload:
        """Add a part, whose first byte is byte `at` of the file and whose SHA-256 is `checksum` in
        hex. Raises UploadUnknown, UploadElsewhere, UploadDamaged, RequestRefused, DiskFull,
        OutputUnwritable; the upload then stands as before."""
        with self._locks[upload]:
            found = self.status(upload)
            if at != found.received or (content and found.path is not None):
                raise UploadElsewhere(upload, found.received)
            if len(content) > found.bytes - found.received:
                raise RequestRefused(f"“{found.name}” was to have {found.bytes} bytes, not more")
            if hashlib.sha256(content).hexdigest() != checksum:
                raise UploadDamaged(upload, found.received)
            if found.path is not None:
                return found
            with self._explained():
                self._append(upload, at, content)
                found = replace(found, received=at + len(content))
                if found.received == found.bytes:
                    whole = self.folder / upload / found.name
                    os.replace(self._part(upload), whole)
                    found = replace(found, path=whole)
                self._write(found)
            self._active[upload] = (time.monotonic(), found.bytes - found.received)
            return found

    def delete(self, upload: str) -> None:
        """Delete an upload. Raises UploadUnknown, and EngineBusy where an unfinished job reads
        it."""
        with self._locks[upload]:
            self.status(upload)
            if upload in self._ids(self._needed()):
                raise EngineBusy(1)
            self._remove(upload)

    def forget(self, paths: Iterable[Path] | None = None) -> None:
        """Delete the uploads that these files are in, by default all, but for those that an
        unfinished job reads. Raises as `needed` does."""
        unwanted = self._all() if paths is None else self._ids(paths)
        for upload in unwanted - self._ids(self._needed()):
            with self._locks[upload]:
                self._remove(upload)

    def holds(self, path: Path) -> bool:
        """Whether a path is that of a whole upload, which counts as used then."""
        ids = self._ids([path])
        for upload in ids:
            with suppress(RecueError, OSError):
                if self.status(upload).path == path:
                    os.utime(self._about(upload))
                    return True
        return False

    def clear(self) -> None:
        """Delete what was not used for a day, and what no unfinished job reads; the next call tries
        failed deletions again."""
        try:
            needed = self._ids(self._needed())
        except RecueError:  # the store cannot be read now
            return
        for upload in self._all() - needed:
            if self._is_old(upload):
                with self._locks[upload]:
                    self._remove(upload)
        with suppress(OSError):
            self.folder.rmdir()

    def _append(self, upload: str, at: int, content: bytes) -> None:
        with open(self._part(upload), "r+b") as file:
            try:
                file.truncate(at)  # without what was written when an engine was killed
                file.seek(at)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                with suppress(OSError):  # the content is in the buffer until it is written
                    os.truncate(self._part(upload), at)
                raise

    def _write(self, upload: Upload) -> None:
        about = self._about(upload.upload)
        new = about.with_suffix(".new")
        kept = {key: asdict(upload)[key] for key in ("name", "bytes", "received")}
        with open(new, "w", encoding="ascii", opener=opener) as file:
            json.dump(kept, file)
        os.replace(new, about)

    def _refuse_full(self, size: int) -> None:
        now = time.monotonic()
        self._active = {
            each: (at, left)
            for each, (at, left) in self._active.items()
            if at + ACTIVE_SECONDS > now
        }
        promised = sum(left for _, left in self._active.values())
        free = shutil.disk_usage(self.folder).free - promised - SPARE_BYTES
        if size > free:
            raise DiskFull(str(self.folder), -(-size // 1_000_000))

    def _remove(self, upload: str) -> None:
        shutil.rmtree(self.folder / upload, ignore_errors=True)
        with suppress(OSError):
            self._about(upload).unlink()
        self._active.pop(upload, None)

    def _all(self) -> set[str]:
        """Every upload by its id, broken ones included."""
        try:
            return {path.name.partition(".")[0] for path in self.folder.iterdir()}
        except OSError:
            return set()

    def _is_old(self, upload: str) -> bool:
        times = []
        for path in (self._about(upload), self.folder / upload):
            with suppress(OSError):
                times.append(path.stat().st_mtime)
        # A time to come is of a clock that was wrong.
        return not times or abs(time.time() - max(times)) > KEPT_SECONDS

    def _ids(self, paths: Iterable[Path]) -> set[str]:
        """The uploads that these files or folders are in."""
        depth = len(self.folder.parts)
        return {
            path.parts[depth]
            for path in paths
            if len(path.parts) > depth and path.parts[:depth] == self.folder.parts
        }

    def _about(self, upload: str) -> Path:
        return self.folder / f"{upload}.json"

    def _part(self, upload: str) -> Path:
        return self.folder / upload / PART

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull(str(self.folder)) from None
            reason = error.strerror or str(error)
            raise OutputUnwritable(str(self.folder), reason) from None


def _refuse_name(name: str) -> None:
    """Raise for a name that is not that of a file that a job could read; see `Uploads.begin`."""
    if not is_plain(name):
        raise RequestRefused(f"{name!a} is not the plain name of a file")
    if is_too_long(name):
        raise RequestRefused("the name of the file is too long")
    if Path(name).suffix.lower() not in SUFFIXES:
        raise FileKindUnknown(name, sorted(SUFFIXES))
