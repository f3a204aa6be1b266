"""Access to one SQLite file: opening, migration to the present schema, and Recue's errors.

With a write-ahead log, so that readers and the one writer do not wait for each other; a commit that
returned is on the disk. Deleted data are overwritten (`secure_delete`).
"""

from __future__ import annotations

import functools
import os
import shutil
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import (
    DiskFull,
    OutputUnwritable,
    ProtocolError,
    RecueError,
    StoreBusy,
    StoreDamaged,
    StoreNewer,
)
from editor_plugin.engine.private_files import opener
from editor_plugin.engine.store.schema import INDEX, STEPS, VERSION

IN_MEMORY = Path(":memory:")
"""SQLite's name for a store that is no file."""
BUSY_SECONDS = 30.0
"""The wait for another program's lock."""
_RETRY_SECONDS = 0.02
_NO_ROOM = 1_000_000
"""Bytes. SQLite reports a full disk as a failed write where a file beside the store is affected."""
_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR_SHORT_READ")
_DAMAGE_MESSAGES = (
    *("no such table", "no such column", "no such index", "already exists", "duplicate column"),
    *("Could not decode to UTF-8", "malformed", "unsupported file format"),
)
"""Damage without an error name of its own."""
GARBLED = (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError)
"""What comes of reading a value of which bytes were changed. SQLite does not notice that."""


class Database:
    """An open store. Safe to use from several threads. It and every method raise StoreDamaged,
    StoreNewer, StoreBusy, DiskFull and OutputUnwritable."""

    def __init__(self, path: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path
        self.is_damaged = False
        """Whether damage was met, which is to be repaired as soon as nothing is at work."""
        self._busy_seconds = busy_seconds
        self._lock = threading.RLock()
        self._writes = 0
        with self._errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            if path != IN_MEMORY:
                # SQLite gives its log and its index the modes of this file.
                os.close(opener(str(path), os.O_RDWR | os.O_CREAT))
        self._open()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def read(self, query: str, values: Iterable[object] = ()) -> list[Any]:
        """Every row of a query."""
        with self._lock, self._errors(), closing(self._db.execute(query, tuple(values))) as cursor:
            return list(cursor.fetchall())

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction, which is committed to the disk as a whole when the block ends."""
        with self._lock, self._errors(), self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._writes += 1
            yield self._db

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A context in which stored values are read. Raises StoreDamaged where one is garbled."""
        try:
            yield
        except (*GARBLED, ProtocolError, RecursionError, zlib.error) as error:
            raise self._damaged(f"a value is garbled, {error}") from error

    def state(self) -> tuple[int, int]:
        """A value that changes whenever anything is written, by this program or another."""
        return self._writes, self.read("PRAGMA data_version")[0][0]

    def shrink(self) -> None:
        """Free the space of deleted data, also in the log."""
        with self._lock, self._errors():
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def reopen(self) -> None:
        """Open the file again after `close`; it may have been replaced."""
        with self._lock:
            self.is_damaged = False
            self._open()

    def exclusively(self) -> AbstractContextManager[object]:
        """A context in which no other thread of this program uses the store."""
        return self._lock

    def _open(self) -> None:
        with self._errors():
            self._db = sqlite3.connect(
                self.path,
                timeout=self._busy_seconds,
                check_same_thread=False,
                isolation_level=None,
            )
        try:
            with self._errors():
                self._refuse_other_version()
                self._switch_to_write_ahead_log()
                self._db.execute("PRAGMA synchronous = FULL")
                self._db.execute("PRAGMA secure_delete = ON")
                self._bring_up_to_date()
                self._db.execute("PRAGMA foreign_keys = ON")
        except RecueError:
            self._db.close()
            raise

    def _switch_to_write_ahead_log(self) -> None:
        """Wait for other programs that open the store: here SQLite reports “busy” at once."""
        until = time.monotonic() + self._busy_seconds
        while True:
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if not _busy(error) or time.monotonic() >= until:
                    raise
            time.sleep(_RETRY_SECONDS)

    def _bring_up_to_date(self) -> None:
        if self._version() == VERSION:
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            version = self._version()  # read again: another program may have done it meanwhile
            if version > VERSION:
                raise StoreNewer(str(self.path), version)
            if version == 0 and self._db.execute("SELECT 1 FROM sqlite_master").fetchone():
                raise self._damaged("it is another program's database")
            for step in STEPS[version:]:
                for statement in step.split(";\n"):
                    self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {VERSION}")
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    def _refuse_other_version(self) -> None:
        """Raise StoreNewer, and StoreDamaged where the number alone has changed: every other form
        has other tables."""
        version = self._version()
        if version == VERSION:
            return
        # Asked again: another program may have brought the store up to date in between.
        if _form(self._db) == _present_form() and self._version() == version:
            raise self._damaged(f"its form is said to be {version}")
        if version > VERSION:
            raise StoreNewer(str(self.path), version)

    def _damaged(self, detail: str) -> StoreDamaged:
        self.is_damaged = True
        return StoreDamaged(str(self.path), detail)

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise self._explained(error) from error
        except OSError as error:
            raise OutputUnwritable(str(self.path), error.strerror or str(error)) from error

    def _explained(self, error: sqlite3.DatabaseError) -> RecueError:
        name = getattr(error, "sqlite_errorname", "") or ""
        if name == "SQLITE_FULL" or (name.startswith("SQLITE_IOERR") and self._no_room()):
            return DiskFull(str(self.path.parent))
        if name.startswith(_DAMAGE) or any(sign in str(error) for sign in _DAMAGE_MESSAGES):
            return self._damaged(str(error))
        if _busy(error):
            return StoreBusy(str(self.path))
        return OutputUnwritable(str(self.path), str(error))

    def _no_room(self) -> bool:
        try:
            return shutil.disk_usage(self.path.parent).free < _NO_ROOM
        except OSError:
            return False


def _busy(error: sqlite3.DatabaseError) -> bool:
    name = getattr(error, "sqlite_errorname", "") or ""
    return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _form(db: sqlite3.Connection) -> frozenset[tuple[str, str]]:
    """Every table with each of its columns, but for the index: it is not there where this SQLite
    has no full-text search."""
    query = (
        "SELECT m.name, c.name FROM (SELECT name FROM sqlite_master WHERE type = 'table'"
        f" AND name NOT GLOB '{INDEX}*') m, pragma_table_info(m.name) c"
    )
    return frozenset(db.execute(query).fetchall())


@functools.cache
def _present_form() -> frozenset[tuple[str, str]]:
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(";\n".join(STEPS))
        return _form(db)
