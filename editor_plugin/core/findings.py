"""Findings of the quality report, and the rules that they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Union

Value = Union[Fraction, int, str]
"""A number in the rule's unit, or a text."""

RULES = {
    "empty": "a cue without text",
    "order": "a cue that starts before the one above it",
    "characters": "a character that cannot be shown",
    "line-length": "more characters in a line than the style allows",
    "lines": "more lines than the style allows",
    "confidence": "a word that the model was not sure of",
    "frame": "a time between two frames (seconds; the nearest frame's time)",
    "shown": "no time on the screen at all (seconds)",
    "min-duration": "shown for too short a time (seconds)",
    "max-duration": "shown for too long a time (seconds)",
    "cps": "more characters per second than can be read",
    "wpm": "more words per minute than can be read",
    "overlap": "two cues at once (seconds)",
    "gap": "too small a gap before the next cue (seconds)",
    "gap-open": "a gap before the next cue that is short enough to be closed (seconds)",
    "cut-in": "an in point near a shot change (seconds; where it should be)",
    "cut-out": "an out point near a shot change (seconds; where it should be)",
    "straddle": "shot changes in the middle of a cue",
    "in-time": "a cue that starts away from its first word (seconds)",
    "cut-off": "a cue that ends before its last word does (seconds)",
}
"""The stable name of each rule, and what it finds, with the unit of its numbers."""


@dataclass(frozen=True)
class Finding:
    """A cue's breach of one rule of its style.

    `cue` counts from 1, in the order in which the cues were given. `rule` is a key of RULES;
    `value` is what was found and `limit` what is allowed, in the rule's unit, or None.
    `fixable`: it can be fixed. `fixed`: it was.
    """

    cue: int
    rule: str
    value: Value
    limit: Value | None
    sentence: str
    fixed: bool = False
    fixable: bool = False


def shown(value: Value) -> str:
    """Return a value as text, with up to three decimals.

    >>> shown(Fraction(5, 6)), shown(Fraction(20)), shown("U+FFFD")
    ('0.833', '20', 'U+FFFD')
    """
    if isinstance(value, Fraction):
        return f"{float(value):.3f}".rstrip("0").rstrip(".")
    return str(value)
