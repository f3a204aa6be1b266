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


class SearchUnavailable(RecueError):
    """The SQLite that Python brings along was built without full-text search (FTS5)."""

    code = "search-unavailable"

    def __init__(self, python: str, sqlite: str) -> None:
        super().__init__(
            f"Recue runs on a Python {python} whose SQLite ({sqlite}) has no full-text search, so "
            "what was heard cannot be searched; all else works.",
            "Install Recue once more with another Python, such as the one from python.org.",
            python=python,
            sqlite=sqlite,
        )


class NoHome(RecueError):
    """The user has no home folder, as in a container."""

    code = "no-home"

    def __init__(self) -> None:
        super().__init__(
            "Recue finds no home folder of yours: HOME is not set, and the system names none.",
            "Set HOME, or set RECUE_HOME to a folder that you can write to.",
        )


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


class OwnerForeign(RecueError):
    """A folder or file of Recue's belongs to another user than the one it runs as. The owner is
    often root, by a `sudo recue`; users are given by name."""

    code = "owner-foreign"

    def __init__(self, path: str, owner: str, user: str) -> None:
        if owner == "root":
            todo = Remedies(
                f"It was probably made by “sudo recue”. Give it back with: "
                f"sudo chown -R {user} '{path}' — and run Recue without sudo.",
                f"It was probably made while Recue ran as root. Have it given to {user} by whoever "
                "looks after this computer, or delete it.",
            )
        elif user == "root":
            todo = Remedies(
                f"Run Recue as {owner}, without sudo: {owner} cannot use what root makes.",
                f"Start the editor as {owner}.",
            )
        else:
            todo = Remedies(f"Run Recue as {owner}, or set RECUE_HOME to a folder of your own.")
        super().__init__(
            f"“{path}” belongs to the user {owner}, and Recue runs as {user}.",
            todo,
            path=path,
            owner=owner,
            user=user,
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
