"""Calls Resolve's scripting interface: nothing raises, and every answer becomes a plain value.

Every attribute of Resolve's objects exists; a method that a version lacks is None. Arguments go by
position only. Lists may come as dictionaries keyed from 1, with whole or decimal numbers, and
None may stand for False, for an empty text or for an empty list.
"""

from __future__ import annotations

import logging
from fractions import Fraction
from typing import Any

LOG = logging.getLogger("recue.resolve")
FINEST = 100_000
"""The largest denominator of a fraction of a frame: a sample at 96 kHz and 1 frame per second."""


def has(thing: Any, name: str) -> bool:
    """Whether this version has a method."""
    try:
        return callable(getattr(thing, name, None))
    except Exception:
        return False


def call(thing: Any, name: str, *args: Any) -> Any:
    """The answer of a method; None where there is no answer or no such method."""
    try:
        method = getattr(thing, name, None) if thing is not None else None
        return method(*args) if callable(method) else None
    except Exception as error:
        LOG.debug("%s: %s", name, type(error).__name__)
        return None


def listed(answer: Any) -> list[Any]:
    """A list from any of its forms, without the items that are None."""
    if isinstance(answer, dict):
        answer = [answer[key] for key in sorted(answer, key=_as_number)]
    items = answer if isinstance(answer, (list, tuple)) else ()
    return [each for each in items if each is not None]


def text(answer: Any) -> str:
    """A text; a number is written out."""
    if isinstance(answer, bool) or answer is None or isinstance(answer, (dict, list, tuple)):
        return ""
    return str(answer).strip()


def whole(answer: Any) -> int | None:
    """A whole number, None where it is none."""
    value = number(answer)
    return int(value) if value is not None and value.denominator == 1 else None


def number(answer: Any) -> Fraction | None:
    """A number in any form, None where it is none. A fraction of a frame comes out exact."""
    if isinstance(answer, bool) or answer is None:
        return None
    try:
        value = Fraction(answer if isinstance(answer, (int, float, Fraction)) else str(answer))
    except (ValueError, OverflowError, ZeroDivisionError):
        return None
    return value.limit_denominator(FINEST)


def frames(item: Any, name: str) -> Fraction | None:
    """A getter of frames, with fractions of a frame where the version gives them (19.0.2)."""
    precise = number(call(item, name, True))
    return precise if precise is not None else number(call(item, name))


def uid(thing: Any) -> str:
    """The id by which two objects are known to be one; objects themselves do not compare."""
    return text(call(thing, "GetUniqueId"))


def _as_number(key: Any) -> Fraction:
    return number(key) or Fraction(0)
