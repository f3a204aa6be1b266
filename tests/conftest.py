"""What every room's tests share: how long an example may take, and what a skip means."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Generator
from typing import TypeVar

import pytest
from hypothesis import settings

# How long an example takes says nothing here: the machine may do other things.
settings.register_profile("recue", deadline=None)
settings.load_profile("recue")

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
# A shell that starts the tests in the background has them ignore Ctrl-C, and all their children.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

OPTIONAL = "needs ../shared"
"""Of skips that are none of a machine's faults: recordings that no clone has."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A user's machine may lack what a test needs; the one on which CI runs lacks nothing."""
    return _judged((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that is skipped as a whole."""
    return _judged((yield))


def _judged(report: Report) -> Report:
    complete = os.environ.get("CI") == "true"
    if report.skipped and complete and not reason(report).startswith(OPTIONAL):
        report.outcome = "failed"
        report.longrepr = f"skipped where everything should be there: {reason(report)}"
    return report


def reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why a test was skipped."""
    told = report.longrepr
    text = str(told[2]) if isinstance(told, tuple) else str(told)
    return text.removeprefix("Skipped: ")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was skipped for want of what, with the number of tests."""
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    counted = Counter((reason(report), report.nodeid.partition("::")[0]) for report in skipped)
    terminalreporter.section("skipped, and for want of what")
    for why in sorted({why for why, _ in counted}):
        files = {file: count for (each, file), count in sorted(counted.items()) if each == why}
        terminalreporter.write_line(f"{sum(files.values()):5}  {why}")
        for file, count in files.items():
            terminalreporter.write_line(f"       {count:5}  {file}")
