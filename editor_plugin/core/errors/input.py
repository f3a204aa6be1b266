"""What is wrong with what the user gave."""

from __future__ import annotations

from editor_plugin.core.errors.base import RecueError, Remedies


class InputError(RecueError):
    """Something is wrong with what the user gave."""

    code = "input"


class NameUnusable(InputError):
    """The name of a file, or of a folder that it is in, is no text."""

    code = "name-unusable"

    def __init__(self, path: str) -> None:
        shown = path.encode("utf-8", "replace").decode("utf-8")
        super().__init__(
            f"“{shown}” has a name that is not written in UTF-8.",
            "Rename the file, or the folder that it is in.",
            path=shown,
        )


class WatchedSetAside(InputError):
    """The watch died several times at a file, which is not tried again as it is."""

    code = "watched-set-aside"

    def __init__(self, path: str, deaths: int) -> None:
        super().__init__(
            f"Recue ended unexpectedly {deaths} times at “{path}”, which is set aside.",
            "Put it into the folder once more to have it tried again.",
            path=path,
            deaths=deaths,
        )


class WatchUnknown(InputError):
    """A number in the list of watched folders that is none, or was removed."""

    code = "watch-unknown"

    def __init__(self, number: int) -> None:
        super().__init__(
            f"No folder is watched under the number {number}.",
            "It may have been removed; look at the list again.",
            number=number,
        )


class StoredUnknown(InputError):
    """A number in the list of stored media that is none, or was forgotten."""

    code = "stored-unknown"

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Nothing is stored under the number {number}.",
            "It may have been forgotten; look at the list again.",
            number=number,
        )


class MediaMissing(InputError):
    """The file is not there."""

    code = "media-missing"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"There is no file “{path}”.",
            "Check the name, or reconnect the drive that it is on.",
            path=path,
        )


class MediaEmpty(InputError):
    """The file holds nothing, or no audio samples."""

    code = "media-empty"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"“{path}” is empty: it holds no sound.",
            "Export or copy the file again; it may have been cut off while it was written.",
            path=path,
        )


class MediaUnreadable(InputError):
    """ffmpeg cannot read the file."""

    code = "media-unreadable"

    def __init__(self, path: str, detail: str = "") -> None:
        reason = f" ({detail})" if detail else ""
        super().__init__(
            f"“{path}” cannot be read as audio or video{reason}.",
            "Check that it plays in a media player; if not, export or copy it again.",
            path=path,
            detail=detail,
        )


class NoAudio(InputError):
    """The file has a picture and no sound."""

    code = "no-audio"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"“{path}” has no audio stream.",
            "Choose the file that carries the sound.",
            path=path,
        )


class NoSpeech(InputError):
    """The sound holds no word; `silent` tells whether it holds anything at all."""

    code = "no-speech"

    def __init__(self, path: str, silent: bool) -> None:
        found = "is silent from start to end" if silent else "holds no speech that the model hears"
        todo = (
            "Check that the right track, stream or channel is chosen; nothing was written."
            if silent
            else "If there is speech, choose another model or language; nothing was written."
        )
        super().__init__(f"“{path}” {found}.", todo, path=path, silent=silent)


class StreamMissing(InputError):
    """The file has no such audio stream or channel. Streams and channels count from 1."""

    code = "stream-missing"

    def __init__(self, path: str, wanted: str, available: str) -> None:
        super().__init__(
            f"“{path}” has no {wanted}; it has {available}.",
            "Choose one that is there.",
            path=path,
            wanted=wanted,
            available=available,
        )


class RangeInvalid(InputError):
    """The in and out points make no range of the input."""

    code = "range-invalid"

    def __init__(self, start: str, end: str, reason: str) -> None:
        super().__init__(
            f"The range {start} to {end} cannot be used: {reason}.",
            "Give an in point before the out point, as seconds or as HH:MM:SS.",
            start=start,
            end=end,
            reason=reason,
        )


