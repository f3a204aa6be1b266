"""Every error that Recue raises on purpose.

The tree::

    RecueError
    ├── InputError
    │   ├── MediaMissing        the file is not there
    │   ├── MediaEmpty          the file has no content, or no audio samples
    │   ├── MediaUnreadable     ffmpeg cannot read it (damaged, or not media at all)
    │   ├── NoAudio             it has a picture only
    │   ├── NoSpeech            it has sound, and the model hears no word in it
    │   ├── StreamMissing       it has no such audio stream or channel
    │   ├── RangeInvalid        in point after out point, or outside the file
    │   ├── TimelineUnreadable  the timeline file cannot be read
    │   ├── SnapshotInvalid     an editor's script handed over what is no timeline
    │   ├── MediaChanged        the file was written to while it was being read
    │   ├── StillRecording      OBS is still writing the file
    │   ├── RateUnknown         a timeline file without a frame rate, and nothing tells it
    │   ├── SubtitlesUnreadable the subtitle file cannot be read
    │   ├── WordsUnreadable     it is no words file, or a damaged one
    │   ├── CorrectionUnknown   Recue does not know what the edited file was made of
    │   ├── CorrectionForeign   the edited file has hardly a word of what was made
    │   ├── CorrectionsUnreadable  it is no file of corrections or terms, or a damaged one
    │   └── BatchUnknown        there are no corrections of this number
    ├── OutputError
    │   ├── OutputUnwritable    the folder or file cannot be written
    │   ├── OutputIsInput       writing there would destroy the input
    │   ├── StoreBusy           another program holds the store
    │   ├── StoreDamaged        the store cannot be read any more
    │   └── StoreNewer          the store was written by a newer Recue
    ├── DiskFull                no space left, with the folder that is full
    ├── ModelError
    │   ├── ModelUnknown        no such name, no such file
    │   ├── ModelNotFetched     known, but not on this machine yet
    │   ├── ModelCorrupt        the .nemo file is damaged
    │   ├── ModelNotSpeech      a .nemo file, but not a speech recogniser
    │   ├── ModelNotOpened      NeMo cannot open it, though the file is not seen to be damaged
    │   └── FetchFailed         the download did not end well
    ├── RunnerError
    │   ├── RunnerDied          the recognition process ended by itself
    │   ├── RunnerStalled       it made no progress within the time it was given
    │   ├── RunnerIncompatible  it speaks another protocol version
    │   ├── OutOfMemory         not even the smallest step fits
    │   └── RoutesExhausted     every route was tried
    ├── EngineError
    │   ├── EngineUnreachable   it cannot be started, or does not answer
    │   ├── EngineRunning       another one holds the store
    │   ├── EngineBusy          it cannot be done while jobs are not ended
    │   ├── EngineNewer         it is newer than the program that calls it
    │   ├── RequestRefused      who asks, or what is asked, is not allowed
    │   └── JobUnknown          there is no such job, or it has no such result
    ├── EditorError
    │   ├── NoTimelineOpen      the editor has no project or timeline open
    │   ├── EditorTooOld        the editor's version cannot do what is asked
    │   └── EditorUnclear       the editor gives no answer that can be relied on
    ├── ProtocolError           a line on the wire that is not a valid message
    ├── SettingsInvalid         a setting or option with an impossible value
    ├── EnvironmentBroken       ffmpeg, a package, or a folder that Recue needs is not there
    └── Cancelled               the user asked to stop; nothing that was finished is lost

Each class builds its own two sentences, what happened and what to do, from the data it is given;
no caller formats a message. Errors cross the process border by `to_wire` and `from_wire`.
"""

from __future__ import annotations

from typing import Any, ClassVar, cast


