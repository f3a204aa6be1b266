"""Weights of segmentation, in log-odds: 1 more makes a place 2.7 times as likely.

`WITH_LEXICON` and `WITHOUT` were fitted by `python -m benchmarks.fit_boundaries` to 272 sentences
of English talks that people had segmented into subtitles (text only; nothing but these weights is
kept of it). They rate word classes, not words, and serve every language that has a lexicon. The
other weights were set by hand: that text has no pauses, no time limits, and one script.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from editor_plugin.core.styles import Style

BREATH = (5.0, 2.0)
"""Added by a pause of 0.4 s or more to the rating of a cue's end, and of a line's."""

FORBIDDEN = -30.0
"""Rating of a gap where a line would begin or end with a character not allowed there."""

SCRIPTS = {
    ("HIRAGANA", "CJK"): 1.5,  # after a particle or an ending, before the next word
    ("HIRAGANA", "KATAKANA"): 1.5,
    ("HIRAGANA", "HIRAGANA"): -0.5,
    ("KATAKANA", "KATAKANA"): -4.0,  # inside a foreign word
    ("CJK", "HIRAGANA"): -2.5,  # before a particle or an ending
    ("KATAKANA", "HIRAGANA"): -2.0,
    ("CJK", "CJK"): -1.0,
    ("DIGIT", "CJK"): -3.0,  # before a counter
}
"""Ratings in scripts without spaces, by the scripts of the characters on both sides of a gap."""

SECOND_SENTENCE = 3.0
"""Cost of each sentence that ends inside a cue, where the style wants one sentence per cue."""


@dataclass(frozen=True)
class DurationCosts:
    """Costs of a cue that breaks the style's time limits. Soft, so that there is a result."""

    short: float = 4.0
    """For each second by which it has to be shorter than the minimum duration."""
    char: float = 0.1
    """For each character that cannot be read in that time."""
    word: float = 0.5
    """For each word that cannot."""
    long: float = 20.0
    """For each second of speech over the maximum duration."""


HASTE = DurationCosts()


@dataclass(frozen=True)
class Shape:
    """Costs of a cue's shape, per character of a 42-character line."""

    under_20: float = 0.0
    """For each character that a cue of one line is shorter than 20."""
    under_30: float = 0.0
    """The same for 30; below 20 both count."""
    over_20: float = 0.0
    """For each character that a cue of one line is longer than 20."""
    over_42: float = 0.0
    """For each character that a cue of several lines is longer than one full line."""
    uneven: float = 0.0
    """For each character that a line is longer than the one above it."""
    top_heavy: float = 0.0
    """For each character that a line is shorter than the one above it."""
    scale: float = 1.0
    """Characters of a 42-character line for each character of the style's line."""

    def scaled(self, style: Style) -> Shape:
        """Return the costs for a style with longer or shorter lines."""
        scale = 42 / style.max_chars
        top_heavy = self.top_heavy if style.bottom_heavy else self.uneven
        return replace(self, uneven=self.uneven * scale, top_heavy=top_heavy * scale, scale=scale)

    def one_line(self, length: float) -> float:
        """Return the rating of a cue of one line, `length` characters long: 0 or less."""
        chars = length * self.scale
        cost = self.over_20 * (chars - 20) if chars > 20 else self.under_20 * (20 - chars)
        return -(cost + self.under_30 * (30 - chars)) if chars < 30 else -cost

    def full(self, length: float) -> float:
        """Return the rating of a cue of several lines, `length` characters in all."""
        return -self.over_42 * (length * self.scale - 42)


@dataclass(frozen=True)
class Weights:
    """Fitted weights: of each piece of evidence at a gap, (for a cue, for a line); of shapes."""

    gaps: Mapping[str, tuple[float, float]]
    shape: Shape


WITH_LEXICON = Weights(
    gaps={
        "after adverb": (-1.62, -0.73),
        "after article": (-2.33, -2.39),
        "after auxiliary": (-2.1, -0.19),
        "after content": (0.7, 1.08),
        "after coordinator": (-1.87, -1.83),
        "after demonstrative": (-0.03, -0.2),
        "after genitive": (-1.79, -0.58),
        "after infinitive": (0.6, -1.02),
        "after negation": (-0.72, -0.31),
        "after number": (-1.1, -0.61),
        "after object": (0.23, 1.09),
        "after particle": (-0.17, 1.53),
        "after possessive": (-1.41, -1.85),
        "after preposition": (-2.43, -1.35),
        "after quantifier": (-1.21, 0.19),
        "after relative": (-0.35, 1.13),
        "after subject": (-0.73, -0.89),
        "after subordinator": (-1.48, -1.5),
        "any": (-0.55, -0.23),
        "before adverb": (-1.41, -0.4),
        "before article": (-1.17, 0.62),
        "before auxiliary": (-0.1, 0.8),
        "before content": (-1.04, -0.2),
        "before coordinator": (1.21, 1.3),
        "before demonstrative": (-0.79, 0.87),
        "before infinitive": (0.66, 0.24),
        "before negation": (0.81, -0.61),
        "before number": (0.12, -0.05),
        "before object": (-0.9, -0.46),
        "before particle": (-0.03, -0.15),
        "before possessive": (-0.4, 0.23),
        "before preposition": (-0.42, 0.72),
        "before quantifier": (-0.17, -0.27),
        "before relative": (1.38, 0.73),
        "before subject": (-0.33, 0.59),
        "before subordinator": (0.9, 0.2),
        "clause": (3.07, 0.31),
        "comma": (3.14, 2.11),
        "comma, then coordinator": (0.01, 0.58),
        "dash": (3.18, 0.19),
        "length after": (-2.68, -0.56),
        "length before": (-1.0, 0.27),
        "name": (-0.51, -0.22),
        "noun phrase of more words, then content": (-0.52, -0.34),
        "noun phrase of more words, then small word": (-0.5, -0.25),
        "noun phrase of one word, then content": (-0.59, -0.26),
        "noun phrase of one word, then small word": (-0.26, -0.12),
        "one word, then comma": (-0.84, 0.93),
        "preposition with more words, then content": (0.38, -0.89),
        "preposition with one word, then content": (-0.61, 0.1),
        "sentence": (6.37, 3.08),
        "verb phrase of more words, then content": (-0.28, 0.45),
        "verb phrase of more words, then small word": (0.84, -0.28),
        "verb phrase of one word, then content": (-0.87, -1.63),
        "verb phrase of one word, then small word": (-1.08, -0.29),
    },
    shape=Shape(
        under_20=0.144,
        under_30=0.102,
        over_20=-0.037,
        over_42=-0.006,
        uneven=0.127,
        top_heavy=0.143,
    ),
)
"""For languages that have a lexicon."""

WITHOUT = Weights(
    gaps={
        "any": (-1.18, 0.5),
        "clause": (3.73, 0.43),
        "comma": (3.92, 2.02),
        "dash": (4.2, 0.58),
        "length after": (-4.28, -2.34),
        "length before": (1.95, 2.45),
        "name": (-0.36, 0.04),
        "one word, then comma": (-0.52, 0.93),
        "sentence": (6.76, 2.83),
    },
    shape=Shape(
        under_20=0.146, under_30=0.11, over_20=-0.054, over_42=-0.032, uneven=0.113, top_heavy=0.129
    ),
)
"""For all others."""
