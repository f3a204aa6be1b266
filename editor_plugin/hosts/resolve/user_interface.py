"""The user interface inside Resolve: windows where scripts may open them, else Console lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Question:
    """A question: its name, its text, the choices, and the one that is preselected."""

    name: str
    text: str
    choices: tuple[str, ...]
    chosen: int = 0


class UserInterface(Protocol):
    """Questions, progress and reports. `menu.window` and `menu.console` are the two of them."""

    def ask(self, title: str, questions: Sequence[Question]) -> list[int] | None:
        """The number of the choice for each question; None where the user cancels."""

    def drive(self, title: str, steps: Iterator[float]) -> None:
        """Take steps, each of which yields the seconds until the next; raises what one raises."""

    def progress(self, what: str, percent: float, seconds_left: float | None) -> None:
        """Show the current activity, and how far it is."""

    def announce(self, sentence: str) -> None:
        """Show a sentence at once."""

    def report(self, title: str, sentences: Sequence[str]) -> None:
        """Show the report at the end."""

    def cancelled(self) -> bool:
        """Whether the user asked to stop."""

    def close(self) -> None:
        """Close what is open."""
