"""The world as JSON and back. Fractions are text ("1001/24"); an unknown key is an error."""

from __future__ import annotations

import dataclasses
import json
import typing
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar, cast

from tests.doubles.resolve.world import World

T = TypeVar("T")


def to_json(value: Any) -> Any:
    """A dataclass, or what holds some, in JSON's own types."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, dict):
        return {str(key): to_json(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(each) for each in value]
    return value


def from_json(kind: type[T], data: Any) -> T:
    """Read a dataclass. Raises ValueError for a key that it has not."""
    hints = typing.get_type_hints(kind)
    unknown = set(data) - set(hints)
    if unknown:
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return kind(**{key: _value(hints[key], each) for key, each in data.items()})


def _value(hint: Any, data: Any) -> Any:
    if dataclasses.is_dataclass(hint):
        return from_json(cast("type[Any]", hint), data)
    if hint is Fraction:
        return Fraction(str(data))
    if typing.get_origin(hint) is list:
        inner = typing.get_args(hint)[0]
        return [_value(inner, each) for each in data]
    return data


def load(path: Path) -> World:
    """Read a scenario, or a state that was dumped."""
    return from_json(World, json.loads(path.read_text(encoding="utf-8")))


def dump(world: World, path: Path) -> None:
    """Write the whole state, calls and violations included."""
    path.write_text(json.dumps(to_json(world), indent=1), encoding="utf-8")
