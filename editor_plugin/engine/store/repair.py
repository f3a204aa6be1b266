"""Repair of a damaged store: readable rows are copied to a new one, and the damaged file is kept.

Only the owner of the store may do this (see `engine.engine`): another program that has the file
open would go on with the one that was set aside.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import RecueError, StoreDamaged, from_wire
from editor_plugin.core.jobs.status import count
from editor_plugin.engine.store.checksum import without_checksum
from editor_plugin.engine.store.database import BUSY_SECONDS, GARBLED, Database
from editor_plugin.engine.store.log_file import finished_frames
from editor_plugin.engine.store.store import words_from_text

MOST_BYTES = 1 << 40
"""No store has a terabyte: a header with a larger size is damaged itself."""
_PARTS = ("", "-wal", "-shm")
"""The files that make up a SQLite database."""
_TABLES = {
    "media": "id",
    "place": "path",
    "used": "media",
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
"""Each table and its key, in the order of references."""
SALVAGE = "salvage-"
SAVING = ".saving"
SAVED = ".saved"
"""The suffixes of a new store while it is being made, and when it is complete."""


def opened(path: Path, busy_seconds: float = BUSY_SECONDS) -> tuple[Database, tuple[str, ...]]:
    """Open a store, and repair it if necessary; also return notes for the user on the repair."""
    try:
        saved = _prepare_files(path)
        finished = finished_frames(_part(path, "-wal"))
        database = Database(path, busy_seconds)
        _check_tables(database, finished)
        return database, (_note(database, _last_aside(path)),) if saved else ()
    except StoreDamaged:
        return repaired(path, busy_seconds)


def repaired(path: Path, busy_seconds: float = BUSY_SECONDS) -> tuple[Database, tuple[str, ...]]:
    """Set a damaged store aside and copy what can be read of it to a new one, which is complete
    before the old one is moved, so that a kill loses neither."""
    saving, saved = _part(path, SAVING), _part(path, SAVED)
    _remove(saving)
    _remove(saved)
    database = Database(saving, busy_seconds)
    try:
        _salvage(path, database)
    finally:
        database.close()
    saving.replace(saved)
    aside = _set_aside(path)
    saved.replace(path)
    database = Database(path, busy_seconds)
    return database, (_note(database, aside),)


def _note(database: Database, aside: Path) -> str:
    rows = database.read('SELECT words, start, "end", context_start, context_end FROM window')
    words = sum(len(words_from_text(text, window)) for text, *window in rows)
    corrections, terms = (
        int(database.read(f"SELECT count(*) FROM {table}")[0][0])
        for table in ("correction", "term")
    )
    parts = (count(words, "word"), count(corrections, "correction"), count(terms, "term"))
    saved = f"{parts[0]}, {parts[1]} and {parts[2]} of the glossary could be saved"
    if not (words or corrections or terms):
        saved = "nothing could be read"
    return f"Recue's transcripts were damaged: {saved}. The damaged file is kept as “{aside}”."


def _prepare_files(path: Path) -> bool:
    """Create a store where there is none, or finish an interrupted repair; return whether that was
    so. Raises StoreDamaged where the file is empty, or missing without its log: SQLite would begin
    a new one, and delete the log."""
    if not path.exists() and _part(path, SAVED).exists():
        _part(path, SAVED).replace(path)
        return True
    size = path.stat().st_size if path.exists() else 0
    if size == 0 and (path.exists() or _part(path, "-wal").exists()):
        raise StoreDamaged(str(path), "it is empty")
    if size == 0:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove(_part(path, SAVING))
        Database(_part(path, SAVING)).close()
        _part(path, SAVING).replace(path)
    return False


def _part(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _remove(path: Path) -> None:
    for suffix in _PARTS:
        _part(path, suffix).unlink(missing_ok=True)


def _check_tables(database: Database, finished: int) -> None:
    """Raise StoreDamaged where a small table cannot be read, or SQLite did not read the `finished`
    frames of the log. Other damage is detected on use, as reading all of a large store at each
    start would take seconds."""
    try:
        taken = database.read("PRAGMA wal_checkpoint(PASSIVE)")[0][1]
        # Read again: another program may have begun a new log meanwhile.
        if min(finished, finished_frames(_part(database.path, "-wal"))) > taken:
            raise StoreDamaged(str(database.path), "the log of the last changes is damaged")
        for table in ("media", "hearing", "job", "term"):
            database.read(f"SELECT count(*) FROM {table}")
    except StoreDamaged:
        database.close()
        raise


def _set_aside(path: Path) -> Path:
    number = 1
    while any(_part(_aside(path, number), suffix).exists() for suffix in _PARTS):
        number += 1
    for suffix in reversed(_PARTS):  # the log is of no use without the store
        if _part(path, suffix).exists():
            _part(path, suffix).rename(_part(_aside(path, number), suffix))
    return _aside(path, number)


def _aside(path: Path, number: int) -> Path:
    return path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")


def _last_aside(path: Path) -> Path:
    number = 1
    while _aside(path, number + 1).exists():
        number += 1
    return _aside(path, number)


def _salvage(damaged: Path, into: Database) -> None:
    """Copy every row that can be read."""
    for left in damaged.parent.glob(SALVAGE + "*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=damaged.parent, prefix=SALVAGE) as folder:
        copy = Path(folder, damaged.name)
        for suffix in _PARTS:
            if _part(damaged, suffix).exists():
                shutil.copyfile(_part(damaged, suffix), _part(copy, suffix))
        with contextlib.suppress(sqlite3.DatabaseError, FileNotFoundError):
            _lengthen(copy)
            with contextlib.suppress(RecueError):
                Database(copy).close()  # an older form is brought up to date, if it can be
            with closing(sqlite3.connect(copy)) as source:
                _copy(source, into)


def _lengthen(database: Path) -> None:
    """Extend a truncated file to the length in its header; SQLite reads no other."""
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
            kinds = {each[1]: each[2] for each in db.execute(f"PRAGMA table_info({table})")}
            marks = ", ".join("?" * len(kinds))
            for row in _rows(source, table, key, tuple(kinds)):
                if _of_kinds(row, kinds.values()):
                    with contextlib.suppress(sqlite3.Error):  # missing, or there twice
                        db.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)
        _drop_orphans(db)


def _of_kinds(row: tuple[Any, ...], kinds: Iterable[str]) -> bool:
    """Whether each value is of its column's kind, or missing: SQLite takes any."""
    expected = {"INTEGER": int, "TEXT": str, "BLOB": bytes}
    return all(v is None or type(v) is expected[k] for v, k in zip(row, kinds, strict=True))


