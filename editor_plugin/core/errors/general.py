"""Errors of no subject of their own: a setting, the machine, and the user's wish to stop."""

from __future__ import annotations

from editor_plugin.core.errors.base import RecueError


class SettingsInvalid(RecueError):
    """A setting or an option with a value that cannot be."""

    code = "settings-invalid"

    def __init__(self, name: str, value: str, expected: str) -> None:
        super().__init__(
            f"“{value}” is no value for {name}.",
            f"It takes {expected}.",
            name=name,
            value=value,
            expected=expected,
        )


class EnvironmentBroken(RecueError):
    """Something that Recue needs on this machine is not there."""

    code = "environment-broken"

    def __init__(self, what: str, todo: str) -> None:
        super().__init__(what, todo, what=what, todo=todo)


class Cancelled(RecueError):
    """The user asked to stop."""

    code = "cancelled"

    def __init__(self) -> None:
        super().__init__("Stopped.", "Finished parts are kept; run the same command to go on.")
