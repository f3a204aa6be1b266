"""What goes wrong between a program and Recue's engine."""

from __future__ import annotations

from editor_plugin.core.errors.base import RecueError, Remedies


class EngineError(RecueError):
    """Something is wrong between a program and Recue's engine."""

    code = "engine"


class EngineUnreachable(EngineError):
    """The engine cannot be started, or does not answer."""

    code = "engine-unreachable"

    def __init__(self, detail: str) -> None:
        super().__init__(
            f"Recue's engine does not answer: {detail}.",
            Remedies(
                "Try again; if it happens again, run recue doctor, or install Recue once more.",
                "Try again; if it happens again, install Recue once more.",
            ),
            detail=detail,
        )


class EngineRunning(EngineError):
    """Another engine of this user holds the store."""

    code = "engine-running"

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"Another engine of Recue is at work on “{folder}”.",
            Remedies(
                "Wait until it is done, or stop it with recue engine stop.",
                "Wait until it is done.",
            ),
            folder=folder,
        )


class EngineBusy(EngineError):
    """What is asked cannot be done while jobs are not ended."""

    code = "engine-busy"

    def __init__(self, jobs: int) -> None:
        many = "a job" if jobs == 1 else f"{jobs} jobs"
        super().__init__(
            f"Recue still has {many} to do.",
            Remedies(
                "Wait for the end, or take them out with recue jobs cancel; recue jobs lists them.",
                "Wait for the end, or cancel what is waiting on Recue's page.",
                "Wait for the end, or cancel what is waiting.",
            ),
            jobs=jobs,
        )


class EngineNewer(EngineError):
    """The engine that runs is newer than the program that calls it."""

    code = "engine-newer"

    def __init__(self, ours: str, theirs: str) -> None:
        super().__init__(
            f"Recue {theirs} is installed, and this editor still uses {ours}.",
            "Restart the editor.",
            ours=ours,
            theirs=theirs,
        )


class RequestRefused(EngineError):
    """The engine does not take this request: who asks, or what is asked, is not allowed."""

    code = "request-refused"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Recue's engine refused a request: {reason}.",
            "Restart the program that asked; if it happens again, send us Recue's log.",
            reason=reason,
        )


class JobSetAside(EngineError):
    """The engine died several times while it did this job, which is not tried again by itself."""

    code = "job-set-aside"

    def __init__(self, deaths: int) -> None:
        super().__init__(
            f"Recue ended unexpectedly {deaths} times while it did this job; it is set aside.",
            Remedies(
                "Run the same command again to try it once more; what was recognised is kept.",
                "Start it again to try it once more; what was recognised is kept.",
            ),
            deaths=deaths,
        )


class EngineForeign(EngineError):
    """The engine belongs to another user of the computer than the one who calls it."""

    code = "engine-foreign"

    def __init__(self) -> None:
        super().__init__(
            "This engine of Recue belongs to another user of this computer.",
            "Start Recue from your own account: each user has an engine of their own.",
        )


class TicketUsed(EngineError):
    """The page's address, which is good once and for a minute, was used or is older."""

    code = "ticket-used"

    def __init__(self) -> None:
        super().__init__(
            "This address of Recue's page was used before, or is more than a minute old. "
            "If somebody else has used it, they are disconnected now.",
            Remedies(
                "Run recue page again, or open the page again from the editor.",
                "Open the page again.",
                "Open this page again, as you opened it before. Jobs are kept.",
            ),
        )


class JobUnknown(EngineError):
    """There is no job of this number, or it has no such result."""

    code = "job-unknown"

    def __init__(self, job: str) -> None:
        super().__init__(
            f"Recue knows no job {job}.", "It may have been forgotten; start it again.", job=job
        )
