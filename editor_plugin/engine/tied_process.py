"""Ending a process together with the one that started it.

On Linux the kernel does it, whatever either of them is doing. Elsewhere a child has to notice it
by itself, as at the end of its stdin.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


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
