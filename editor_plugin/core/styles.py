"""How subtitles are to look, as data."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Style:
    """The limits that cues are built to. Times are seconds, lengths are characters.

    The defaults are those that Netflix's Timed Text Style Guide gives for English: 42 characters
    a line, 2 lines, 5/6 s to 7 s, 2 frames between cues, and no more than half a second after the
    last word.
    """

    max_chars: int = 42
    max_lines: int = 2
    min_duration: Fraction = Fraction(5, 6)
    max_duration: Fraction = Fraction(7)
    min_gap_frames: int = 2
    linger: Fraction = Fraction(1, 2)
    pause: Fraction = Fraction(3, 2)
    """A silence of this length always ends a cue."""


PLAIN = Style()
