"""The store of these tests."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from editor_plugin.engine.corrections import Database
from tests.engine.corrections.desk import Desk

TABLES = """
CREATE TABLE media (id INTEGER PRIMARY KEY, digest TEXT NOT NULL, changed INTEGER NOT NULL,
    name TEXT NOT NULL);
CREATE TABLE output (path TEXT PRIMARY KEY, sha256 TEXT NOT NULL, made BLOB);
CREATE TABLE batch (id INTEGER PRIMARY KEY AUTOINCREMENT, origin TEXT NOT NULL,
    made_at TEXT NOT NULL);
CREATE TABLE correction (id INTEGER PRIMARY KEY AUTOINCREMENT,
    batch INTEGER NOT NULL REFERENCES batch ON DELETE CASCADE,
    media INTEGER NOT NULL REFERENCES media ON DELETE CASCADE, stream INTEGER NOT NULL,
    channel INTEGER NOT NULL, start TEXT NOT NULL, "end" TEXT NOT NULL, before TEXT NOT NULL,
    after TEXT NOT NULL);
CREATE INDEX correction_source ON correction (media, stream, channel);
CREATE TABLE term (project TEXT NOT NULL, wrong TEXT NOT NULL, "right" TEXT NOT NULL,
    PRIMARY KEY (project, wrong)) WITHOUT ROWID;
"""


class Plain:
    """SQLite in memory with the store's tables."""

    def __init__(self) -> None:
        self._db = sqlite3.connect(":memory:")
        self._db.executescript(TABLES)

    def read(self, query: str, values: Iterable[object] = ()) -> list[Any]:
        return self._db.execute(query, tuple(values)).fetchall()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        with self._db:
            yield self._db

    def close(self) -> None:
        self._db.close()


@pytest.fixture
def database() -> Iterator[Database]:
    found = Plain()
    yield found
    found.close()


@pytest.fixture
def other_database() -> Iterator[Database]:
    found = Plain()
    yield found
    found.close()


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)
