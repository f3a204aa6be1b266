"""Where the result, or what Recue keeps, cannot be put."""

from __future__ import annotations

from editor_plugin.core.errors.base import RecueError, Remedies


class OutputError(RecueError):
    """The result cannot be put where the user wants it."""

    code = "output"


class OutputUnwritable(OutputError):
    """The output cannot be written."""

    code = "output-unwritable"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"“{path}” cannot be written: {reason}.",
            Remedies(
                "Choose another folder with -o, or make this one writable.",
                "Choose another folder, or make this one writable.",
            ),
            path=path,
            reason=reason,
        )


class OutputNameTooLong(OutputUnwritable):
    """The system takes no file of this name."""

    code = "output-name-too-long"

    def __init__(self, path: str) -> None:
        OutputError.__init__(
            self,
            f"“{path}” cannot be written: the name is too long.",
            Remedies("Choose a shorter one with -o.", "Rename the file that it is named after."),
            path=path,
        )


class OutputIsInput(OutputError):
    """Writing the output would destroy an input."""

    code = "output-is-input"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"The output “{path}” is the input itself; nothing was written.",
            Remedies(
                "Choose another name with -o.",
                "Choose another name.",
            ),
            path=path,
        )


class StoreBusy(OutputError):
    """Another program holds Recue's store."""

    code = "store-busy"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"Another program keeps Recue's transcripts locked (“{path}”).",
            Remedies(
                "Close it (a backup, a database viewer), and run the same command again.",
                "Close it (a backup, a database viewer), and try again.",
            ),
            path=path,
        )


class StoreDamaged(OutputError):
    """Recue's store cannot be read any more."""

    code = "store-damaged"

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(
            f"Recue's transcripts (“{path}”) are damaged: {detail}.",
            Remedies(
                "Run the same command again: what can be read is saved, and the damaged file is "
                "kept.",
                "Try again: what can be read is saved, and the damaged file is kept.",
            ),
            path=path,
            detail=detail,
        )


class StoreNewer(OutputError):
    """The store was written by a newer Recue. `version` is its schema's."""

    code = "store-newer"

    def __init__(self, path: str, version: int) -> None:
        super().__init__(
            f"Recue's transcripts (“{path}”) were written by a newer Recue (form {version}).",
            "Install the newer Recue, or set RECUE_HOME to another folder.",
            path=path,
            version=version,
        )


class DiskFull(RecueError):
    """No space is left, or less than the `needed_mb` that are known to be needed."""

    code = "disk-full"

    def __init__(self, folder: str, needed_mb: int | None = None) -> None:
        state = "is full" if needed_mb is None else f"has no room for {needed_mb} MB"
        super().__init__(
            f"The disk that holds “{folder}” {state}.",
            Remedies(
                "Free some space and run the same command again; finished parts are kept.",
                "Free some space and start again; finished parts are kept.",
            ),
            folder=folder,
            needed_mb=needed_mb,
        )
