"""The user interface in Resolve's Console, which cannot ask: it prints the default choices."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence

from editor_plugin.core.jobs.status import time_left
from editor_plugin.core.printable import printable
from editor_plugin.hosts.resolve.user_interface import Question

QUIET_SECONDS = 5.0
"""The least time between two lines of progress."""


class Console:
    """A user interface of printed lines; `write` takes one line."""

    def __init__(
        self,
        write: Callable[[str], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._write = write or _print
        self._sleep = sleep
        self._last = ("", float("-inf"))

    def ask(self, title: str, questions: Sequence[Question]) -> list[int] | None:
        """The choices made at first."""
        for question in questions:
            self._write(f"{title}: {question.text}: {question.choices[question.chosen]}")
        return [question.chosen for question in questions]

    def drive(self, title: str, steps: Iterator[float]) -> None:
        """Make the steps one after the other."""
        for seconds in steps:
            self._sleep(seconds)

    def progress(self, what: str, percent: float, seconds_left: float | None) -> None:
        """A line now and then."""
        now = time.monotonic()
        if what != self._last[0] or now - self._last[1] >= QUIET_SECONDS:
            self._last = (what, now)
            left = time_left(seconds_left)
            self._write(f"{what}: {percent:.0f} %{', ' + left if left else ''}")

    def announce(self, sentence: str) -> None:
        """A line."""
        self._write(sentence)

    def report(self, title: str, sentences: Sequence[str]) -> None:
        """A line for each."""
        for sentence in (title, *sentences):
            self._write(sentence)

    def cancelled(self) -> bool:
        """Never: there is nothing to click."""
        return False

    def close(self) -> None:
        """Nothing to take away."""


def _print(line: str) -> None:
    """Print, whatever the locale can show: scripts may start in an ASCII one."""
    line = printable(line)
    try:
        print(f"Recue: {line}", flush=True)
    except UnicodeError:
        encoding = sys.stdout.encoding or "ascii"
        print(f"Recue: {line}".encode(encoding, "replace").decode(encoding), flush=True)
    except (OSError, ValueError, AttributeError):
        pass  # there is no Console to print to
