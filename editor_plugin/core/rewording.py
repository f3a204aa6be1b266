"""Replacement of words by other texts: times of the new words, and comparison of texts."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from editor_plugin.core.transcript import Word


def bare(text: str) -> str:
    """Return the text without case and outer punctuation, for comparing what was said.

    A text of nothing but punctuation stays as it is.
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    return stripped(folded)[1] or folded


def stripped(text: str) -> tuple[str, str, str]:
    """Split a text into what precedes its first letter or digit, the middle, and the rest."""
    said = [at for at, char in enumerate(text) if _is_said(char)]
    if not said:
        return text, "", ""
    first, last = said[0], said[-1] + 1
    return text[:first], text[first:last], text[last:]


def _is_said(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char)[0] in "MS"


def middle(word: Word) -> Fraction:
    """Return the middle of a word, which decides what it belongs to."""
    return (word.start + word.end) / 2


def reworded(
    words: Sequence[Word], texts: Sequence[str], latest: Fraction | None = None
) -> list[Word]:
    """Return `texts` as words in the place of `words`, which are in order and at least one.

    If there are as many as before, each keeps its word's times. Else the time from the first start
    to the last end, or to `latest` if that is earlier, is shared by length. The speaker is kept.
    """
    if len(texts) == len(words):
        return [replace(word, text=text) for word, text in zip(words, texts)]
    start, end = words[0].start, max(word.end for word in words)
    if latest is not None:
        end = max(start, min(end, latest))
    return shared(replace(words[0], start=start, end=end), texts)


def shared(whole: Word, texts: Sequence[str]) -> list[Word]:
    """Share the time of one word among several texts by their length."""
    letters = sum(map(len, texts))
    step = (whole.end - whole.start) / letters if letters else Fraction(0)
    words, at = [], 0
    for text in texts:
        start = whole.start + step * at
        at += len(text)
        words.append(replace(whole, text=text, start=start, end=whole.start + step * at))
    return words
