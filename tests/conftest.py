"""What every room's tests share: how long an example may take, and what a skip means."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import settings

# How long an example takes says nothing here: the machine may do other things.
settings.register_profile("recue", deadline=None)
settings.load_profile("recue")

HERE = Path(__file__).parent
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
# A shell that starts the tests in the background has them ignore Ctrl-C, and all their children.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

OPTIONAL = "needs ../shared"
"""Of skips that are none of a machine's faults: recordings that no clone has."""
HEAVY = (
    *("fastapi", "ffmpeg", "filelock", "numpy", "obsws_python", "omegaconf", "psutil"),
    *("schemathesis", "scipy", "soundfile", "tomlkit", "torch", "yaml"),
)
"""What a light environment leaves out (see CONTRIBUTING.md), and tests or our code import."""
LONG = ("tests/hosts/resolve/", "tests/test_install.py")
"""Tests that need no package but minutes: a whole editor's double, and environments are made."""
TIMEOUT_S = 300
"""How long a test may take, where pytest-timeout is installed."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options for machines that have less, and for people who have more time."""
    parser.addoption(
        "--light", action="store_true", help="skip what needs more than is here, in CI, too"
    )
    parser.addoption("--long", action="store_true", help="run what takes minutes, too")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Set the timeout here: in pyproject.toml it is an error where its plugin is missing."""
    if getattr(config.option, "timeout", TIMEOUT_S) is None:
        config.option.timeout = TIMEOUT_S
    config.addinivalue_line("markers", "timeout: this test may take longer, or is to take less")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what has a short form that runs; skip what no import tells that it needs the
    models, or that takes long."""
    if not config.getoption("--long"):
        long = [item for item in items if item.get_closest_marker("long")]
        items[:] = [item for item in items if item not in long]
        config.hook.pytest_deselected(items=long)
    if not config.getoption("--light") and importlib.util.find_spec("nemo"):
        return
    for item in items:
        if item.get_closest_marker("nemo"):
            item.add_marker(pytest.mark.skip("needs the package nemo"))
        elif item.nodeid.startswith(LONG):
            item.add_marker(pytest.mark.skip("needs time, which light tests do not have"))


@pytest.fixture(autouse=True)
def closed_databases() -> Iterator[None]:
    """Close what a test leaves open: from Python 3.13 on, the garbage collector warns of it."""
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def recorded(*arguments: Any, **named: Any) -> sqlite3.Connection:
        opened.append(connect(*arguments, **named))
        return opened[-1]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sqlite3, "connect", recorded)
        yield
    for each in opened:
        with contextlib.suppress(sqlite3.Error):  # a thread's own, which only that one may close
            each.close()


class Lacking(pytest.Collector):
    """Stands for a folder of tests that is skipped as a whole."""

    def __init__(self, *, package: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.package = package

    def collect(self) -> Iterable[pytest.Item]:
        """Nothing but the reason."""
        pytest.skip(f"needs the package {self.package}")


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A folder whose conftest.py lacks a package is skipped; pytest itself would end there."""
    conftest = path / "conftest.py"
    if path == HERE or not conftest.is_file():
        return None
    names = conftest.with_suffix("").relative_to(HERE.parent).parts
    try:
        importlib.import_module(".".join(names))
    except ModuleNotFoundError as error:
        package = missing_package(error)
        if package not in HEAVY:
            return None  # pytest meets the error again, and shows it
        nodeid = "/".join(names[:-1])
        return Lacking.from_parent(parent, name=path.name, nodeid=nodeid, package=package)
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A user's machine may lack what a test needs; the one on which CI runs lacks nothing."""
    return _judged((yield), item.config)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that is skipped as a whole; one that lacks a package is."""
    report = yield
    call: pytest.CallInfo[object] | None = report.__dict__.get("call")
    missing = missing_package(call.excinfo.value if call and call.excinfo else None)
    if missing in HEAVY:
        del report.__dict__["call"]  # a skip is nothing to stop at in a debugger
        report.outcome = "skipped"
        report.longrepr = (report.nodeid, 0, f"Skipped: needs the package {missing}")
    return _judged(report, collector.config)


def missing_package(error: BaseException | None) -> str:
    """The package whose absence ended an import; empty where something else did."""
    while error is not None:
        if isinstance(error, ModuleNotFoundError):
            return str(error.name).partition(".")[0]
        error = error.__cause__ or error.__context__
    return ""


def _judged(report: Report, config: pytest.Config) -> Report:
    complete = os.environ.get("CI") == "true" and not config.getoption("--light")
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
