"""One SQLite file: opened, brought up to date, and its troubles told in Recue's own errors.

Write-ahead log, so that readers and the one writer do not wait for each other, and a commit that
returned is on the disk. What is deleted is overwritten (`secure_delete`).
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import (
    DiskFull,
    OutputUnwritable,
    RecueError,
    StoreBusy,
    StoreDamaged,
    StoreNewer,
)
from editor_plugin.engine.store.schema import STEPS, VERSION

BUSY_SECONDS = 30.0
"""How long another program's lock is waited for."""
_RETRY_SECONDS = 0.02
_NO_ROOM = 1_000_000
"""SQLite tells a full disk as a failed write where it happens in a file beside the store."""
_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR_SHORT_READ")
_DAMAGE_TOLD = ("no such table", "Could not decode to UTF-8")
"""Damage for which there is no number of its own."""


class Database:
    """An open store. Safe to use from several threads.

    Raises StoreDamaged where the file is no store that can be read, StoreNewer, StoreBusy,
    DiskFull, OutputUnwritable; so does every method.
    """

    def __init__(self, path: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._lock = threading.RLock()
        self._writes = 0
        with self._errors():
            path.parent.mkdir(parents=True, exist_ok=True)
        self._open()

    def close(self) -> None:
        """Close it; what was committed is on the disk already."""
        with self._lock:
            self._db.close()

    def read(self, query: str, values: Iterable[object] = ()) -> list[Any]:
        """Return every row."""
        with self._lock, self._errors(), closing(self._db.execute(query, tuple(values))) as cursor:
            return list(cursor.fetchall())

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is on the disk when the block ends, or none of it."""
        with self._lock, self._errors(), self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._writes += 1
            yield self._db

    def state(self) -> tuple[int, int]:
        """Changes whenever anything was written, by this program or another."""
        return self._writes, self.read("PRAGMA data_version")[0][0]

    def shrink(self) -> None:
        """Give the room of what was deleted back, and leave nothing of it in the log."""
        with self._lock, self._errors():
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def reopen(self) -> None:
        """Open it again after `close`: the file may be another one."""
        with self._lock:
            self._open()

    def exclusively(self) -> AbstractContextManager[object]:
        """A context in which no other thread of this program uses it."""
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
                if self._version() > VERSION:
                    raise StoreNewer(str(self.path), self._version())
                self._switch_to_write_ahead_log()
                self._db.execute("PRAGMA synchronous = FULL")
                self._db.execute("PRAGMA secure_delete = ON")
                self._bring_up_to_date()
                self._db.execute("PRAGMA foreign_keys = ON")
        except RecueError:
            self._db.close()
            raise

    def _switch_to_write_ahead_log(self) -> None:
        """Wait for whoever else opens the store: to this, SQLite answers “busy” without waiting."""
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
            version = self._version()  # asked again: another program may have done it meanwhile
            if version > VERSION:
                raise StoreNewer(str(self.path), version)
            if version == 0 and self._db.execute("SELECT 1 FROM sqlite_master").fetchone():
                raise StoreDamaged(str(self.path), "it is another program's database")
            for step in STEPS[version:]:
                for statement in step.split(";\n"):
                    self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {VERSION}")
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

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
        if name.startswith(_DAMAGE) or any(sign in str(error) for sign in _DAMAGE_TOLD):
            return StoreDamaged(str(self.path), str(error))
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
