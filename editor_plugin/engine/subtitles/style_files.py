"""The user's own styles: TOML files with their differences from a preset.

base = "netflix-en"      # what it starts from; this one where it is left out
name = "house"           # the file's name where it is left out
max_chars = 38
max_cps = 18.5           # false: no limit
min_duration = "5/6"     # seconds, as a number or as a fraction
dashes = ["- ", "- "]

[snap]                   # snap = false: shot changes do not matter
red = "2/3"

Every field of `core.styles.Style` may stand there.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.core.styles import (
    PLAIN,
    SnapZones,
    Style,
    derive,
    style_named,
)
from editor_plugin.engine.plain_files import LARGEST_SETTINGS, read_plain


@dataclass(frozen=True)
class _Kind:
    """The values of a key: their description, and a parser that raises ValueError."""

    expected: str
    read: Callable[[Any], Any]


def find_style(name: str) -> Style:
    """The preset of that name, or the style in that .toml file. Raises SettingsInvalid."""
    return read_style(Path(name)) if name.lower().endswith(".toml") else style_named(name)


def read_style(path: Path) -> Style:
    """Read a style file. Raises SettingsInvalid, which names the file, the key and its value."""
    try:
        found = tomllib.loads(read_plain(path, LARGEST_SETTINGS).decode("utf-8-sig"))
    except FileNotFoundError:
        raise SettingsInvalid("a style file", str(path), "the name of an existing file") from None
    except OSError as error:
        expected = f"the name of a text file ({error.strerror})"
        raise SettingsInvalid("a style file", str(path), expected) from None
    except (ValueError, RecursionError) as error:
        expected = f"a text file with lines like max_chars = 38 ({error})"
        raise SettingsInvalid("a style file", str(path), expected) from None
    name = _value(path, "name", found.pop("name", path.stem), _TEXT)
    base = found.pop("base", PLAIN.name)
    try:
        start = style_named(str(base))
    except SettingsInvalid as error:
        raise _invalid(path, "base", base, error.data["expected"]) from None
    changes = {key: _read(path, key, value, start) for key, value in found.items()}
    style = derive(start, name, path.name, **changes)
    _refuse_impossible(path, style)
    return style


def _read(path: Path, key: str, value: Any, start: Style) -> Any:
    if key not in _KINDS:
        near = difflib.get_close_matches(key, _KINDS, n=2) or sorted(_KINDS)
        raise SettingsInvalid(f"a key in “{path}”", key, f"{' or '.join(near)}")
    if key == "snap" and isinstance(value, Mapping):
        return _table(path, key, value, start.snap or SnapZones())
    if key == "char_weights" and isinstance(value, Mapping):
        return _table(path, key, value, start.char_weights)
    return _value(path, key, value, _KINDS[key])


def _table(path: Path, key: str, values: Mapping[str, Any], start: Any) -> Any:
    """The SnapZones or CharWeights in a [table]; values that it does not name are the base's."""
    known = [field.name for field in fields(start)]
    changes = {}
    for inner, value in values.items():
        if inner not in known:
            raise SettingsInvalid(f"a key in “{path}” under [{key}]", inner, " or ".join(known))
        changes[inner] = _value(path, f"{key}.{inner}", value, _INNER[inner])
    return replace(start, **changes)


def _value(path: Path, key: str, value: Any, kind: _Kind) -> Any:
    try:
        return kind.read(value)
    except (ValueError, TypeError, ZeroDivisionError):
        raise _invalid(path, key, value, kind.expected) from None


def _refuse_impossible(path: Path, style: Style) -> None:
    """Refuse limits that contradict each other."""
    limits = (
        ("max_duration", style.max_duration, "min_duration", style.min_duration),
        ("max_cps", style.max_cps, "target_cps", style.target_cps),
        ("max_chars", style.max_chars, "char_weights.wide", style.char_weights.wide),
        ("max_chars", style.max_chars, "char_weights.narrow", style.char_weights.narrow),
    )
    for most, high, least, low in limits:
        if high is not None and low is not None and high < low:
            raise _invalid(path, most, _shown(high), f"at least {least}, which is {_shown(low)}")


def _invalid(path: Path, key: str, value: Any, expected: str) -> SettingsInvalid:
    return SettingsInvalid(f"{key} in “{path}”", _shown(value), expected)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{float(value):g}" if isinstance(value, Fraction) else str(value)


def _exact(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError
    return Fraction(str(value))


def _number(least: int, most: int, unit: str) -> _Kind:
    def read(value: Any) -> Fraction:
        number = _exact(value)
        if not least <= number <= most:
            raise ValueError
        return number

    return _Kind(f"{unit} from {least} to {most}, as a number or a fraction like “5/6”", read)


def _whole(least: int, most: int) -> _Kind:
    def read(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError
        return value

    return _Kind(f"a whole number from {least} to {most}", read)


def _or_none(kind: _Kind) -> _Kind:
    def read(value: Any) -> Any:
        return None if value is False else kind.read(value)

    return _Kind(f"{kind.expected}; or false for no limit", read)


def _one_of(*choices: str) -> _Kind:
    def read(value: Any) -> Any:
        if value not in choices:
            raise ValueError
        return value

    return _Kind(" or ".join(f"“{choice}”" for choice in choices), read)


def _read_flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _read_line(value: Any) -> str:
    if not isinstance(value, str) or "\n" in value or "\r" in value:
        raise ValueError
    return value


def _read_name(value: Any) -> str:
    if not _read_line(value).strip():
        raise ValueError
    return str(value)


def _read_pair(value: Any) -> tuple[str, str]:
    first, second = value
    if isinstance(value, str):
        raise ValueError
    return _read_line(first), _read_line(second)


def _read_weight(value: Any) -> float:
    number = _exact(value)
    if not 0 < number <= 4 or number * 4 % 1:
        raise ValueError
    return float(number)


def _refuse(_: Any) -> None:
    raise ValueError


_TEXT = _Kind("a text in quotes", _read_name)
_FLAG = _Kind("true or false", _read_flag)
_CHARS = _Kind("characters in quotes", _read_line)
_SECONDS = _number(0, 3600, "seconds")
_SPEED = _or_none(_number(1, 1000, "a speed"))
_TABLE = _Kind("a [table]", _refuse)

_KINDS = {
    "max_chars": _whole(1, 1000),
    "max_lines": _whole(1, 10),
    "max_cps": _SPEED,
    "target_cps": _SPEED,
    "max_wpm": _SPEED,
    "min_duration": _SECONDS,
    "max_duration": _number(1, 3600, "seconds"),
    "min_gap_frames": _whole(0, 100),
    "close_gap_below": _SECONDS,
    "linger": _SECONDS,
    "in_tolerance_frames": _whole(0, 100),
    "snap": _or_none(_TABLE),
    "pause": _SECONDS,
    "char_weights": _TABLE,
    "joiner": _one_of(" ", ""),
    "no_line_start": _CHARS,
    "no_line_end": _CHARS,
    "direction": _one_of("ltr", "rtl"),
    "one_sentence_per_cue": _FLAG,
    "bottom_heavy": _FLAG,
    "words_per_cue": _or_none(_whole(1, 1000)),
    "dashes": _Kind("two texts in brackets, like [“- ”, “- ”]", _read_pair),
}
_INNER = {
    "reach": _number(0, 10, "seconds"),
    "red": _number(0, 1, "a part"),
    "out_gap_frames": _whole(0, 100),
    "narrow": _Kind("a multiple of 1/4, up to 4", _read_weight),
    "wide": _Kind("a multiple of 1/4, up to 4", _read_weight),
}
