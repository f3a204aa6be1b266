"""A job's request: its inputs, the files to be written from each, and how to transcribe them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from fractions import Fraction
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import NameUnusable, RequestRefused, SettingsInvalid
from editor_plugin.core.snapshot import timeline_from_wire, timeline_to_wire
from editor_plugin.core.timeline import Timeline


@dataclass(frozen=True)
class InputOptions:
    """Which part of an input is wanted, and how to read it.

    `span` holds the in and out point as the user wrote them. `stream` and `channel` count from 0
    and concern plain media files. `rate` is for an EDL, which does not tell its own.
    """

    span: tuple[str, str] | None = None
    stream: int | None = None
    channel: int | None = None
    media_folders: tuple[Path, ...] = ()
    rate: Fraction | None = None


@dataclass(frozen=True)
class OutputFile:
    """A file to be written. `named`: the user chose its name, so that any suffix is right."""

    format: str
    path: Path
    named: bool = False


@dataclass(frozen=True)
class Order:
    """One input and the files to be written from it.

    With `timeline`, an editor's snapshot, there is no file: `input` is then its name. With `again`,
    words that are known are not used, and replaced once the new ones are there.
    """

    input: Path
    outputs: tuple[OutputFile, ...] = ()
    options: InputOptions = field(default_factory=InputOptions)
    timeline: Timeline | None = None
    again: bool = False


@dataclass(frozen=True)
class JobOptions:
    """How to transcribe; None and "" leave it to the user's own settings.

    `window_seconds` is the longest window given to the model. With `find_shot_changes`, those of a
    plain video file are detected, for which all of its picture is decoded; a timeline brings its
    own. `project` names the glossary that is used besides that of all projects.
    """

    model: str | None = None
    style: str | None = None
    language: str | None = None
    device: str | None = None
    precision: str | None = None
    window_seconds: int | None = None
    find_shot_changes: bool = False
    project: str = ""


@dataclass(frozen=True)
class JobRequest:
    """What a job is asked to do: one order for each input, in their order."""

    orders: tuple[Order, ...]
    options: JobOptions = field(default_factory=JobOptions)


_OPTIONS = tuple(each.name for each in fields(JobOptions))


def request_to_wire(request: JobRequest) -> dict[str, Any]:
    """Return the JSON form. Paths become absolute, without “..”; what is not set is left out.
    Raises NameUnusable for a path that is no text."""
    given = {name: getattr(request.options, name) for name in _OPTIONS}
    return {
        "orders": [_order_to_wire(order) for order in request.orders],
        "settings": {
            name: value for name, value in given.items() if value not in (None, False, "")
        },
    }


def request_from_wire(wire: Any) -> JobRequest:
    """Read the JSON form. Raises RequestRefused, SnapshotInvalid, SettingsInvalid."""
    try:
        orders = tuple(_order(each) for each in wire["orders"])
        given = dict(wire.get("settings") or {})
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise RequestRefused(f"an order that cannot be read ({error})") from None
    if not orders:
        raise RequestRefused("a job without an input")
    return JobRequest(orders, _options(given))


def _options(given: dict[str, Any]) -> JobOptions:
    if "find_cuts" in given:  # as Recue 0.1 kept it in its store
        given["find_shot_changes"] = given.pop("find_cuts")
    for name, value in given.items():
        if name not in _OPTIONS:
            raise SettingsInvalid("a setting", str(name), f"one of {', '.join(sorted(_OPTIONS))}")
        expected: Any = {"window_seconds": int, "find_shot_changes": bool}.get(name, str)
        if value is not None and type(value) is not expected:
            kinds = {int: "a whole number", bool: "true or false", str: "a text"}
            raise SettingsInvalid(name, str(value), kinds[expected])
    return JobOptions(**{name: value for name, value in given.items() if value is not None})


def _order_to_wire(order: Order) -> dict[str, Any]:
    options = order.options
    wire: dict[str, Any] = {
        "outputs": [_output_to_wire(output) for output in order.outputs],
        "span": None if options.span is None else list(options.span),
        "stream": options.stream,
        "channel": options.channel,
        "media_folders": [str(_absolute(folder)) for folder in options.media_folders],
        "rate": None if options.rate is None else str(options.rate),
    }
    if order.again:  # left out where it is not so: then an older Recue reads the request, too
        wire["again"] = True
    if order.timeline is None:
        return {"input": str(_absolute(order.input)), **wire}
    return {"name": str(order.input), "timeline": timeline_to_wire(order.timeline), **wire}


def _output_to_wire(output: OutputFile) -> dict[str, Any]:
    wire: dict[str, Any] = {"format": output.format, "path": str(_absolute(output.path))}
    return {**wire, "named": True} if output.named else wire


def files_read(order: Order) -> Iterator[Path]:
    """The files that an order reads, and the folders in which it looks for some."""
    if order.timeline is None:
        yield order.input
    yield from order.options.media_folders
    for track in order.timeline.tracks if order.timeline is not None else ():
        for clip in track.clips:
            if clip.media is not None:
                yield Path(clip.media.path)


def refuse_bytes(path: Path) -> None:
    """Raise NameUnusable for a path that is no text: on Linux, a name may be of any bytes."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        raise NameUnusable(str(path)) from None


def _absolute(path: Path) -> Path:
    """A file keeps its own name, though it may be a link: outputs are named by it."""
    refuse_bytes(path)
    whole = path.absolute()
    if ".." not in whole.parts:
        return whole
    return whole.resolve() if whole.name == ".." else whole.parent.resolve() / whole.name


def _order(wire: Any) -> Order:
    options = InputOptions(
        _span(wire.get("span")),
        _number(wire.get("stream")),
        _number(wire.get("channel")),
        tuple(_path(each) for each in wire.get("media_folders") or ()),
        Fraction(wire["rate"]) if wire.get("rate") else None,
    )
    outputs = tuple(
        OutputFile(str(each["format"]), _path(each["path"]), bool(each.get("named")))
        for each in wire.get("outputs") or ()
    )
    again = bool(wire.get("again"))
    if wire.get("timeline") is None:
        return Order(_path(wire["input"]), outputs, options, again=again)
    timeline = timeline_from_wire(wire["timeline"])
    name = Path(str(wire.get("name") or timeline.name))
    return Order(name, outputs, options, timeline, again)


def _path(value: Any) -> Path:
    """An absolute path without “..”: what the user named, and nothing that it could lead to."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("a path that is no text")
    path = Path(value)
    if not path.is_absolute() or ".." in path.parts:
        raise ValueError(f"the path “{value}” is not absolute")
    return path


def _span(value: Any) -> tuple[str, str] | None:
    if value is None:
        return None
    start, end = value
    return str(start), str(end)


def _number(value: Any) -> int | None:
    if value is not None and (type(value) is not int or value < 0):
        raise ValueError(f"“{value}” is no number of a stream or channel")
    return value
