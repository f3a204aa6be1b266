"""Checks of a cue's text, and new line breaks for lines that are too long."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from editor_plugin.core.cues import Cue
from editor_plugin.core.findings import Finding, shown
from editor_plugin.core.segmentation import break_lines
from editor_plugin.core.styles import Style
from editor_plugin.core.widths import clusters, width

_UNSHOWN = ("Cc", "Co", "Cs")
"""Control characters, those of private use, and halves of surrogate pairs."""
_OF_ITS_OWN = re.compile(r"\s*([-–—‐♪♫#*•]|>>)")
"""The beginning of a line that belongs to one voice or to music, and is joined to no other."""
_LATIN_OR_NOT = re.compile(r"[!-~]+|\s+|[^!-~\s]+")


def text_findings(cue: Cue, number: int, style: Style, low_confidence: float) -> Iterator[Finding]:
    """Yield the findings on a cue's text: empty, characters, lines, words of low confidence."""
    if not cue.text.strip():
        yield Finding(number, "empty", 0, None, f"Cue {number} has no text.")
        return
    for char in dict.fromkeys("".join(cue.lines)):
        if char == "\ufffd" or unicodedata.category(char) in _UNSHOWN:
            code = f"U+{ord(char):04X}"
            sentence = f"Cue {number} has a character that cannot be shown, {code}."
            yield Finding(number, "characters", code, None, sentence)
    for line in cue.lines:
        chars = Fraction(width(line, style.char_weights))
        if chars > style.max_chars:
            says = f"has a line of {shown(chars)} characters; the most is {style.max_chars}"
            yield Finding(
                number, "line-length", chars, style.max_chars, f"Cue {number} {says}: “{line}”"
            )
    if len(cue.lines) > style.max_lines:
        says = f"Cue {number} has {len(cue.lines)} lines; the most is {style.max_lines}."
        yield Finding(number, "lines", len(cue.lines), style.max_lines, says)
    for word in cue.words:
        if word.confidence is not None and word.confidence < low_confidence:
            value, limit = (Fraction(f"{each:.3f}") for each in (word.confidence, low_confidence))
            sentence = f"Cue {number}: listen to “{word.text}”; the model was not sure of it."
            yield Finding(number, "confidence", value, limit, sentence)


def relaid(cue: Cue, style: Style, language: str | None = None) -> Cue:
    """Return the cue with new line breaks if its lines are too long or too many, and the text fits.

    Lines that begin with a dash or a note belong to one voice each, and stay as they are.
    """
    too_long = any(width(line, style.char_weights) > style.max_chars for line in cue.lines)
    if not too_long and len(cue.lines) <= style.max_lines:
        return cue
    if any(_OF_ITS_OWN.match(line) for line in cue.lines[1:]):
        return cue
    text = style.joiner.join(cue.lines)
    lines = break_lines(_pieces(text, style), style, language)
    if lines is None or style.joiner.join(lines) != text:
        return cue
    return replace(cue, lines=lines)


def _pieces(text: str, style: Style) -> list[str]:
    """Split text where lines may be broken: words, or characters in a script without spaces."""
    if style.joiner:
        return text.split()
    runs = _LATIN_OR_NOT.findall(text)
    return [
        piece
        for run in runs
        if run.strip()
        for piece in ([run] if run.isascii() else clusters(run))
    ]
