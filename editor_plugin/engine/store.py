"""What was heard, kept in SQLite: each finished window at once, so that a crash loses at most one.

Windows and words are in samples at 16 kHz of the source, counted from the file's first frame.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import DiskFull, OutputUnwritable
from editor_plugin.core.protocol import word_from_wire, word_to_wire
from editor_plugin.core.transcript import HeardWindow, Window

SCHEMA_VERSION = 1
SCHEMA = """
CREATE TABLE hearing (
    id INTEGER PRIMARY KEY,
    media TEXT NOT NULL,      -- fingerprint of the media file
    stream INTEGER NOT NULL,  -- -1: the first
    channel INTEGER NOT NULL, -- -1: all, mixed
    model TEXT NOT NULL,      -- fingerprint of the model file
    language TEXT NOT NULL,   -- '': the model's own choice
    extent INTEGER,           -- samples in the source, once its end has been seen
    UNIQUE (media, stream, channel, model, language)
);
CREATE TABLE window (
    hearing INTEGER NOT NULL REFERENCES hearing ON DELETE CASCADE,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    context_start INTEGER NOT NULL,
    context_end INTEGER NOT NULL,
    words TEXT NOT NULL,      -- JSON: [[text, start, end, confidence], …]
    PRIMARY KEY (hearing, start, "end")
) WITHOUT ROWID;
CREATE TABLE remembered (
    model TEXT PRIMARY KEY,   -- fingerprint of the model file
    limits TEXT NOT NULL      -- JSON: what fitted and worked on this machine
) WITHOUT ROWID;
CREATE TABLE written (
    path TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL      -- of what Recue last wrote there
) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class HearingKey:
    """What was heard, and by which model. See the table for the meaning of each part."""

    media: str
    stream: int | None
    channel: int | None
    model: str
    language: str | None


class Store:
    """One open store. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        with self._errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=30, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._create()

    def close(self) -> None:
        """Close it; committed windows are on disk already."""
        self._db.close()

    def hearing(self, key: HearingKey) -> int:
        """The row that stands for `key`, made where there is none."""
        row = (
            key.media,
            -1 if key.stream is None else key.stream,
            -1 if key.channel is None else key.channel,
            key.model,
            key.language or "",
        )
        with self._write() as db:
            db.execute(
                "INSERT OR IGNORE INTO hearing (media, stream, channel, model, language)"
                " VALUES (?, ?, ?, ?, ?)",
                row,
            )
            found = db.execute(
                "SELECT id FROM hearing WHERE media = ? AND stream = ? AND channel = ?"
                " AND model = ? AND language = ?",
                row,
            ).fetchone()
        return int(found[0])

    def extent(self, hearing: int) -> int | None:
        """How many samples the source has, if its end has been seen."""
        rows = self._read("SELECT extent FROM hearing WHERE id = ?", (hearing,))
        return rows[0][0] if rows else None

    def set_extent(self, hearing: int, samples: int) -> None:
        """Keep where the source ends."""
        with self._write() as db:
            db.execute("UPDATE hearing SET extent = ? WHERE id = ?", (samples, hearing))

    def commit(self, hearing: int, heard: HeardWindow) -> None:
        """Keep a finished window. It is on disk when this returns."""
        window = heard.window
        words = json.dumps([word_to_wire(word) for word in heard.words])
        with self._write() as db:
            db.execute(
                "INSERT OR REPLACE INTO window VALUES (?, ?, ?, ?, ?, ?)",
                (
                    hearing,
                    window.start,
                    window.end,
                    window.context_start,
                    window.context_end,
                    words,
                ),
            )

    def heard(self, hearing: int) -> tuple[HeardWindow, ...]:
        """Every finished window, by start."""
        rows = self._read(
            'SELECT start, "end", context_start, context_end, words FROM window'
            " WHERE hearing = ? ORDER BY start",
            (hearing,),
        )
        return tuple(
            HeardWindow(Window(*row[:4]), tuple(map(word_from_wire, json.loads(row[4]))))
            for row in rows
        )

    def covered(self, hearing: int) -> list[tuple[int, int]]:
        """The finished windows' own ranges [start, end), by start."""
        return self._read(
            'SELECT start, "end" FROM window WHERE hearing = ? ORDER BY start', (hearing,)
        )

    def recall(self, model: str) -> dict[str, object]:
        """What was remembered for a model on this machine; empty where nothing was."""
        rows = self._read("SELECT limits FROM remembered WHERE model = ?", (model,))
        found = json.loads(rows[0][0]) if rows else {}
        return found if isinstance(found, dict) else {}

    def remember(self, model: str, limits: dict[str, object]) -> None:
        """Keep what fitted and worked for a model."""
        with self._write() as db:
            db.execute(
                "INSERT OR REPLACE INTO remembered VALUES (?, ?)", (model, json.dumps(limits))
            )

    def last_written(self, path: Path) -> str | None:
        """The SHA-256 of what was last written to `path`, or None."""
        rows = self._read("SELECT sha256 FROM written WHERE path = ?", (str(path),))
        return str(rows[0][0]) if rows else None

    def note_written(self, path: Path, sha256: str) -> None:
        """Keep the SHA-256 of what was written to `path`."""
        with self._write() as db:
            db.execute("INSERT OR REPLACE INTO written VALUES (?, ?)", (str(path), sha256))

    def _create(self) -> None:
        if self._db.execute("PRAGMA user_version").fetchone()[0] == 0:
            self._db.executescript(
                f"BEGIN; {SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
            )

    def _read(self, query: str, values: Iterable[object]) -> list[Any]:
        with self._lock, self._errors(), closing(self._db.execute(query, tuple(values))) as cursor:
            return list(cursor.fetchall())

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._errors(), self._db:
            yield self._db

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            if "full" in str(error):
                raise DiskFull(str(self.path.parent)) from error
            raise OutputUnwritable(str(self.path), str(error)) from error
        except OSError as error:
            raise OutputUnwritable(str(self.path), error.strerror or str(error)) from error
