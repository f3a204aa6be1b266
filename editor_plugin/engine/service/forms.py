"""The forms of requests and answers: for validation, and for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from editor_plugin.engine.export import WRITERS
from editor_plugin.engine.settings import WINDOW_SECONDS

MOST = 2**53
"""The largest number that JSON carries without loss everywhere; no job gets there."""
MOST_ORDERS = 10_000


def _known_format(name: str) -> str:
    if name not in WRITERS:
        raise ValueError(f"it is none of {', '.join(WRITERS)}")
    return name


def whole_number(number: Any) -> Any:
    """In JSON, 30.0 is the integer 30."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


Text = Annotated[str, Field(min_length=1, max_length=4096, pattern=r"^[^\x00]+$")]
Format = Annotated[
    str, AfterValidator(_known_format), Field(json_schema_extra={"enum": list(WRITERS)})
]
Count = Annotated[int, Field(ge=0, le=10_000), BeforeValidator(whole_number)]
Seconds = Annotated[
    int, Field(ge=WINDOW_SECONDS[0], le=WINDOW_SECONDS[1]), BeforeValidator(whole_number)
]
MediaFolders = Annotated[list[Text], Field(max_length=1000)]
Rate = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,8}(/[1-9][0-9]{0,8})?$")]
"""Frames per second, as the text of a fraction."""
State = Literal["queued", "running", "paused", "done", "failed", "cancelled"]


class Asked(BaseModel):
    """A part of a request, validated strictly: no other types, no unknown names."""

    model_config = ConfigDict(strict=True, extra="forbid")


class OutputBody(Asked):
    """A file to write. `named`: the user chose the name, so that any suffix is allowed."""

    format: Format
    path: Text
    named: bool = False


class OrderBody(Asked):
    """The options of both kinds of order."""

    outputs: Annotated[list[OutputBody], Field(max_length=100)] = []
    span: Annotated[list[Text], Field(min_length=2, max_length=2)] | None = None
    stream: Count | None = None
    channel: Count | None = None
    media_folders: MediaFolders = []
    rate: Rate | None = None
    again: bool = False


class FileOrderBody(OrderBody):
    """An order for a media or timeline file."""

    input: Text


class TimelineOrderBody(OrderBody):
    """An order for a snapshot (core.snapshot) that an editor took."""

    timeline: dict[str, Any]
    name: Text


class JobOptionsBody(Asked):
    """The settings of a job; the user's settings apply to the rest."""

    model: Text | None = None
    style: Text | None = None
    language: Text | None = None
    device: Literal["auto", "cpu", "cuda", "mps"] | None = None
    precision: Literal["auto", "fp32", "bf16"] | None = None
    window_seconds: Seconds | None = None
    find_shot_changes: bool | None = None
    project: Annotated[str, Field(max_length=4096)] | None = None


class JobRequestBody(Asked):
    """A request for a job."""

    orders: Annotated[
        list[FileOrderBody | TimelineOrderBody], Field(min_length=1, max_length=MOST_ORDERS)
    ]
    settings: JobOptionsBody = JobOptionsBody()


class AgainAsked(Asked):
    """A job once more. What is different this time: folders where media are looked for first, the
    frame rate of an EDL, settings. `again`: known words are not used, and replaced."""

    media_folders: MediaFolders = []
    rate: Rate | None = None
    again: bool = False
    settings: JobOptionsBody = JobOptionsBody()


class From(BaseModel):
    """The wanted events: those with a greater id than `after`."""

    model_config = ConfigDict(extra="forbid")

    after: Annotated[int, Field(ge=0, le=MOST)] = 0


LATEST = 10_000_000
"""Seconds; later than the end of any recording."""
Moment = Annotated[float, Field(ge=0, le=LATEST)] | Annotated[str, Field(max_length=80)]
"""Seconds, as a number or as the text of a fraction."""
Written = Annotated[str, Field(max_length=100_000)]
ProjectName = Annotated[str, Field(max_length=4096)]


class EditedCue(Asked):
    """An edited subtitle."""

    start: Moment
    end: Moment
    text: Written


class OfPath(Asked):
    """The edited file, by the path that Recue wrote it to."""

    path: Text


class OfJob(Asked):
    """The edited result, by the number of its job and of its input."""

    job: Annotated[int, Field(ge=0, le=MOST), BeforeValidator(whole_number)]
    input: Count


