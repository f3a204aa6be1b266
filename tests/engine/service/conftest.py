"""A small engine with its service, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.service.served import ServedEngine
from tests.small_engine import SmallEngine


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Models are looked for, and settings kept, in no folder of a user's, and nothing is fetched
    from the hub."""
    monkeypatch.setenv("RECUE_HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedEngine]:
    with ServedEngine(SmallEngine(tmp_path)) as served:
        yield served


@pytest.fixture
def still(tmp_path: Path) -> Iterator[ServedEngine]:
    """One whose jobs do nothing by themselves."""
    with ServedEngine(SmallEngine(tmp_path, work=False)) as served:
        yield served
