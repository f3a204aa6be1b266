"""Width of text on the screen, in the characters that a style counts."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from editor_plugin.core.styles import CharWeights


def width(text: str, weights: CharWeights) -> float:
    """Return the length of one line of text: full-width characters as `wide`, marks as nothing."""
    if text.isascii():
        return len(text) * weights.narrow
    wide = narrow = 0
    for char in text:
        columns = _columns(char)
        wide += columns == 2
        narrow += columns == 1
    return wide * weights.wide + narrow * weights.narrow


def clusters(text: str) -> list[str]:
    """Split a text into single characters, each with the marks that belong to it."""
    parts: list[str] = []
    for char in text:
        if parts and _columns(char) == 0:
            parts[-1] += char
        else:
            parts.append(char)
    return parts


@lru_cache(maxsize=8192)
def _columns(char: str) -> int:
    """Return 0 for a mark or an invisible character, 2 for a full-width one, else 1.

    Characters of ambiguous width are those of Western text (quotation marks, dashes): 1.
    """
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
