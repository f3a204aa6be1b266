"""What requests and answers look like: for checking the former, and for the OpenAPI document."""

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


def _whole(number: Any) -> Any:
    """In JSON, 30.0 is the integer 30."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


Text = Annotated[str, Field(min_length=1, max_length=4096, pattern=r"^[^\x00]+$")]
Format = Annotated[
    str, AfterValidator(_known_format), Field(json_schema_extra={"enum": list(WRITERS)})
]
Count = Annotated[int, Field(ge=0, le=10_000), BeforeValidator(_whole)]
Seconds = Annotated[int, Field(ge=WINDOW_SECONDS[0], le=WINDOW_SECONDS[1]), BeforeValidator(_whole)]
State = Literal["queued", "running", "paused", "done", "failed", "cancelled"]


class Asked(BaseModel):
    """Of a request, nothing is guessed: no other type, no name that is not known."""

    model_config = ConfigDict(strict=True, extra="forbid")


class OutputBody(Asked):
    """A file to be written. `named`: the user chose the name, so that any suffix will do."""

    format: Format
    path: Text
    named: bool = False


class OrderBody(Asked):
    """What both kinds of order may have."""

    outputs: Annotated[list[OutputBody], Field(max_length=100)] = []
    span: Annotated[list[Text], Field(min_length=2, max_length=2)] | None = None
    stream: Count | None = None
    channel: Count | None = None
    media_folders: Annotated[list[Text], Field(max_length=1000)] = []
    rate: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,8}(/[1-9][0-9]{0,8})?$")] | None = None


class FileOrderBody(OrderBody):
    """An order for a media or timeline file."""

    input: Text


class TimelineOrderBody(OrderBody):
    """An order for a snapshot (core.snapshot) that an editor took."""

    timeline: dict[str, Any]
    name: Text


class JobOptionsBody(Asked):
    """What a job is done with; the user's own settings fill in the rest."""

    model: Text | None = None
    style: Text | None = None
    language: Text | None = None
    device: Literal["auto", "cpu", "cuda", "mps"] | None = None
    precision: Literal["auto", "fp32", "bf16"] | None = None
    window_seconds: Seconds | None = None
    find_shot_changes: bool | None = None
    project: Annotated[str, Field(max_length=4096)] | None = None


class JobRequestBody(Asked):
    """A job."""

    orders: Annotated[
        list[FileOrderBody | TimelineOrderBody], Field(min_length=1, max_length=MOST_ORDERS)
    ]
    settings: JobOptionsBody = JobOptionsBody()


class From(BaseModel):
    """From where on events are wanted: those with a greater id than `after`."""

    model_config = ConfigDict(extra="forbid")

    after: Annotated[int, Field(ge=0, le=MOST)] = 0


LATEST = 10_000_000
"""Seconds; later than the end of any recording."""
Moment = Annotated[float, Field(ge=0, le=LATEST)] | Annotated[str, Field(max_length=80)]
"""Seconds, as a number or as the text of a fraction."""
Written = Annotated[str, Field(max_length=100_000)]
ProjectName = Annotated[str, Field(max_length=4096)]


class EditedCue(Asked):
    """A subtitle as it was edited."""

    start: Moment
    end: Moment
    text: Written


class OfPath(Asked):
    """The file that was edited, where Recue wrote it."""

    path: Text


class OfJob(Asked):
    """The result that was edited, by the number of its job and of its input."""

    job: Annotated[int, Field(ge=0, le=MOST), BeforeValidator(_whole)]
    input: Count


class CorrectionsAsked(Asked):
    """Edited subtitles, and what they were before."""

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
    """What `recue corrections export` writes."""

    model_config = ConfigDict(extra="allow")

    format: str
    version: int
    batches: list[dict[str, Any]]


class AddedWire(BaseModel):
    """How many were new."""

    added: int


class ChangeWire(BaseModel):
    """What a correction changed; `time` is the text of a fraction, in seconds."""

    time: str
    before: str
    after: str


class CorrectionReport(BaseModel):
    """What became of edited subtitles; `batch` is null where nothing was new."""

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
    """Whose terms are wanted; without a project, those of all."""

    model_config = ConfigDict(extra="forbid")

    # In the document a plain text: whatever stands in a query is one.
    project: Annotated[str | SkipJsonSchema[None], Field(max_length=4096)] = None


class RemediesWire(BaseModel):
    """What can be done about an error where there is no command line."""

    editor: str
    page: str


class ErrorWire(BaseModel):
    """An error of core.errors. `todo` is what to do on the command line; an error that was kept by
    an older Recue has no `remedies`."""

    code: str
    message: str
    todo: str
    remedies: RemediesWire | SkipJsonSchema[None] = None
    data: dict[str, Any]


class Refusal(BaseModel):
    """The answer to whatever did not go well."""

    error: ErrorWire


class Hello(BaseModel):
    """Which engine this is; `jobs` are those that have not ended."""

    version: str
    protocol: int
    pid: int
    jobs: list[int]


class Proof(BaseModel):
    """See core.handshake."""

    proof: str


class JobNumber(BaseModel):
    """The job that was made."""

    job: int


class InputStatusWire(BaseModel):
    """How an input stands; `recognised` is seconds of sound, `outputs` the paths written."""

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
    """How a job stands."""

    job: int
    state: State
    percent: float
    seconds_left: float | None
    inputs: list[InputStatusWire]
    error: ErrorWire | None
    notes: list[str]


class StatusesWire(BaseModel):
    """Every job."""

    jobs: list[StatusWire]


class News(BaseModel):
    """The events of a job above an id, and how it stands."""

    news: list[dict[str, Any]]
    status: StatusWire


class CueWire(BaseModel):
    """A subtitle; its times are texts of fractions, seconds from the first frame."""

    start: str
    end: str
    lines: list[str]
    confidence: float | None


class DoubtWire(BaseModel):
    """A word that the model was not sure of."""

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


class Uploaded(BaseModel):
    """Where a timeline file lies now."""

    path: str


class Stopping(BaseModel):
    """The engine will end."""

    stopping: bool
