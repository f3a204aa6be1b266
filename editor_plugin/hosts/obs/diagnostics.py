"""`recue doctor` as a process of its own, whose report is fetched when it is there."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from editor_plugin.core.errors import EnvironmentBroken
from editor_plugin.hosts.folders import WINDOWS, own_folders, this_machine

LONGEST_REPORT = 20_000


class DoctorProcess:
    """A running doctor. Begun by its construction, which raises EnvironmentBroken where it cannot
    be; `report` gives the text once it has ended, `close` ends it in any case."""

    def __init__(self) -> None:
        # To a file and not through a pipe: a pipe fills up where nobody reads at once.
        self._output = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            self._process = subprocess.Popen(
                [str(_python()), "-P", "-m", "editor_plugin", "doctor"],
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=subprocess.STDOUT,
                env=_environ(),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            self._output.close()
            reason = error.strerror or str(error)
            raise EnvironmentBroken(
                f"Recue's own Python cannot be run ({reason}).", "Run install.py again."
            ) from None

    def report(self) -> str | None:
        """What the doctor says; None as long as it looks."""
        if self._process.poll() is None:
            return None
        self._output.seek(0)
        text = self._output.read(LONGEST_REPORT).decode("utf-8", "replace")
        self.close()
        return text.strip() or "Recue's doctor says nothing; run recue doctor in a terminal."

    def close(self) -> None:
        """End it."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(2)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._output.close()


def _python() -> Path:
    """That of Recue's own environment: never the one that this runs in, which is OBS's."""
    machine = this_machine()
    inner = ("Scripts", "python.exe") if machine.system == WINDOWS else ("bin", "python")
    asked = machine.environ.get("RECUE_PYTHON")
    return Path(asked) if asked else own_folders(machine).environment.joinpath(*inner)


def _environ() -> dict[str, str]:
    """The environment without anything that OBS's Python was told."""
    kept = {name: each for name, each in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, "PYTHONUTF8": "1", "NO_COLOR": "1"}