class RecueError(Exception):
    """Base of the tree.

    `code` is stable and may be matched by programs; `message` says what happened; `todo` says what
    the user can do. `data` holds the constructor's arguments, JSON-ready.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, todo: str, /, **data: Any) -> None:
        super().__init__(message)
        self.message = message
        self.todo = todo
        self.data = data

    def __str__(self) -> str:
        return f"{self.message} {self.todo}".strip()

    def __reduce__(self) -> tuple[Any, ...]:
        return (from_wire, (self.to_wire(),))

    def to_wire(self) -> dict[str, Any]:
        """Return the JSON form: code, message, todo, data."""
        return {
            "code": self.code,
            "message": self.message,
            "todo": self.todo,
            "data": self.data,
        }


class InputError(RecueError):
    """Something is wrong with what the user gave."""

    code = "input"


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
            "Run install.py again, so that the editor's script and Recue are of one version.",
            detail=detail,
        )


class MediaChanged(InputError):
    """The file was written to while it was being read."""

    code = "media-changed"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"“{path}” was changed while Recue was reading it.",
            "Wait until it is recorded or copied to its end, and run the same command again.",
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
            "Give the rate with --rate, such as --rate 25, or the folder of its video with "
            "--media.",
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
            "Write it again with recue transcribe --format words.",
            path=path,
            detail=detail,
        )


class CorrectionUnknown(InputError):
    """The edited file is none that Recue wrote, or it was written before Recue kept what of."""

    code = "correction-unknown"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"Recue does not know what “{path}” was made of.",
            "Name the file that Recue wrote with --of, or let Recue write it again and edit that.",
            path=path,
        )


class CorrectionForeign(InputError):
    """The edited file has hardly a word in common with what it is said to have been made from."""

    code = "correction-foreign"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"“{path}” has hardly a word in common with what Recue made; nothing was corrected.",
            "Check that it is the right file, or name the one that it was made from with --of.",
            path=path,
        )


class CorrectionsUnreadable(InputError):
    """The file holds no corrections or terms that Recue exported, or it was damaged since."""

    code = "corrections-unreadable"

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(
            f"“{path}” cannot be read as exported corrections or terms: {detail}.",
            "Export it again with recue corrections export, or recue glossary export.",
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
            "See recue corrections list.",
            number=number,
        )


class OutputError(RecueError):
    """The result cannot be put where the user wants it."""

    code = "output"


class OutputUnwritable(OutputError):
    """The output cannot be written."""

    code = "output-unwritable"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"“{path}” cannot be written: {reason}.",
            "Choose another folder with -o, or make this one writable.",
            path=path,
            reason=reason,
        )


class OutputIsInput(OutputError):
    """Writing the output would destroy an input."""

    code = "output-is-input"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"The output “{path}” is the input itself; nothing was written.",
            "Choose another name with -o.",
            path=path,
        )


class StoreBusy(OutputError):
    """Another program holds Recue's store."""

    code = "store-busy"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"Another program keeps Recue's transcripts locked (“{path}”).",
            "Close it (a backup, a database viewer), and run the same command again.",
            path=path,
        )


class StoreDamaged(OutputError):
    """Recue's store cannot be read any more."""

    code = "store-damaged"

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(
            f"Recue's transcripts (“{path}”) are damaged: {detail}.",
            "Run the same command again: what can be read is saved, and the damaged file is kept.",
            path=path,
            detail=detail,
        )


class StoreNewer(OutputError):
    """The store was written by a newer Recue. `version` is its schema's."""

    code = "store-newer"

    def __init__(self, path: str, version: int) -> None:
        super().__init__(
            f"Recue's transcripts (“{path}”) were written by a newer Recue (form {version}).",
            "Run the newer Recue's install.py, or set RECUE_HOME to another folder.",
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
            "Free some space and run the same command again; finished parts are kept.",
            folder=folder,
            needed_mb=needed_mb,
        )


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
            f"Fetch it once ({size_mb} MB): recue models fetch {name}. "
            "Or add --model demo to try Recue with its small demo model.",
            name=name,
            size_mb=size_mb,
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
            "If it is a model of your own, see whether this version of NeMo can open it. "
            "Otherwise please send us the log; recue doctor tells where it is.",
            path=path,
            detail=detail,
        )


class FetchFailed(ModelError):
    """A download did not end well. `todo` is the advice where the connection is not to blame."""

    code = "fetch-failed"

    def __init__(self, name: str, reason: str, todo: str = "") -> None:
        super().__init__(
            f"The model “{name}” could not be fetched: {reason}.",
            todo
            or "Check the connection and run the same command again; it goes on where it stopped.",
            name=name,
            reason=reason,
            todo=todo,
        )


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
            "Run the same command again; finished parts are kept. If it happens again, "
            "run recue doctor.",
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
            "Run the same command again; finished parts are kept.",
            stage=stage,
            seconds=seconds,
        )


