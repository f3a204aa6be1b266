"""The store of these tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from editor_plugin.engine.store import Database
from tests.engine.corrections.stored_clip import StoredClip


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path / "here" / "store.sqlite")) as found:
        yield found


@pytest.fixture
def other_database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path / "there" / "store.sqlite")) as found:
        yield found


@pytest.fixture
def stored_clip(database: Database) -> StoredClip:
    return StoredClip(database)
