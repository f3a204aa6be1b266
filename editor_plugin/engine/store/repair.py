"""A damaged store: what can still be read is saved into a new one, and the damaged file is kept.

Only whoever owns the store may do this (see `engine.house`): another program that has the file open
would go on in the one that was set aside.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import RecueError, StoreDamaged
from editor_plugin.core.protocol import word_from_wire
from editor_plugin.engine.store.database import Database
from editor_plugin.engine.store.schema import VERSION

MOST_BYTES = 1 << 40
"""No store is a terabyte: a head that tells more is damaged itself."""
_PARTS = ("", "-wal", "-shm")
"""The files that make up a SQLite database."""
_TABLES = {
    "media": "id",
    "place": "path",
    "hearing": "id",
    "window": 'hearing, start, "end"',
    "remembered": "model",
    "output": "path",
    "job": "id",
    "job_input": "job, number",
    "batch": "id",
    "correction": "id",
    "term": "project, wrong",
}
"""Each table and its key, those that others refer to first."""


def opened(path: Path) -> tuple[Database, tuple[str, ...]]:
    """Open a store, mending it where it must be; also return what the user should know of that."""
    try:
        database = Database(path)
        _look_over(database)
        return database, ()
    except StoreDamaged:
        return mended(path)


def mended(path: Path) -> tuple[Database, tuple[str, ...]]:
    """Set a damaged store aside and save what can be read of it into a new one."""
    aside = _set_aside(path)
    database = Database(path)
    windows = _salvage(aside, database)
    saved = f"{windows} finished parts were saved" if windows else "nothing in it could be read"
    return database, (
        f"Recue's transcripts were damaged: {saved}. The damaged file is kept as “{aside}”.",
    )


def _look_over(database: Database) -> None:
    """Raise StoreDamaged where a small table cannot be read. What lies deeper is found when it is
    used: to read all of a large store at each start would take seconds."""
    try:
        for table in ("media", "hearing", "job", "term"):
            database.read(f"SELECT count(*) FROM {table}")
    except StoreDamaged:
        database.close()
        raise


def _set_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    for part in _PARTS:
        old = path.with_name(path.name + part)
        if old.exists():
            old.rename(aside.with_name(aside.name + part))
    return aside


def _salvage(damaged: Path, into: Database) -> int:
    """Copy every row that can be read; return how many windows."""
    with tempfile.TemporaryDirectory(dir=damaged.parent, prefix="salvage-") as folder:
        copy = Path(folder, damaged.name)
        for part in _PARTS:
            if (file := damaged.with_name(damaged.name + part)).exists():
                shutil.copyfile(file, copy.with_name(copy.name + part))
        _lengthen(copy)
        try:
            with closing(sqlite3.connect(copy)) as source:
                if source.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                    return 0
                _copy(source, into)
        except sqlite3.DatabaseError:
            return 0
    return int(into.read("SELECT count(*) FROM window")[0][0])


def _lengthen(database: Path) -> None:
    """Give a file that was cut off the length that its head tells: SQLite reads nothing else."""
    with database.open("r+b") as file:
        head = file.read(100)
        page = int.from_bytes(head[16:18], "big")
        size = (65536 if page == 1 else page) * int.from_bytes(head[28:32], "big")
        if head.startswith(b"SQLite format 3\0") and database.stat().st_size < size < MOST_BYTES:
            file.truncate(size)


def _copy(source: sqlite3.Connection, into: Database) -> None:
    with into.write() as db:
        db.execute("PRAGMA defer_foreign_keys = ON")
        for table, key in _TABLES.items():
            for row in _rows(source, table, key):
                marks = ", ".join("?" * len(row))
                db.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)
        _drop_orphans(db)


def _rows(source: sqlite3.Connection, table: str, key: str) -> Iterator[tuple[Any, ...]]:
    """The rows from the first one to where it breaks, and from the last one back to there."""
    seen = set()
    columns = [part.strip() for part in key.split(",")]
    for direction in ("ASC", "DESC"):
        order = ", ".join(f"{column} {direction}" for column in columns)
        try:
            for row in source.execute(f"SELECT * FROM {table} ORDER BY {order}"):
                if row[: len(columns)] not in seen and _is_whole(table, row):
                    seen.add(row[: len(columns)])
                    yield row
            return
        except sqlite3.DatabaseError:
            continue


def _is_whole(table: str, row: tuple[Any, ...]) -> bool:
    """Whether the words of a window are words."""
    if table != "window":
        return True
    try:
        for word in json.loads(row[5]):
            word_from_wire(word)
    except (ValueError, TypeError, RecueError):
        return False
    return True


def _drop_orphans(db: sqlite3.Connection) -> None:
    """Rows whose owner could not be read are of no use."""
    for table, column, owner in (
        ("hearing", "media", "media"),
        ("place", "media", "media"),
        ("window", "hearing", "hearing"),
        ("job_input", "job", "job"),
        ("correction", "media", "media"),
    ):
        db.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT id FROM {owner})")
