"""Deletion of recognised words and everything made from them, without traces on the disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from editor_plugin.core.errors import EngineBusy, MediaMissing, StoredUnknown
from editor_plugin.engine.search.index import purge
from editor_plugin.engine.store import Database
from editor_plugin.engine.store.identity import digest
from editor_plugin.engine.store.outputs import forget_sources

_EVERYTHING = ("job", "media", "output", "batch", "term", "remembered")
"""The tables at the root of all references; rows of other tables are deleted with theirs."""


@dataclass(frozen=True)
class Forgotten:
    """What was forgotten: the name of the media, how many windows of it were deleted, and where its
    files were last seen."""

    name: str
    parts: int
    places: tuple[Path, ...] = ()


def forget(database: Database, path: Path) -> Forgotten:
    """Delete a media file's words, its corrections, the jobs with results of it, and the provenance
    of files written from it. The file may have been moved or deleted. Raises MediaMissing where
    nothing is known of it, EngineBusy while jobs are unfinished, SearchUnavailable where this
    Python cannot take the words out of the index, and what the database raises."""
    media = _media(database, path)
    if not media:
        raise MediaMissing(str(path))
    return _forget(database, path.name, media)


def forget_stored(database: Database, media: int) -> Forgotten:
    """The same for a row of the list of stored media, with every other row of the same content.
    Raises StoredUnknown where there is none, and else as `forget` does."""
    rows = database.read(
        "SELECT id, name FROM media WHERE digest = (SELECT digest FROM media WHERE id = ?)",
        (media,),
    )
    names = dict(rows)
    if media not in names:
        raise StoredUnknown(media)
    return _forget(database, names[media], list(names))


def forget_all(database: Database) -> int:
    """Delete everything, also damaged stores that were set aside. Returns the number of deleted
    windows. Raises as `forget` does."""
    with database.write() as db:
        _refuse_busy(db)
        (windows,) = db.execute("SELECT count(*) FROM window").fetchone()
        for table in _EVERYTHING:
            db.execute(f"DELETE FROM {table}")
        purge(database, db)
    database.shrink()
    for aside in set_aside(database.path):
        aside.unlink(missing_ok=True)
    return int(windows)


def set_aside(store: Path) -> list[Path]:
    """The damaged stores beside a store, which contain words, too."""
    return sorted(store.parent.glob(f"{store.stem}.damaged-*"))


def _forget(database: Database, name: str, media: Sequence[int]) -> Forgotten:
    marks = ", ".join("?" * len(media))
    with database.write() as db:
        _refuse_busy(db)
        places = db.execute(f"SELECT path FROM place WHERE media IN ({marks})", media).fetchall()
        (windows,) = db.execute(
            f"SELECT count(*) FROM window WHERE hearing IN"
            f" (SELECT id FROM hearing WHERE media IN ({marks}))",
            media,
        ).fetchone()
        forget_sources(db, media)
        db.execute(f"DELETE FROM media WHERE id IN ({marks})", media)
        db.execute("DELETE FROM batch WHERE id NOT IN (SELECT batch FROM correction)")
        purge(database, db)
    database.shrink()
    return Forgotten(name, int(windows), tuple(Path(path) for (path,) in places))


def _refuse_busy(db: sqlite3.Connection) -> None:
    """In the transaction that deletes, so that no job begins in between."""
    rows = db.execute("SELECT count(*) FROM job WHERE state IN ('queued', 'running')").fetchall()
    if rows[0][0]:
        raise EngineBusy(rows[0][0])


def _media(database: Database, path: Path) -> list[int]:
    """Every row of the media that is, or was, at a path, by its path and its content."""
    rows = database.read(
        "SELECT digest FROM media WHERE id IN (SELECT media FROM place WHERE path = ?)",
        (str(path.absolute()),),
    )
    digests = {row[0] for row in rows}
    if path.is_file():
        digests.add(digest(path))
    return [
        row[0]
        for each in sorted(digests)
        for row in database.read("SELECT id FROM media WHERE digest = ?", (each,))
    ]
