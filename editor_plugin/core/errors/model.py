"""What is wrong with the speech model."""

from __future__ import annotations

from editor_plugin.core.errors.base import RecueError, Remedies


class ModelError(RecueError):
    """Something is wrong with the speech model."""

    code = "model"


class ModelUnknown(ModelError):
    """The name is in no catalogue and is no file."""

    code = "model-unknown"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            f"There is no model “{name}”.",
            f"Known models: {', '.join(known)}; or give the path of a .nemo file.",
            name=name,
            known=known,
        )


class ModelNotFetched(ModelError):
    """The model is known and not on this machine yet."""

    code = "model-not-fetched"

    def __init__(self, name: str, size_mb: int) -> None:
        super().__init__(
            f"The model “{name}” is not on this machine yet.",
            Remedies(
                f"Fetch it once ({size_mb} MB): recue models fetch {name}. "
                "Or add --model demo to try Recue with its small demo model.",
                f"Fetch it once ({size_mb} MB), as Recue's README shows, or choose another model.",
                f"Fetch it once ({size_mb} MB), or choose another model.",
            ),
            name=name,
            size_mb=size_mb,
        )


class ModelInUse(ModelError):
    """A model that is to be removed while a job works with it."""

    code = "model-in-use"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The model “{name}” is not removed: a job is working with it.",
            "Remove it when the job has ended, or cancel the job first.",
            name=name,
        )


class ModelCorrupt(ModelError):
    """The .nemo file is damaged."""

    code = "model-corrupt"

    def __init__(self, path: str, detail: str = "") -> None:
        reason = f" ({detail})" if detail else ""
        super().__init__(
            f"The model file “{path}” is damaged{reason}.",
            "Delete it and fetch it again.",
            path=path,
            detail=detail,
        )


class ModelRefused(ModelError):
    """A .nemo file that asks for what no speech model needs, and may be meant to do harm. `key` is
    the setting in it, and `reason` what it says, as the middle of a sentence."""

    code = "model-refused"

    def __init__(self, path: str, key: str, reason: str) -> None:
        super().__init__(
            f"The model file “{path}” was not opened: “{key}” in it {reason}, "
            "which no speech model needs.",
            "Do not use this file. Take the model from its maker, for example from "
            "huggingface.co/nvidia, or choose another model.",
            path=path,
            key=key,
            reason=reason,
        )


class ModelNotSpeech(ModelError):
    """A .nemo file that does not turn speech into text."""

    code = "model-not-speech"

    def __init__(self, path: str, kind: str) -> None:
        super().__init__(
            f"“{path}” is a NeMo model that does not turn speech into text ({kind}).",
            "Choose a speech recognition model, such as Parakeet or Canary.",
            path=path,
            kind=kind,
        )


class ModelNotOpened(ModelError):
    """NeMo cannot make the model of a file in which nothing is seen to be damaged."""

    code = "model-not-opened"

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(
            f"NeMo cannot open the model “{path}” ({detail}).",
            Remedies(
                "If it is a model of your own, see whether this version of NeMo can open it. "
                "Otherwise please send us the log; recue doctor names its folder.",
                "If it is a model of your own, see whether this version of NeMo can open it. "
                "Otherwise please send us Recue's log.",
            ),
            path=path,
            detail=detail,
        )


class FetchFailed(ModelError):
    """A download did not end well. `todo` is the advice where the connection is not to blame, and
    `elsewhere` the same where there is no command line."""

    code = "fetch-failed"

    def __init__(self, name: str, reason: str, todo: str = "", elsewhere: str = "") -> None:
        advice = Remedies(
            "Check the connection and run the same command again; it goes on where it stopped.",
            "Check the connection and try again; it goes on where it stopped.",
        )
        super().__init__(
            f"The model “{name}” could not be fetched: {reason}.",
            Remedies(todo, elsewhere) if todo else advice,
            name=name,
            reason=reason,
            todo=todo,
            **({"elsewhere": elsewhere} if elsewhere else {}),
        )
