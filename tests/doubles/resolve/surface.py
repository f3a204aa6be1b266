"""The API as a surface: which methods exist in which version, and objects that answer for them.

The names, parameters and versions are in api.json. As with the real objects, every attribute
exists: what is unknown, or newer than the running version, is None. Two handles of one thing are
not equal; compare GetUniqueId().
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.doubles.resolve.profiles import version_key

if TYPE_CHECKING:
    from tests.doubles.resolve.application import Application

DATA: dict[str, Any] = json.loads(Path(__file__).with_name("api.json").read_text(encoding="utf-8"))


class HostCrashed(BaseException):
    """Resolve itself crashed. No `except Exception` of an adapter may catch this."""


@dataclass(frozen=True)
class Method:
    """A method: parameters that it needs, that it may have, and the versions of these.

    `rest`: any number more. `gives`: bool, list, dict, text, number, object or nothing.
    """

    role: str
    name: str
    needs: tuple[str, ...]
    may: tuple[str, ...]
    may_since: dict[str, str]
    rest: bool
    since: tuple[int, ...]
    gives: str

    @property
    def full_name(self) -> str:
        """ "Timeline.AddTrack"."""
        return f"{self.role}.{self.name}"

    @property
    def failure(self) -> Any:
        """What a call gives that does nothing."""
        return False if self.gives == "bool" else None

    def takes(self, count: int) -> bool:
        """Tell whether so many arguments are right."""
        return len(self.needs) <= count and (self.rest or count <= len(self.needs + self.may))

    def too_new(self, count: int, version: tuple[int, ...]) -> bool:
        """Tell whether one of so many arguments is unknown to the version."""
        given = (self.needs + self.may)[:count]
        return any(version_key(self.may_since.get(each, "")) > version for each in given)


def _read() -> dict[str, dict[str, Method]]:
    return {
        role: {
            name: Method(
                role,
                name,
                tuple(entry.get("needs", ())),
                tuple(entry.get("may", ())),
                entry.get("may_since", {}),
                entry.get("rest", False),
                version_key(entry.get("since", "")),
                entry["gives"],
            )
            for name, entry in methods.items()
        }
        for role, methods in DATA["classes"].items()
    }


API = _read()
"""Role ("Timeline") to its methods by name."""


class Handle:
    """An object of the API. A subclass plays the methods that it has; the others are refused.

    Attributes that begin with an underscore are the double's own.
    """

    _role = ""

    def __init__(self, app: Application, uid: str, generation: int = 0) -> None:
        self._app = app
        self._uid = uid
        self._generation = generation

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_"):
            return object.__getattribute__(self, name)
        return object.__getattribute__(self, "_app").attribute(self, name)

    def __dir__(self) -> list[str]:
        app = self._app
        return sorted(name for name, each in API[self._role].items() if app.has(each))

    def __repr__(self) -> str:
        return f"<{self._role} {self._uid}>"

    @classmethod
    def _played(cls) -> set[str]:
        """The names of the methods that the double plays."""
        return {name for name in dir(cls) if not name.startswith("_")}

    def _exists(self) -> bool:
        """Tell whether what it stands for is still there, in this state."""
        return True

    def _lingers(self) -> bool:
        """Tell whether it answers although it is stale."""
        return False


class Bound:
    """A method of a handle, ready to be called."""

    def __init__(self, handle: Handle, method: Method) -> None:
        self._handle = handle
        self._method = method

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        return self._handle._app.call(self._handle, self._method, args, keywords)

    def __repr__(self) -> str:
        return f"<method {self._method.full_name}>"


class Dead:
    """What some builds return for an item that is not there: truthy, and all of it is None."""

    def __getattribute__(self, name: str) -> Any:
        return object.__getattribute__(self, name) if name.startswith("_") else None
