"""The base of the tree, and the way back from the wire form."""

from __future__ import annotations

from typing import Any, ClassVar, cast


class RecueError(Exception):
    """Base of the tree.

    `code` is stable and may be matched by programs; `message` says what happened; `todo` says what
    the user can do. `data` holds the constructor's arguments, JSON-ready.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, todo: str, /, **data: Any) -> None:
        super().__init__(message)
        self.message = message
        self.todo = todo
        self.data = data

    def __str__(self) -> str:
        return f"{self.message} {self.todo}".strip()

    def __reduce__(self) -> tuple[Any, ...]:
        return (from_wire, (self.to_wire(),))

    def to_wire(self) -> dict[str, Any]:
        """Return the JSON form: code, message, todo, data."""
        return {
            "code": self.code,
            "message": self.message,
            "todo": self.todo,
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
    return RecueError(str(wire.get("message", "")), str(wire.get("todo", "")), **data)


def _by_code(root: type[RecueError]) -> dict[str, type[RecueError]]:
    table = {root.code: root}
    for child in root.__subclasses__():
        table.update(_by_code(child))
    return table
