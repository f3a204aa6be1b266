"""The base of the tree, the surfaces that show an error, and the way back from the wire form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, cast

from editor_plugin.core.printable import printable


class Surface(Enum):
    """Where an error is shown, and so what its reader has at hand to mend it."""

    COMMAND_LINE = "command-line"
    EDITOR = "editor"
    PAGE = "page"


@dataclass(frozen=True)
class Remedies:
    """What the user can do, in the words of each surface.

    Only the command line's reader has commands and options. One that is empty for an editor is as
    on the command line; one that is empty for the page, as in an editor.
    """

    command_line: str
    editor: str = ""
    page: str = ""

    def on(self, surface: Surface) -> str:
        """The one for a surface."""
        if surface is Surface.COMMAND_LINE:
            return self.command_line
        elsewhere = self.editor or self.command_line
        return elsewhere if surface is Surface.EDITOR else self.page or elsewhere


class RecueError(Exception):
    """Base of the tree.

    `code` is stable and may be matched by programs; `message` says what happened. What the user can
    do depends on where they are: `remedy` says it for a surface, and `todo` is the command line's.
    `data` holds the constructor's arguments, JSON-ready. The sentences may be shown as they are,
    whatever names they quote.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, todo: str | Remedies, /, **data: Any) -> None:
        message = printable(message)
        super().__init__(message)
        given = todo if isinstance(todo, Remedies) else Remedies(todo)
        self._remedies = Remedies(*map(printable, (given.command_line, given.editor, given.page)))
        self.message = message
        self.todo = self._remedies.command_line
        self.data = data

    def __str__(self) -> str:
        return self.sentence(Surface.COMMAND_LINE)

    def __reduce__(self) -> tuple[Any, ...]:
        return (from_wire, (self.to_wire(),))

    def remedy(self, surface: Surface) -> str:
        """What the user of a surface can do."""
        return self._remedies.on(surface)

    def sentence(self, surface: Surface) -> str:
        """What happened, and what the user of a surface can do."""
        return f"{self.message} {self.remedy(surface)}".strip()

    def to_wire(self) -> dict[str, Any]:
        """Return the JSON form: code, message, todo, data, and the other surfaces' remedies."""
        others = (Surface.EDITOR, Surface.PAGE)
        return {
            "code": self.code,
            "message": self.message,
            "todo": self.todo,
            "remedies": {surface.value: self.remedy(surface) for surface in others},
            "data": self.data,
        }


def from_wire(wire: dict[str, Any]) -> RecueError:
    """Rebuild an error from `to_wire`; an unknown code gives a plain RecueError with its words."""
    data = wire.get("data") or {}
    kind: Any = _by_code(RecueError).get(str(wire.get("code")))
    try:
        if kind is not None:
            return cast(RecueError, kind(**data))
    except TypeError:  # another version of Recue gave other data: keep its sentences
        pass
    return RecueError(str(wire.get("message", "")), _remedies_of(wire), **data)


def _remedies_of(wire: dict[str, Any]) -> Remedies:
    """The words of an error whose class is not known here; an older Recue sent `todo` alone."""
    sent = wire.get("remedies")
    others = sent if isinstance(sent, dict) else {}
    editor, page = (str(others.get(each.value) or "") for each in (Surface.EDITOR, Surface.PAGE))
    return Remedies(str(wire.get("todo", "")), editor, page)


def _by_code(root: type[RecueError]) -> dict[str, type[RecueError]]:
    table = {root.code: root}
    for child in root.__subclasses__():
        table.update(_by_code(child))
    return table
