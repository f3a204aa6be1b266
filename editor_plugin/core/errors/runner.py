"""What goes wrong with the recognition process, and with the messages to and from it."""

from __future__ import annotations

from editor_plugin.core.errors.base import RecueError, Remedies


class RunnerError(RecueError):
    """The recognition process failed."""

    code = "runner"


class RunnerDied(RunnerError):
    """The recognition process ended by itself. `status` is as subprocess gives it."""

    code = "runner-died"

    def __init__(self, stage: str, status: int, detail: str = "") -> None:
        how = f"signal {-status}" if status < 0 else f"exit status {status}"
        reason = f": {detail}" if detail else ""
        super().__init__(
            f"The recognition process ended while {stage} ({how}){reason}.",
            Remedies(
                "Run the same command again; finished parts are kept. If it happens again, "
                "run recue doctor.",
                "Try again; finished parts are kept. If it happens again, "
                "please send us Recue's log.",
            ),
            stage=stage,
            status=status,
            detail=detail,
        )


class RunnerStalled(RunnerError):
    """The recognition process made no progress in the time it was given (seconds)."""

    code = "runner-stalled"

    def __init__(self, stage: str, seconds: float) -> None:
        super().__init__(
            f"The recognition process made no progress for {seconds:.0f} s while {stage}, "
            "and was stopped.",
            Remedies(
                "Run the same command again; finished parts are kept.",
                "Try again; finished parts are kept.",
            ),
            stage=stage,
            seconds=seconds,
        )


class RunnerIncompatible(RunnerError):
    """The recognition process speaks another version of the protocol."""

    code = "runner-incompatible"

    def __init__(self, ours: int, theirs: str) -> None:
        super().__init__(
            f"The recognition process speaks protocol {theirs}, and this Recue speaks {ours}.",
            "Install Recue again, so that both are of one version.",
            ours=ours,
            theirs=theirs,
        )


class OutOfMemory(RunnerError):
    """Not even the smallest step fits in memory."""

    code = "out-of-memory"

    def __init__(self, device: str) -> None:
        super().__init__(
            f"There is not enough memory on {device} for this model, even in the smallest steps.",
            "Close other programs, or choose a smaller model.",
            device=device,
        )


class RoutesExhausted(RunnerError):
    """Every route was tried. `attempts` holds one sentence for each."""

    code = "routes-exhausted"

    def __init__(self, attempts: list[str]) -> None:
        super().__init__(
            f"Recognition failed in each of {len(attempts)} attempts. {' '.join(attempts)}",
            Remedies(
                "Finished parts are kept. Run recue doctor, and send its report if all is well "
                "there.",
                "Finished parts are kept. Try again; if it happens again, please send us Recue's "
                "log.",
            ),
            attempts=attempts,
        )


class ProtocolError(RecueError):
    """A line on the wire that is not a valid message. `rpc_code` is JSON-RPC's number for it."""

    code = "protocol"

    def __init__(self, reason: str, rpc_code: int = -32600) -> None:
        super().__init__(
            f"A message between Recue's processes was not understood: {reason}.",
            "Install Recue again.",
            reason=reason,
            rpc_code=rpc_code,
        )
        self.rpc_code = rpc_code
