"""Identification of media files without reading all of them.

The rule, in full:

1. A file's **digest** is the SHA-256 of its size and of 64 blocks of 64 KiB, spread evenly from its
   first byte to its last; a file of up to 4 MiB is read whole. It takes no longer for 100 GB than
   for 5 MB. Names and times are not in it: a moved, renamed, copied or restored file keeps its
   words.
2. A file that looks the same at the same path (size, times, number in its file system) is the same
   one, and is not read at all.
3. A file whose time of last change is another one at the *same path*, while its digest is the same,
   was written again: what changed may lie between the blocks (a few seconds recorded anew in a long
   WAV keep its size and its head). It is new media, and is recognised again. The words of the old
   one stay, for where that one still lies somewhere else.
4. At *another path* the same digest means the same media: of several, the one with the same time of
   last change, else the one met last.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from editor_plugin.core.errors import MediaChanged, MediaMissing, MediaUnreadable
from editor_plugin.core.jobs.request import refuse_bytes
from editor_plugin.engine.store.database import Database
from editor_plugin.engine.store.unindexed import mark_all

BLOCK = 64 * 1024
BLOCKS = 64


@dataclass(frozen=True)
class FileStat:
    """The properties of a file by which a change of it shows. Times are in ns."""

    size: int
    changed: int
    number: int
    touched: int

    @classmethod
    def at(cls, path: Path) -> FileStat:
        """The FileStat of a file. Raises MediaMissing, MediaUnreadable."""
        try:
            about = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            raise MediaMissing(str(path)) from None
        except OSError as error:
            raise MediaUnreadable(str(path), error.strerror or "") from None
        return cls(about.st_size, about.st_mtime_ns, about.st_ino, about.st_ctime_ns)

    def __str__(self) -> str:
        return f"{self.size} {self.changed} {self.number} {self.touched}"


@dataclass(frozen=True)
class Known:
    """A media file in the store. `stat` is None where the file is missing at present. `renewed`:
    the path had another file before."""

    media: int
    stat: FileStat | None
    renewed: bool = False


def digest(path: Path) -> str:
    """The digest of rule 1, 64 hex digits. Raises MediaMissing, MediaUnreadable."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            found = hashlib.sha256(str(size).encode())
            if size <= BLOCK * BLOCKS:
                found.update(file.read())
            else:
                for number in range(BLOCKS):
                    file.seek((size - BLOCK) * number // (BLOCKS - 1))
                    found.update(file.read(BLOCK))
    except FileNotFoundError:
        raise MediaMissing(str(path)) from None
    except OSError as error:
        raise MediaUnreadable(str(path), error.strerror or "") from None
    return found.hexdigest()


def first_fingerprint(path: Path) -> str:
    """The fingerprint of schema 1: size, time of last change, head, middle and tail."""
    try:
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            found = hashlib.sha256(f"{about.st_size} {about.st_mtime_ns}".encode())
            for at in (0, about.st_size // 2, max(0, about.st_size - BLOCK)):
                file.seek(at)
                found.update(file.read(BLOCK))
    except OSError as error:
        raise MediaUnreadable(str(path), error.strerror or "") from None
    return found.hexdigest()


def identify(database: Database, path: Path) -> Known:
    """Find the media of a file by the rule above, or add it. A missing file that was at this path
    before is the media that it was then. Raises MediaMissing, MediaUnreadable, MediaChanged,
    NameUnusable, and what the database raises."""
    refuse_bytes(path)
    rows = database.read("SELECT look, media FROM place WHERE path = ?", (str(path),))
    try:
        stat = FileStat.at(path)
    except MediaMissing:
        if rows:
            return Known(rows[0][1], None)
        raise
    if rows and rows[0][0] == str(stat):
        return Known(rows[0][1], stat)
    content = digest(path)
    if FileStat.at(path) != stat:
        raise MediaChanged(str(path))
    with database.write() as db:
        before = _media_of(db, rows[0][1]) if rows else None
        media = _chosen(db, path, content, stat, before)
        db.execute("UPDATE media SET name = ? WHERE id = ?", (path.name, media))
        db.execute("INSERT OR REPLACE INTO place VALUES (?, ?, ?)", (str(path), str(stat), media))
    return Known(media, stat, before is not None and before[0] != media)


def is_known_path(database: Database, path: Path) -> bool:
    """Whether media were seen at a path."""
    return bool(database.read("SELECT 1 FROM place WHERE path = ?", (str(path),)))


def paths_of(database: Database, media: int) -> list[str]:
    """The paths at which a media file was seen."""
    rows = database.read("SELECT path FROM place WHERE media = ? ORDER BY path", (media,))
    return [str(row[0]) for row in rows]


def _chosen(
    db: sqlite3.Connection,
    path: Path,
    content: str,
    stat: FileStat,
    before: tuple[int, str, int] | None,
) -> int:
    same = db.execute(
        "SELECT id, changed FROM media WHERE digest = ? ORDER BY id DESC", (content,)
    ).fetchall()
    for media, changed in same:
        if changed == stat.changed:
            return int(media)
    written_again = before is not None and before[1] == content
    if same and not written_again:
        return int(same[0][0])
    if not same and (known := _of_first_schema(db, path, content, stat)) is not None:
        return known
    added = db.execute(
        "INSERT INTO media (digest, changed, name) VALUES (?, ?, ?)",
        (content, stat.changed, path.name),
    )
    return int(added.lastrowid or 0)


def _of_first_schema(
    db: sqlite3.Connection, path: Path, content: str, stat: FileStat
) -> int | None:
    """Media of schema 1, which get the digest of today."""
    if not db.execute("SELECT 1 FROM media WHERE digest LIKE '1:%' LIMIT 1").fetchone():
        return None
    old = "1:" + first_fingerprint(path)
    found = db.execute("SELECT id FROM media WHERE digest = ?", (old,)).fetchone()
    if found is None:
        return None
    db.execute(
        "UPDATE media SET digest = ?, changed = ? WHERE id = ?", (content, stat.changed, found[0])
    )
    mark_all(db, found[0])  # corrections that were imported with this digest are its own now
    return int(found[0])


def _media_of(db: sqlite3.Connection, media: int) -> tuple[int, str, int] | None:
    found = db.execute("SELECT id, digest, changed FROM media WHERE id = ?", (media,)).fetchone()
    return None if found is None else (int(found[0]), str(found[1]), int(found[2]))
