"""The table of attacks at the end of a run."""

from __future__ import annotations

import pytest

from tests.attacks import ledger


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table, in quiet runs too."""
    lines = ledger.table()
    if lines:
        terminalreporter.section("attacks")
        for line in lines:
            terminalreporter.write_line(line)
