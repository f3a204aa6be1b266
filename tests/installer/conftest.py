"""One made-up Windows for all tests of the installer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.installer.wine import Wine, started


@pytest.fixture(scope="session")
def wine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wine]:
    """A prefix of Wine's; it takes 700 MB, and is removed at once."""
    folder = tmp_path_factory.mktemp("wine")
    with started(folder) as wine:
        yield wine
    shutil.rmtree(wine.prefix)
