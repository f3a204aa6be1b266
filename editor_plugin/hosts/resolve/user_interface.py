"""How Recue speaks with its user inside Resolve: a window where one may be opened, else lines in
the Console."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Question:
    """Something to choose: what it is about, the choices, and the one that is made at first."""

    name: str
    text: str
    choices: tuple[str, ...]
    chosen: int = 0


class UserInterface(Protocol):
    """Ask, show progress, tell, report."""

    def ask(self, title: str, questions: Sequence[Question]) -> list[int] | None:
        """The number of the choice for each question; None where the user calls it off."""

    def drive(self, title: str, steps: Iterator[float]) -> None:
        """Make steps, each of which gives the seconds until the next; raises what one raises."""

    def progress(self, what: str, percent: float, seconds_left: float | None) -> None:
        """What is being done, and how far it is."""

    def tell(self, sentence: str) -> None:
        """A sentence that the user should see now."""

    def report(self, title: str, sentences: Sequence[str]) -> None:
        """The end: everything that there is to say."""

    def cancelled(self) -> bool:
        """Whether the user asked to stop."""

    def close(self) -> None:
        """Take it away, with everything that belongs to it."""