def _rows(
    source: sqlite3.Connection, table: str, key: str, names: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    """The rows from the first one to the damage, and from the last one back to it."""
    seen = set()
    columns = [part.strip() for part in key.split(",")]
    wanted = ", ".join(f'"{name}"' for name in names)
    for direction in ("ASC", "DESC"):
        order = ", ".join(f"{column} {direction}" for column in columns)
        try:
            for row in source.execute(f"SELECT {wanted} FROM {table} ORDER BY {order}"):
                whole = _whole(table, row)
                if row[: len(columns)] not in seen and whole is not None:
                    seen.add(row[: len(columns)])
                    yield whole
            return
        except sqlite3.DatabaseError:
            continue


def _whole(table: str, row: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """A row with valid checksums, without damaged values that can be missing; else None."""
    if table == "window":
        return row if _reads(lambda: words_from_text(row[5], row[1:5])) else None
    if table == "job":
        error = row[4] if row[4] is None or _reads(lambda: from_wire(json.loads(row[4]))) else None
        return (*row[:4], error, *row[5:]) if _is_json(row[3]) else None
    if table == "job_input":  # without its plan the rest is planned again
        plan = row[3] if row[3] is None or _is_json(row[3]) else None
        status = row[4] if _is_json(row[4]) else ""
        result, made = (each if _is_packed(each) else None for each in row[5:7])
        return (*row[:3], plan, status, result, made)
    if table == "output":
        return (*row[:2], row[2] if _is_packed(row[2]) else None)
    if table == "correction":
        times = _reads(lambda: (Fraction(row[5]), Fraction(row[6])))
        return row if times and _reads(lambda: [str(each) for each in json.loads(row[7])]) else None
    if table == "remembered":
        return row if _is_json(row[1]) else None
    return row


def _is_packed(content: bytes | None) -> bool:
    return content is None or _reads(lambda: json.loads(zlib.decompress(content)))


def _is_json(text: str) -> bool:
    return _reads(lambda: json.loads(without_checksum(text)))


def _reads(read: Callable[[], object]) -> bool:
    try:
        read()
    except (*GARBLED, zlib.error, RecueError):
        return False
    return True


def _drop_orphans(db: sqlite3.Connection) -> None:
    """Delete rows whose owner could not be read."""
    for table, column, owner in (
        ("hearing", "media", "media"),
        ("place", "media", "media"),
        ("used", "media", "media"),
        ("window", "hearing", "hearing"),
        ("job_input", "job", "job"),
        ("correction", "media", "media"),
        ("correction", "batch", "batch"),
    ):
        db.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT id FROM {owner})")
