"""Comparable units of cue text: words, or characters of scripts without spaces. Each unit of a cue
that Recue wrote refers to the word that it shows."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from editor_plugin.core.cues import Cue
from editor_plugin.core.rewording import bare
from editor_plugin.core.widths import clusters

DASHES = frozenset("-–—")

_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "IDEOGRAPHIC")
"""Prefixes of the Unicode names of characters in scripts without spaces between words."""


@dataclass(frozen=True)
class Unit:
    """A word as a cue shows it, or one character of a script without spaces.

    `cue` and `line` are positions. `is_spaced`: white space or a line break stands before it.
    `word` is the position of the word that it shows, None for an edited cue or a dash that only
    marks a speaker. `mark` is such a dash that is attached to the word. `is_glued`: it continues
    the word of the unit before it.
    """

    text: str
    cue: int
    line: int
    is_spaced: bool
    word: int | None = None
    mark: str = ""
    is_glued: bool = False

    @property
    def key(self) -> str:
        """The text to compare, without case and outer punctuation."""
        return bare(self.said)

    @property
    def said(self) -> str:
        """The text without the mark."""
        return self.text[len(self.mark) :]


def units(cue: Cue, number: int) -> list[Unit]:
    """Cut a cue, the one at position `number`, into units."""
    return [
        Unit(part, number, line, at == 0)
        for line, text in enumerate(cue.lines)
        for token in text.split()
        for at, part in enumerate(_parts(token))
    ]


def shown_units(
    cue: Cue, number: int, words: Sequence[tuple[int, str]], before: int | None
) -> list[Unit]:
    """Cut a made cue into units. `words` are position and text of those that it shows, `before` is
    the word that the unit before it shows."""
    found: list[Unit] = []
    owners = _owners(cue, words)
    at = 0
    for unit in units(cue, number):
        own = owners[at : at + len(unit.text)]
        at += len(unit.text)
        word = next((each for each in own if each is not None), None)
        if word is not None:
            lead = next(place for place, each in enumerate(own) if each is not None)
            mark = unit.text[:lead] if set(unit.text[:lead]) <= DASHES else ""
            unit = replace(unit, word=word, mark=mark, is_glued=word == before)
            before = word
        found.append(unit)
    return found


def joined(parts: Sequence[Unit]) -> str:
    """Join the text of units, with a space between two where one belongs."""
    text = ""
    for part in parts:
        if text and part.is_spaced and not part.is_glued and not _run_on(text[-1], part.said[:1]):
            text += " "
        text += part.said
    return text


def _run_on(left: str, right: str) -> bool:
    return bool(right) and is_unspaced(left) and is_unspaced(right)


def is_unspaced(char: str) -> bool:
    """Whether a character is of a script without spaces between words."""
    return not char.isascii() and unicodedata.name(char, "").startswith(_UNSPACED)


def _parts(token: str) -> list[str]:
    if token.isascii() or not any(map(is_unspaced, token)):
        return [token]
    parts: list[str] = []
    for cluster in clusters(token):
        goes_on = parts and not is_unspaced(parts[-1][-1]) and not is_unspaced(cluster[0])
        if goes_on:
            parts[-1] += cluster
        else:
            parts.append(cluster)
    return parts


def _owners(cue: Cue, words: Sequence[tuple[int, str]]) -> list[int | None]:
    """Return for each character of a cue, white space left out, the word that it belongs to."""
    seen = "".join(cue.text.split())
    said = "".join("".join(text.split()) for _, text in words)
    owner = [word for word, text in words for _ in "".join(text.split())]
    if seen == said:
        return list(owner)
    owners: list[int | None] = [None] * len(seen)
    for run in difflib.SequenceMatcher(None, said, seen, autojunk=False).get_matching_blocks():
        owners[run.b : run.b + run.size] = owner[run.a : run.a + run.size]
    return owners
