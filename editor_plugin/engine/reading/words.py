"""Reading of the words files that Recue writes (`engine.export.words`), exactly."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import SettingsInvalid, WordsUnreadable
from editor_plugin.core.projection import ProjectedWord
from editor_plugin.core.timebase import exact_rate
from editor_plugin.core.timeline import Media
from editor_plugin.core.transcript import Word
from editor_plugin.engine.export.result import Result
from editor_plugin.engine.export.text import readable
from editor_plugin.engine.export.words import FORMAT, VERSION
from editor_plugin.engine.reading.files import content

LARGEST = 512 * 1024 * 1024
"""Bytes; three hours of speech are 8 MB."""

LONGEST = 10**7
"""Seconds; later than the end of any recording."""

_FIGURES = 40
"""Digits of a numerator or denominator; the exact times of a retimed clip have about ten."""


def read_words(path: Path) -> Result:
    """Read a words file; the result has no cues yet. Times are the exact ones, unless `start` or
    `end` was changed by hand. Raises MediaMissing and WordsUnreadable."""
    try:
        return _result(
            json.loads(content(path, WordsUnreadable, LARGEST).decode("utf-8-sig")), path
        )
    except UnicodeDecodeError:
        raise WordsUnreadable(str(path), "it is not UTF-8") from None
    except (ValueError, RecursionError) as error:  # ValueError also for absurdly long numbers
        raise WordsUnreadable(str(path), f"it is no JSON ({error})") from None
    except (_Wrong, SettingsInvalid) as error:
        raise WordsUnreadable(str(path), str(error).rstrip(".")) from None


class _Wrong(Exception):
    """A value is invalid; the message is the reason."""


def _result(data: Any, path: Path) -> Result:
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise _Wrong(f"it does not say “format”: “{FORMAT}”")
    if data.get("version") != VERSION:
        raise _Wrong(f"its version is {data.get('version')}, and this Recue reads {VERSION}")
    words = _of(data, "words", list)
    rate = _of(data, "rate", str, type(None))
    return Result(
        name=_of(data, "name", str),
        rate=None if rate is None else exact_rate(rate),
        cues=(),
        words=tuple(_word(each, number) for number, each in enumerate(words, start=1)),
        start_frame=_of(data, "start_frame", int),
        drop_frame=_of(data, "drop_frame", bool),
        language=_of(data, "language", str, type(None)),
    )


def _word(data: Any, number: int) -> ProjectedWord:
    try:
        source = _of(data, "source", dict)
        said = Word(
            _of(data, "text", str),
            Fraction(0),
            Fraction(0),
            _confidence(data),
            _of({"speaker": None, **data}, "speaker", str, type(None)),
        )
        return ProjectedWord(
            word=_timed(said, data),
            source=_timed(said, source),
            media=Media(
                _of(source, "path", str),
                _of(source, "stream", int, type(None)),
                _of(source, "channel", int, type(None)),
            ),
            track=_of(data, "track", int),
            clip=_of(data, "clip", int),
        )
    except _Wrong as error:
        raise _Wrong(f"word {number}: {error}") from None


def _timed(said: Word, data: dict[str, Any]) -> Word:
    exact = data.get("exact")
    kept = exact if isinstance(exact, list) and len(exact) == 2 else [None, None]
    start, end = (_time(data, name, kept[at]) for at, name in enumerate(("start", "end")))
    if end < start:
        raise _Wrong("it ends before it starts")
    return replace(said, start=start, end=end)


def _time(data: dict[str, Any], name: str, exact: Any) -> Fraction:
    shown = _of(data, name, int, float)
    if not abs(shown) <= LONGEST:  # so asked, it is refused where it is NaN, too
        raise _Wrong(f"“{name}” is no time")
    time = _fraction(exact)
    return time if time is not None and readable(time) == shown else Fraction(repr(shown))


def _fraction(written: Any) -> Fraction | None:
    if not isinstance(written, str):
        return None
    numerator, _, denominator = written.partition("/")
    parts = (numerator.removeprefix("-"), denominator or "1")
    if not all(each.isdecimal() and len(each) <= _FIGURES for each in parts):
        return None
    return Fraction(int(numerator), int(parts[1])) if int(parts[1]) else None


def _confidence(data: dict[str, Any]) -> float | None:
    value = _of(data, "confidence", int, float, type(None))
    if value is not None and not math.isfinite(value):
        raise _Wrong("“confidence” is no number")
    return None if value is None else float(value)


def _of(data: Any, name: str, *kinds: type) -> Any:
    if not isinstance(data, dict) or name not in data:
        raise _Wrong(f"“{name}” is missing")
    if type(data[name]) not in kinds:
        raise _Wrong(f"“{name}” is of the wrong kind")
    return data[name]
