"""What goes wrong while files are looked for, uploaded and played on the page."""

from __future__ import annotations

from editor_plugin.core.errors.engine import EngineError
from editor_plugin.core.errors.input import InputError


class FolderUnreadable(InputError):
    """What is in a folder cannot be listed."""

    code = "folder-unreadable"

    def __init__(self, folder: str, reason: str) -> None:
        super().__init__(
            f"The folder “{folder}” cannot be opened: {reason}.",
            "Choose another folder, or reconnect the drive that it is on.",
            folder=folder,
            reason=reason,
        )


class FileKindUnknown(InputError):
    """By its name, a file is neither media nor a timeline."""

    code = "file-kind-unknown"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            f"“{name}” is neither a recording nor a timeline of a kind that Recue knows.",
            f"These kinds are known: {', '.join(known)}.",
            name=name,
            known=known,
        )


class UploadUnknown(EngineError):
    """There is no upload of this number."""

    code = "upload-unknown"

    def __init__(self, upload: str) -> None:
        super().__init__(
            f"Recue has no upload {upload}.",
            "It may be more than a day old, and deleted; add the file again.",
            upload=upload,
        )


class UploadElsewhere(EngineError):
    """A part of an upload is not the next one. `received` is the number of bytes that are there."""

    code = "upload-elsewhere"

    def __init__(self, upload: str, received: int) -> None:
        super().__init__(
            f"A part of an upload came out of turn: the next one begins at byte {received}.",
            "Go on from there; what has arrived is kept.",
            upload=upload,
            received=received,
        )


class UploadDamaged(EngineError):
    """A part of an upload is not what its checksum says. `received` is as in UploadElsewhere."""

    code = "upload-damaged"

    def __init__(self, upload: str, received: int) -> None:
        super().__init__(
            "A part of an upload arrived damaged.",
            "Send it again; if it happens again, check the drive that the file is on.",
            upload=upload,
            received=received,
        )


class MediaAddressEnded(EngineError):
    """The address from which a recording is played has ended, or never was."""

    code = "media-address-ended"

    def __init__(self) -> None:
        super().__init__(
            "The address of this recording has ended.",
            "Play it again; if that does not help, open the page again.",
        )
