"""The table of faults at the end of a run, and what the tests of this room share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import ledger
from tests.faults.household import MARK, Expected, Household, expected_of, film_of, left_over


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table, in quiet runs too."""
    lines = ledger.table()
    if lines:
        terminalreporter.section("faults")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two minutes of sound."""
    return film_of(tmp_path_factory.mktemp("film") / "Interview – été.wav", 120)


@pytest.fixture(scope="session")
def expected(film: Path, tmp_path_factory: pytest.TempPathFactory) -> Expected:
    """What a run gives that nothing disturbs."""
    return expected_of(Household(tmp_path_factory.mktemp("undisturbed")), film)


@pytest.fixture
def household(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Household]:
    """A user's machine. Fails where a process is left."""
    monkeypatch.setenv(MARK, str(tmp_path))
    yield Household(tmp_path)
    assert left_over(tmp_path) == []