class TimelineUnreadable(InputError):
    """The timeline file cannot be read."""

    code = "timeline-unreadable"

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(
            f"The timeline “{path}” cannot be read: {detail}.",
            "Export it again from the editor, as OTIO or FCPXML if you can choose.",
            path=path,
            detail=detail,
        )


class SnapshotInvalid(InputError):
    """What an editor's script handed over is not a snapshot of a timeline."""

    code = "snapshot-invalid"

    def __init__(self, detail: str) -> None:
        super().__init__(
            f"The timeline that the editor handed over cannot be read ({detail}).",
            "Install Recue again, so that the editor's script and Recue are of one version.",
            detail=detail,
        )


class MediaChanged(InputError):
    """The file was written to while it was being read."""

    code = "media-changed"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"“{path}” was changed while Recue was reading it.",
            Remedies(
                "Wait until it is recorded or copied to its end, and run the same command again.",
                "Wait until it is recorded or copied to its end, and start again.",
            ),
            path=path,
        )


class StillRecording(InputError):
    """OBS is still writing the file."""

    code = "still-recording"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"“{path}” is still being recorded.", "Stop the recording first.", path=path
        )


class RateUnknown(InputError):
    """The timeline file does not state its frame rate, and no video that it names is here."""

    code = "rate-unknown"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"The timeline “{path}” does not state its frame rate.",
            Remedies(
                "Give the rate with --rate, such as --rate 25, or the folder of its video with "
                "--media.",
                "Give the rate, or the folder of its video, on Recue's page.",
                "Under “If its media are not found”, choose the rate or name the folder of its "
                "media.",
            ),
            path=path,
        )


class SubtitlesUnreadable(InputError):
    """The subtitle file cannot be read, or holds no cue at all."""

    code = "subtitles-unreadable"

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(
            f"“{path}” cannot be read as subtitles: {detail}.",
            "Check that it is the right file, or save it again as SRT in UTF-8.",
            path=path,
            detail=detail,
        )


class WordsUnreadable(InputError):
    """The file is none that Recue wrote with --format words, or it was damaged since."""

    code = "words-unreadable"

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(
            f"“{path}” cannot be read as Recue's words: {detail}.",
            Remedies(
                "Write it again with recue transcribe --format words.",
                "Let Recue write it again.",
            ),
            path=path,
            detail=detail,
        )


class CorrectionUnknown(InputError):
    """The edited file is none that Recue wrote, or it was written before Recue kept what of."""

    code = "correction-unknown"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"Recue does not know what “{path}” was made of.",
            Remedies(
                "Name the file that Recue wrote with --of, or let Recue write it again and edit "
                "that.",
                "Let Recue make the subtitles again, and edit those.",
            ),
            path=path,
        )


class CorrectionForeign(InputError):
    """The edited file has hardly a word in common with what it is said to have been made from."""

    code = "correction-foreign"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"“{path}” has hardly a word in common with what Recue made; nothing was corrected.",
            Remedies(
                "Check that it is the right file, or name the one that it was made from with --of.",
                "Check that it is the right file, or let Recue make the subtitles again and edit "
                "those.",
            ),
            path=path,
        )


class CorrectionsUnreadable(InputError):
    """The file holds no corrections or terms that Recue exported, or it was damaged since."""

    code = "corrections-unreadable"

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(
            f"“{path}” cannot be read as exported corrections or terms: {detail}.",
            Remedies(
                "Export it again with recue corrections export, or recue glossary export.",
                "Let Recue export it again.",
            ),
            path=path,
            detail=detail,
        )


class BatchUnknown(InputError):
    """There are no corrections of this number, or none at all (an empty `number`)."""

    code = "batch-unknown"

    def __init__(self, number: str) -> None:
        of = f" of number {number}" if number else ""
        super().__init__(
            f"There are no corrections{of} that could be undone.",
            Remedies(
                "See recue corrections list.",
                "What was undone before cannot be undone again.",
            ),
            number=number,
        )