class RunnerIncompatible(RunnerError):
    """The recognition process speaks another version of the protocol."""

    code = "runner-incompatible"

    def __init__(self, ours: int, theirs: str) -> None:
        super().__init__(
            f"The recognition process speaks protocol {theirs}, and this Recue speaks {ours}.",
            "Run install.py again, so that both are of one version.",
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
            "Finished parts are kept. Run recue doctor, and send its report if all is well there.",
            attempts=attempts,
        )


class EditorError(RecueError):
    """The editor's side of the work cannot be done."""

    code = "editor"


class NoTimelineOpen(EditorError):
    """The editor has no project or timeline open."""

    code = "no-timeline-open"

    def __init__(self, editor: str) -> None:
        super().__init__(
            f"{editor} has no timeline open.",
            "Open the project and the timeline that you want subtitles for, and start this again.",
            editor=editor,
        )


class EditorTooOld(EditorError):
    """The editor's version cannot do what is asked."""

    code = "editor-too-old"

    def __init__(self, editor: str, wanted: str, needed: str) -> None:
        super().__init__(
            f"This {editor} cannot {wanted}.",
            f"It needs {needed}; recue transcribe works without any editor.",
            editor=editor,
            wanted=wanted,
            needed=needed,
        )


class EditorUnclear(EditorError):
    """The editor gives no answer that can be relied on."""

    code = "editor-unclear"

    def __init__(self, editor: str, detail: str) -> None:
        super().__init__(
            f"{editor} gives no clear answer: {detail}.",
            "Close any dialog that is open in it, and start this again.",
            editor=editor,
            detail=detail,
        )


class ProtocolError(RecueError):
    """A line on the wire that is not a valid message. `rpc_code` is JSON-RPC's number for it."""

    code = "protocol"

    def __init__(self, reason: str, rpc_code: int = -32600) -> None:
        super().__init__(
            f"A message between Recue's processes was not understood: {reason}.",
            "Run install.py again.",
            reason=reason,
            rpc_code=rpc_code,
        )
        self.rpc_code = rpc_code


class EngineError(RecueError):
    """Something is wrong between a program and Recue's engine."""

    code = "engine"


class EngineUnreachable(EngineError):
    """The engine cannot be started, or does not answer."""

    code = "engine-unreachable"

    def __init__(self, detail: str) -> None:
        super().__init__(
            f"Recue's engine does not answer: {detail}.",
            "Try again; if it happens again, run recue doctor, or install.py once more.",
            detail=detail,
        )


class EngineRunning(EngineError):
    """Another engine of this user holds the store."""

    code = "engine-running"

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"Another engine of Recue is at work on “{folder}”.",
            "Wait until it is done, or stop it with recue engine stop.",
            folder=folder,
        )


class EngineBusy(EngineError):
    """What is asked cannot be done while jobs are not ended."""

    code = "engine-busy"

    def __init__(self, jobs: int) -> None:
        many = "a job" if jobs == 1 else f"{jobs} jobs"
        super().__init__(
            f"Recue still has {many} to do.",
            "Wait for the end, or take them out with recue jobs cancel; recue jobs lists them.",
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


class JobUnknown(EngineError):
    """There is no job of this number, or it has no such result."""

    code = "job-unknown"

    def __init__(self, job: str) -> None:
        super().__init__(
            f"Recue knows no job {job}.", "It may have been forgotten; start it again.", job=job
        )


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


def from_wire(wire: dict[str, Any]) -> RecueError:
    """Rebuild an error from `to_wire`; an unknown code gives a plain RecueError with its words."""
    data = wire.get("data") or {}
    kind: Any = _by_code(RecueError).get(str(wire.get("code")))
    try:
        if kind is not None:
            return cast(RecueError, kind(**data))
    except TypeError:  # another version of Recue gave other data: keep its sentences
        pass
    return RecueError(str(wire.get("message", "")), str(wire.get("todo", "")), **data)


def _by_code(root: type[RecueError]) -> dict[str, type[RecueError]]:
    table = {root.code: root}
    for child in root.__subclasses__():
        table.update(_by_code(child))
    return table
