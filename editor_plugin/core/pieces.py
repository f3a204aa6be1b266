"""Text pieces to lay out on lines: words, or parts of words that are longer than a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from editor_plugin.core.styles import Style
from editor_plugin.core.transcript import Word
from editor_plugin.core.widths import clusters, width


def is_one_piece(text: str, style: Style) -> bool:
    """Whether `pieces` gives a word with this text, and nothing else, as it is."""
    whole = text == " ".join(text.split())
    return whole and text != "" and width(text, style.char_weights) <= style.max_chars


def pieces(word: Word, style: Style) -> Iterator[Word]:
    """Yield the word or, if it is longer than a line, pieces that share its time by their length.

    In a script without spaces a long "word" is a phrase: its characters become the pieces, so that
    it can be broken anywhere. Else each piece fills a line. A blank word yields nothing.
    """
    text = " ".join(word.text.split())
    if width(text, style.char_weights) <= style.max_chars:
        if text:
            yield word if text == word.text else replace(word, text=text)
        return
    step = (word.end - word.start) / len(text)
    at = 0
    for part in _parts(text, style):
        start = word.start + step * at
        at += len(part)
        yield replace(word, text=part, start=start, end=word.start + step * at)


def joint(left: str, right: str, style: Style) -> str:
    """Return the separator of two words: in scripts without spaces, a space between Latin words."""
    return " " if _is_latin(left[-1]) and _is_latin(right[0]) else style.joiner


def _parts(text: str, style: Style) -> Iterator[str]:
    part, used = "", 0.0
    for cluster in clusters(text):
        added = width(cluster, style.char_weights)
        breakable = style.joiner == "" and part and not _belong(part[-1], cluster[0])
        if breakable or (part and used + added > style.max_chars):
            yield part
            part, used = "", 0.0
        part += cluster
        used += added
    yield part


def _belong(left: str, right: str) -> bool:
    """Whether two characters in a script without spaces are of one Latin word or number."""
    return right == " " or (_is_latin(left) and _is_latin(right))


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
