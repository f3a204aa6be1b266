"""A bound on what compound clips and nested sequences can contain by repeating each other."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from editor_plugin.engine.interchange.draft import Unreadable

MOST = 50_000
"""Elements; more than any timeline has."""
FEW = 5_000
"""Elements that every file may expand to, however short it is."""
TIMES = 100
"""How many times its own elements a longer file may expand to: a multicam clip of two hundred
pieces that is cut two hundred times is within it."""
_READ_WITH = 16
"""Children of an element that are looked through in the time that one element takes."""


class Expansion:
    """Counts the elements that are read of a document, each time that one is read. `what` are the
    containers that repeat each other, for the user."""

    def __init__(self, root: Element, what: str) -> None:
        own = sum(1 for _ in root.iter())
        self._most = min(MOST, max(FEW, TIMES * own))
        self._left = self._most
        self._what = what
        self._sizes: dict[int, int] = {}

    def read(self, element: Element) -> None:
        """Count an element, and its children, which are looked through. Raises Unreadable."""
        self._count(1 + len(element) // _READ_WITH)

    def read_again(self, element: Element) -> None:
        """Count an element with all that is in it. Raises Unreadable."""
        if id(element) not in self._sizes:
            self._sizes[id(element)] = sum(1 for _ in element.iter())
        self._count(self._sizes[id(element)] // _READ_WITH)

    def _count(self, elements: int) -> None:
        self._left -= elements
        if self._left < 0:
            raise Unreadable(f"its {self._what} contain more than {self._most} elements")
