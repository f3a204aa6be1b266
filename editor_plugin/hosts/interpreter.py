"""Recue's own Python interpreter, started from an editor in a clean environment."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from editor_plugin.core.environment import clean_environment
from editor_plugin.core.errors import EnvironmentBroken
from editor_plugin.core.printable import printable_lines
from editor_plugin.hosts.folders import WINDOWS, own_folders, this_machine

LONGEST_REPORT = 20_000
"""Bytes of the doctor's report."""


def own_python(chosen: str | None = None) -> Path:
    """The interpreter `chosen`; without it RECUE_PYTHON, then that of Recue's own environment.

    Never `sys.executable`: inside an editor that is the editor. Raises EnvironmentBroken.
    """
    machine = this_machine()
    asked = chosen or machine.environ.get("RECUE_PYTHON")
    inner = ("Scripts", "python.exe") if machine.system == WINDOWS else ("bin", "python")
    python = Path(asked) if asked else own_folders(machine).environment.joinpath(*inner)
    if not python.is_file():
        raise EnvironmentBroken(
            f"Recue's own Python “{python}” is not there.",
            "Install Recue again." if not asked else "Correct RECUE_PYTHON, or unset it.",
        )
    return python


class DoctorProcess:
    """A running `recue doctor`; `close` ends it. Raises EnvironmentBroken if it does not start."""

    def __init__(self) -> None:
        python = own_python()
        # To a file and not through a pipe: a pipe fills up where nobody reads at once.
        self._output = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            self._process = subprocess.Popen(
                [str(python), "-P", "-m", "editor_plugin", "doctor", "--editor"],
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=subprocess.STDOUT,
                cwd=str(python.parent),
                env={**clean_environment(os.environ), "NO_COLOR": "1"},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            self._output.close()
            reason = error.strerror or str(error)
            raise EnvironmentBroken(
                f"Recue's own Python cannot be run ({reason}).", "Install Recue again."
            ) from None

    def report(self) -> str | None:
        """The doctor's report; None while it is still running."""
        if self._process.poll() is None:
            return None
        self._output.seek(0)
        text = self._output.read(LONGEST_REPORT).decode("utf-8", "replace")
        self.close()
        return (
            printable_lines(text).strip()
            or "Recue's diagnostics reported nothing. Install Recue again."
        )

    def close(self) -> None:
        """End the process."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(2)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._output.close()
