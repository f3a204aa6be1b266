"""Makes the orders for the engine from the options of a command."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from editor_plugin.core.errors import OutputIsInput, SettingsInvalid
from editor_plugin.core.jobs.request import InputOptions, Order, OutputFile
from editor_plugin.core.timebase import exact_rate
from editor_plugin.engine.export import WRITERS


def orders_of(options: argparse.Namespace) -> list[Order]:
    """The orders, one for each input. Raises SettingsInvalid, OutputIsInput."""
    given = input_options_of(options)
    formats = formats_of(options)
    orders = []
    for path in options.inputs:
        outputs = (OutputFile(name, _target(options, path, name)) for name in formats)
        orders.append(Order(path, tuple(outputs), given, again=options.again))
    _refuse_collisions(orders)
    return orders


def input_options_of(options: argparse.Namespace) -> InputOptions:
    """Which part of the inputs, and how to read them. Raises SettingsInvalid."""
    for folder in options.media:
        if not folder.is_dir():
            raise SettingsInvalid("--media", str(folder), "a folder that exists")
    return InputOptions(
        tuple(options.range) if options.range else None,
        _from_one("--stream", options.stream),
        _from_one("--channel", options.channel),
        tuple(options.media),
        exact_rate(options.rate) if options.rate else None,
    )


def formats_of(options: argparse.Namespace) -> list[str]:
    """The requested formats. Raises SettingsInvalid."""
    formats = str(options.format).lower().split(",")
    for name in formats:
        if name not in WRITERS:
            raise SettingsInvalid("--format", name, f"one or more of {', '.join(WRITERS)}")
    return formats


def _from_one(name: str, number: int | None) -> int | None:
    """The user counts from 1, the engine from 0."""
    if number is not None and number < 1:
        raise SettingsInvalid(name, str(number), "a number from 1")
    return None if number is None else number - 1


def _target(options: argparse.Namespace, source: Path, name: str) -> Path:
    out: Path | None = options.output
    suffix = WRITERS[name].suffix
    stem = source.stem.removesuffix(".words")
    if out is None:
        return source.with_name(stem + suffix)
    many = len(options.inputs) > 1 or "," in options.format
    if out.is_dir() or (many and len(options.inputs) > 1):
        return out / (stem + suffix)
    return out.with_suffix(suffix) if many else out


def _refuse_collisions(orders: Sequence[Order]) -> None:
    """No output may be an input of the same run, nor be written twice."""
    inputs = {order.input.absolute() for order in orders}
    seen: set[Path] = set()
    for order in orders:
        for target in (output.path for output in order.outputs):
            if target.absolute() in inputs:
                raise OutputIsInput(str(target))
            if target.absolute() in seen:
                expected = "inputs of different names, or separate runs with -o"
                raise SettingsInvalid("two outputs of one run", str(target), expected)
            seen.add(target.absolute())