class CorrectionsAsked(Asked):
    """Edited subtitles, and the file or result that they were made from."""

    cues: Annotated[list[EditedCue], Field(max_length=100_000)]
    of: OfPath | OfJob
    dry_run: bool = False


class TermNamed(Asked):
    """A term of the glossary, by its wrong form; without a project, one for all of them."""

    wrong: Annotated[str, Field(max_length=1000)]
    project: ProjectName = ""


class TermAsked(TermNamed):
    """A term of the glossary."""

    right: Annotated[str, Field(max_length=1000)]


class CorrectionsFile(BaseModel):
    """The file that `recue corrections export` writes."""

    model_config = ConfigDict(extra="allow")

    format: str
    version: int
    batches: list[dict[str, Any]]


class AddedWire(BaseModel):
    """The number of new corrections."""

    added: int


class ChangeWire(BaseModel):
    """A correction's change; `time` is the text of a fraction, in seconds."""

    time: str
    before: str
    after: str


class CorrectionReport(BaseModel):
    """The corrections of edited subtitles; `batch` is null where none was new."""

    batch: int | None
    changes: list[ChangeWire]
    sentences: list[str]


class BatchWire(BaseModel):
    """Corrections that were made together."""

    batch: int
    origin: str
    made_at: str
    corrections: list[dict[str, Any]]


class BatchesWire(BaseModel):
    """Every batch."""

    batches: list[BatchWire]


class TermWire(BaseModel):
    """A term of the glossary."""

    project: str
    wrong: str
    right: str


class Terms(BaseModel):
    """Terms of the glossary."""

    terms: list[TermWire]


class OfProject(BaseModel):
    """The project of the wanted terms; without one, all are wanted."""

    model_config = ConfigDict(extra="forbid")

    # In the document a plain text: whatever stands in a query is one.
    project: Annotated[str | SkipJsonSchema[None], Field(max_length=4096)] = None


class RemediesWire(BaseModel):
    """The remedies of an error where there is no command line."""

    editor: str
    page: str


class ErrorWire(BaseModel):
    """An error of core.errors. `todo` is the remedy on the command line; an error that an older
    Recue stored has no `remedies`."""

    code: str
    message: str
    todo: str
    remedies: RemediesWire | SkipJsonSchema[None] = None
    data: dict[str, Any]


class Refusal(BaseModel):
    """The answer to a call that failed."""

    error: ErrorWire


class Hello(BaseModel):
    """The engine's version and process; `jobs` are the unfinished ones."""

    version: str
    protocol: int
    pid: int
    jobs: list[int]


class Proof(BaseModel):
    """See core.handshake."""

    proof: str


class TicketWire(BaseModel):
    """A ticket for the page's address, good once."""

    ticket: str


class SessionWire(BaseModel):
    """What a page shows in place of the token, and the name to ask for a proof with."""

    name: str
    secret: str


class JobNumber(BaseModel):
    """The number of the new job."""

    job: int


class InputStatusWire(BaseModel):
    """The status of an input; `recognised` is seconds of audio, `outputs` the written paths."""

    name: str
    state: str
    percent: float
    notes: list[str]
    error: ErrorWire | None
    cues: int | None
    words: int | None
    recognised: float | None
    outputs: list[str]


class StatusWire(BaseModel):
    """The status of a job."""

    job: int
    state: State
    percent: float
    seconds_left: float | None
    inputs: list[InputStatusWire]
    error: ErrorWire | None
    notes: list[str]


class StatusesWire(BaseModel):
    """The status of every job."""

    jobs: list[StatusWire]


class News(BaseModel):
    """The events of a job above an id, and its status."""

    news: list[dict[str, Any]]
    status: StatusWire


class CueWire(BaseModel):
    """A subtitle; its times are texts of fractions, seconds from the first frame."""

    start: str
    end: str
    lines: list[str]
    confidence: float | None


class DoubtWire(BaseModel):
    """A word of low confidence."""

    start: str
    text: str
    confidence: float


class ResultWire(BaseModel):
    """The subtitles of one input."""

    name: str
    rate: str | None
    cues: list[CueWire]
    srt: str
    findings: list[str]
    doubtful: list[DoubtWire]


class Stopping(BaseModel):
    """The engine will end."""

    stopping: bool
