"""A terminal in which somebody types."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def in_terminal(
    command: list[str], answers: str, cwd: Path, env: dict[str, str]
) -> tuple[int, str]:
    """Run a command in a terminal of its own, with all answers typed beforehand."""
    ours, its = os.openpty()
    process = subprocess.Popen(
        command, cwd=cwd, env=env, stdin=its, stdout=its, stderr=its, start_new_session=True
    )
    os.close(its)
    os.write(ours, answers.encode())
    shown = b""
    try:
        while more := os.read(ours, 4096):
            shown += more
    except OSError:  # Linux' way to say that nobody writes any more
        pass
    os.close(ours)
    return process.wait(60), shown.decode("utf-8").replace("\r\n", "\n")
