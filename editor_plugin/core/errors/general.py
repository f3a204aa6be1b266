"""Errors of no subject of their own: a setting, the machine, and the user's wish to stop."""

from __future__ import annotations

from editor_plugin.core.errors.base import RecueError, Remedies


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
    """Something that Recue needs on this machine is not there. `elsewhere` is what to do where
    there is no command line, if that is something else than `todo`."""

    code = "environment-broken"

    def __init__(self, what: str, todo: str, elsewhere: str = "") -> None:
        # An older Recue knows no `elsewhere`, so it is sent only where it is needed.
        further = {"elsewhere": elsewhere} if elsewhere else {}
        super().__init__(what, Remedies(todo, elsewhere), what=what, todo=todo, **further)


class InnerError(RecueError):
    """A defect of Recue's; the details are in its log."""

    code = "inner"

    def __init__(self) -> None:
        super().__init__(
            "Something went wrong inside Recue.",
            Remedies(
                "Please send us its log; recue doctor names its folder.",
                "Please send us its log.",
            ),
        )


class Cancelled(RecueError):
    """The user asked to stop."""

    code = "cancelled"

    def __init__(self) -> None:
        super().__init__(
            "Stopped.",
            Remedies(
                "Finished parts are kept; run the same command to go on.",
                "Finished parts are kept; start again to go on.",
            ),
        )
