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

Each class builds its own sentences, what happened and what to do, from the data it is given; no
caller formats a message. What to do is said for the surface that shows it: an editor and the page
have no command line, so whoever shows an error there asks for `remedy` or `sentence`. Errors cross
the process border by `to_wire` and `from_wire`.
"""

from __future__ import annotations

from editor_plugin.core.errors.base import (
    RecueError,
    Remedies,
    Surface,
    from_wire,
)
from editor_plugin.core.errors.editor import (
    EditorError,
    EditorTooOld,
    EditorUnclear,
    NoTimelineOpen,
)
from editor_plugin.core.errors.engine import (
    EngineBusy,
    EngineError,
    EngineNewer,
    EngineRunning,
    EngineUnreachable,
    JobUnknown,
    ProtocolError,
    RequestRefused,
)
from editor_plugin.core.errors.general import (
    Cancelled,
    EnvironmentBroken,
    SettingsInvalid,
)
from editor_plugin.core.errors.input import (
    BatchUnknown,
    CorrectionForeign,
    CorrectionsUnreadable,
    CorrectionUnknown,
    InputError,
    MediaChanged,
    MediaEmpty,
    MediaMissing,
    MediaUnreadable,
    NoAudio,
    NoSpeech,
    RangeInvalid,
    RateUnknown,
    SnapshotInvalid,
    StillRecording,
    StreamMissing,
    SubtitlesUnreadable,
    TimelineUnreadable,
    WordsUnreadable,
)
from editor_plugin.core.errors.model import (
    FetchFailed,
    ModelCorrupt,
    ModelError,
    ModelNotFetched,
    ModelNotOpened,
    ModelNotSpeech,
    ModelUnknown,
    OutOfMemory,
    RoutesExhausted,
    RunnerDied,
    RunnerError,
    RunnerIncompatible,
    RunnerStalled,
)
from editor_plugin.core.errors.output import (
    DiskFull,
    OutputError,
    OutputIsInput,
    OutputUnwritable,
    StoreBusy,
    StoreDamaged,
    StoreNewer,
)

__all__ = [
    "BatchUnknown",
    "Cancelled",
    "CorrectionForeign",
    "CorrectionUnknown",
    "CorrectionsUnreadable",
    "DiskFull",
    "EditorError",
    "EditorTooOld",
    "EditorUnclear",
    "EngineBusy",
    "EngineError",
    "EngineNewer",
    "EngineRunning",
    "EngineUnreachable",
    "EnvironmentBroken",
    "FetchFailed",
    "InputError",
    "JobUnknown",
    "MediaChanged",
    "MediaEmpty",
    "MediaMissing",
    "MediaUnreadable",
    "ModelCorrupt",
    "ModelError",
    "ModelNotFetched",
    "ModelNotOpened",
    "ModelNotSpeech",
    "ModelUnknown",
    "NoAudio",
    "NoSpeech",
    "NoTimelineOpen",
    "OutOfMemory",
    "OutputError",
    "OutputIsInput",
    "OutputUnwritable",
    "ProtocolError",
    "RangeInvalid",
    "RateUnknown",
    "RecueError",
    "Remedies",
    "RequestRefused",
    "RoutesExhausted",
    "RunnerDied",
    "RunnerError",
    "RunnerIncompatible",
    "RunnerStalled",
    "SettingsInvalid",
    "SnapshotInvalid",
    "StillRecording",
    "StoreBusy",
    "StoreDamaged",
    "StoreNewer",
    "StreamMissing",
    "SubtitlesUnreadable",
    "Surface",
    "TimelineUnreadable",
    "WordsUnreadable",
    "from_wire",
]
