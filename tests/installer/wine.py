"""Windows programs under Wine: a prefix of its own, and programs that stand for Pythons.

Wine's cmd reads what a variable is expanded to once more, which Windows' own does not: names with a
percent sign cannot be tried here.
"""

from __future__ import annotations

import importlib.util
import io
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.programs import SYSTEM_PATH, need

STUB = r"""@echo off
rem The first argument says what this program stands for, the second is its own path.
if "%~1"=="py" goto launcher
if "%~3"=="-I" exit /b %1
goto other
:launcher
set "asked=%~3"
if "%~4"=="-I" goto answer
:other
>>"%MADE_UP_LOG%" echo %*
exit /b %MADE_UP_STATUS%
:answer
if "%asked%"=="%MADE_UP_PY%" exit /b 0
exit /b 103
"""
"""Probed, it ends with the status that it was made with; a launcher has the one version of
MADE_UP_PY. Started otherwise, it logs its arguments and ends with MADE_UP_STATUS."""


def windows(path: Path) -> str:
    """A path as Windows programs see it."""
    return "Z:" + str(path).replace("/", "\\")


@dataclass(frozen=True)
class Wine:
    """A prefix, which is a made-up Windows, and the log of what stubs were started with."""

    prefix: Path
    stub: Path

    def run(self, *command: str, answers: str = "", **environ: str) -> tuple[int, str]:
        """Run a command of Windows to its end; its status, and what it printed.

        That goes to a file: Wine's services may start with a program and outlive it, and would
        keep a pipe open.
        """
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                ["wine", *command],
                input=answers.encode(),
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**self.environ, **environ},
                timeout=280,
            )
            output.seek(0)
            return done.returncode, output.read().decode("utf-8", "replace")

    @property
    def environ(self) -> dict[str, str]:
        return {
            "PATH": SYSTEM_PATH,
            "HOME": str(self.prefix.parent),
            "LC_ALL": "C.UTF-8",
            "WINEPREFIX": str(self.prefix),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=",
        }

    def program(self, path: Path, stands_for: str) -> None:
        """Make a program that hands its own path and its arguments to the stub."""
        spec = importlib.util.find_spec("pip._vendor.distlib")
        launcher = Path(str(spec and spec.origin)).with_name("t64.exe")
        if not launcher.is_file():  # Debian's own pip has none
            pytest.skip("needs pip's launcher for Windows")
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("__main__.py", "")
        shebang = f"#!C:\\windows\\system32\\cmd.exe /d /c {windows(self.stub)} {stands_for}\n"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(launcher.read_bytes() + shebang.encode() + archive.getvalue())


@contextmanager
def started(folder: Path) -> Iterator[Wine]:
    """A new prefix below a folder; its programs are ended with the block."""
    need("wine", path=SYSTEM_PATH)
    stub = folder / "stub.bat"
    stub.write_bytes(STUB.replace("\n", "\r\n").encode("ascii"))
    wine = Wine(folder / "prefix", stub)
    try:
        status, said = wine.run("wineboot", "-i")
        assert status == 0, said
        # As long as one program runs, Wine's services need not start anew for each other one.
        with subprocess.Popen(
            ["wine", "cmd"], env=wine.environ, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        ) as waiting:
            assert wine.run("cmd", "/c", "exit", "7")[0] == 7
            yield wine
            waiting.terminate()
    finally:
        for how in ("-k", "-w"):
            subprocess.run(["wineserver", how], env=wine.environ, check=False)
