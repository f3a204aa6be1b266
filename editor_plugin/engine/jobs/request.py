"""A job's request in JSON, read and checked; docs/design/engine.md has its form."""

from __future__ import annotations

from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import RequestRefused, SettingsInvalid
from editor_plugin.core.snapshot import timeline_from_wire, timeline_to_wire
from editor_plugin.engine.export import WRITERS
from editor_plugin.engine.jobs.inputs import InputOptions
from editor_plugin.engine.jobs.order import Order, RunSettings
from editor_plugin.engine.models.local import locate
from editor_plugin.engine.recognition.types import ModelChoice
from editor_plugin.engine.settings import UserSettings, override
from editor_plugin.engine.subtitles.style_files import find_style

_OWN = ("find_cuts", "project")
"""Settings of a job that are none of the user's own."""


def request_of(orders: list[Order], settings: dict[str, Any]) -> dict[str, Any]:
    """The request for these orders. Paths become absolute, without “..”."""
    return {"orders": [_order_to_wire(order) for order in orders], "settings": settings}


def orders_of(request: dict[str, Any]) -> list[Order]:
    """Read the orders. Raises RequestRefused, SnapshotInvalid, SettingsInvalid."""
    try:
        orders = [_order(each) for each in request["orders"]]
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise RequestRefused(f"an order that cannot be read ({error})") from None
    if not orders:
        raise RequestRefused("a job without an input")
    return orders


def settings_of(request: dict[str, Any], own: UserSettings) -> RunSettings:
    """Read the settings, on top of the user's own. Raises SettingsInvalid, ModelError's children,
    StyleError's."""
    given = dict(request.get("settings") or {})
    find_cuts, project = given.pop("find_cuts", False), given.pop("project", "")
    chosen = override(own, given)
    model = ModelChoice(locate(chosen.model).path, chosen.device, chosen.precision, chosen.language)
    style = find_style(chosen.style)
    return RunSettings(model, chosen.window_seconds, style, bool(find_cuts), str(project))


def check(request: dict[str, Any]) -> None:
    """Raise what is wrong with a request, as far as can be told before its turn."""
    orders_of(request)
    settings = request.get("settings") or {}
    known = {field.name for field in fields(UserSettings)} | set(_OWN)
    for name in settings:
        if name not in known:
            raise SettingsInvalid("a setting", str(name), f"one of {', '.join(sorted(known))}")
    override(UserSettings(), {k: v for k, v in settings.items() if k not in _OWN})


def _order_to_wire(order: Order) -> dict[str, Any]:
    choice = order.choice
    wire: dict[str, Any] = {
        "outputs": [{"format": name, "path": str(_absolute(path))} for name, path in order.outputs],
        "span": None if choice.span is None else list(choice.span),
        "stream": choice.stream,
        "channel": choice.channel,
        "media_folders": [str(_absolute(folder)) for folder in choice.media_folders],
        "rate": None if choice.rate is None else str(choice.rate),
    }
    if order.timeline is None:
        return {"input": str(_absolute(order.input)), **wire}
    return {"name": str(order.input), "timeline": timeline_to_wire(order.timeline), **wire}


def _absolute(path: Path) -> Path:
    """A file keeps its own name, though it may be a link: outputs are named by it."""
    whole = path.absolute()
    if ".." not in whole.parts:
        return whole
    return whole.resolve() if whole.name == ".." else whole.parent.resolve() / whole.name


def _order(wire: Any) -> Order:
    choice = InputOptions(
        _span(wire.get("span")),
        _number(wire.get("stream")),
        _number(wire.get("channel")),
        tuple(_path(each) for each in wire.get("media_folders") or ()),
        Fraction(wire["rate"]) if wire.get("rate") else None,
    )
    outputs = tuple(_output(each) for each in wire.get("outputs") or ())
    if wire.get("timeline") is None:
        return Order(_path(wire["input"]), outputs, choice)
    timeline = timeline_from_wire(wire["timeline"])
    return Order(Path(str(wire.get("name") or timeline.name)), outputs, choice, timeline)


def _output(wire: Any) -> tuple[str, Path]:
    name = str(wire["format"])
    if name not in WRITERS:
        raise SettingsInvalid("an output's format", name, f"one of {', '.join(WRITERS)}")
    return name, _path(wire["path"])


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
