"""A small engine with its service, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.service.desk import Desk
from tests.small_engine import SmallEngine


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(SmallEngine(tmp_path)) as desk:
        yield desk


@pytest.fixture
def still(tmp_path: Path) -> Iterator[Desk]:
    """One whose jobs do nothing by themselves."""
    with Desk(SmallEngine(tmp_path, work=False)) as desk:
        yield desk
