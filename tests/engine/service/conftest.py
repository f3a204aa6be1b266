"""A small engine with its service, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.service.served import ServedEngine
from tests.small_engine import SmallEngine


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedEngine]:
    with ServedEngine(SmallEngine(tmp_path)) as served:
        yield served


@pytest.fixture
def still(tmp_path: Path) -> Iterator[ServedEngine]:
    """One whose jobs do nothing by themselves."""
    with ServedEngine(SmallEngine(tmp_path, work=False)) as served:
        yield served
