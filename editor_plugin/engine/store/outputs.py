"""The files that Recue has written: their checksums, and the provenance of subtitles.

A provenance is zlib of JSON, made and read by `engine.corrections.provenance_file`. Here only its
"sources" are known, [[media, stream, channel], …], for forgetting a media file.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from editor_plugin.engine.store.database import Database

LEVEL = 1
"""Of zlib. An hour takes 170 kB instead of 140, and a third of the time."""


def last_written(database: Database, path: Path) -> str | None:
    """The SHA-256 of what was last written to a path; None where nothing was."""
    rows = database.read("SELECT sha256 FROM output WHERE path = ?", (str(path.absolute()),))
    return str(rows[0][0]) if rows else None


def note_written(database: Database, path: Path, sha256: str) -> None:
    """Keep the SHA-256 of what was written to a path. What it was made of is not known any more."""
    with database.write() as db:
        values = (str(path.absolute()), sha256)
        db.execute("INSERT OR REPLACE INTO output VALUES (?, ?, NULL)", values)


def note_provenance(database: Database, path: Path, made: bytes) -> None:
    """Keep the provenance of a written file."""
    with database.write() as db:
        values = (made, str(path.absolute()))
        db.execute("UPDATE output SET made = ? WHERE path = ?", values)


def provenance_at(database: Database, path: Path) -> bytes | None:
    """The provenance of the file that was written to a path; None where none is kept."""
    rows = database.read("SELECT made FROM output WHERE path = ?", (str(path.absolute()),))
    return rows[0][0] if rows else None


def provenance_by_name(database: Database, name: str) -> list[bytes]:
    """The provenance of every file that was written under a name, whatever its folder and case."""
    rows = database.read("SELECT path FROM output WHERE made IS NOT NULL ORDER BY path")
    paths = [Path(path) for (path,) in rows]
    same = [path for path in paths if path.name.casefold() == name.casefold()]
    return [made for path in same if (made := provenance_at(database, path)) is not None]


def forget_sources(db: sqlite3.Connection, media: Iterable[int]) -> None:
    """Forget the provenance that refers to some media, and the jobs with results made of them."""
    doomed = frozenset(media)
    for key, table, change in (
        ("path", "output", "UPDATE output SET made = NULL WHERE path = ?"),
        ("job", "job_input", "DELETE FROM job WHERE id = ?"),
    ):
        rows = db.execute(f"SELECT {key}, made FROM {table} WHERE made IS NOT NULL").fetchall()
        for value, made in rows:
            if not doomed.isdisjoint(source[0] for source in unpacked(made)["sources"]):
                db.execute(change, (value,))


def packed(provenance: dict[str, Any]) -> bytes:
    """The bytes of a provenance, as they are kept."""
    return zlib.compress(json.dumps(provenance).encode("ascii"), LEVEL)


def unpacked(made: bytes) -> dict[str, Any]:
    """What `packed` was given."""
    body: dict[str, Any] = json.loads(zlib.decompress(made))
    return body
