"""Ending a process together with the one that started it.

On Linux the kernel does it, whatever either of them is doing. Elsewhere a child has to notice it
by itself, as at the end of its stdin. As a program, this file becomes the program in its arguments,
tied to the process whose number is the first one.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def tied(command: list[str]) -> list[str]:
    """The command that starts a program tied to this process, and to the thread that starts it; the
    same command where the system cannot do it."""
    if sys.platform != "linux":
        return command
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *command]


def tie_to(parent: int) -> None:
    """Have this process killed when the thread that started it ends; `parent` is the number of that
    thread's process. Does nothing where the system cannot do it."""
    if sys.platform != "linux":
        return
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it ended before that
            os._exit(1)


if __name__ == "__main__":
    tie_to(int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])
