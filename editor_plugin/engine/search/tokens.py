"""What of a text is searched: its words without case, accents and punctuation.

Recue does this itself and gives SQLite ready tokens: SQLite's own “unicode61” takes a Chinese,
Japanese or Thai sentence for one word, or breaks it at its vowel signs, and its “trigram” finds no
word of two characters, of which Chinese has most. In scripts without spaces, each character is a
token, so that any part of a sentence is found as a phrase.
"""

from __future__ import annotations

import functools
import unicodedata

LONGEST = 64
"""Characters of a token. No word of any language is longer; what is would only fill the index."""
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe"}
    | {"ð": "d", "þ": "th", "ĸ": "k", "ŋ": "n"}
)
"""Letters that people write so who lack them on the keyboard. Unicode does not take them apart."""
_SPACELESS = (
    *((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x19E0, 0x19FF), (0x1A20, 0x1AAF)),
    *((0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3031, 0x3035), (0x3040, 0x30FF), (0x31F0, 0x31FF)),
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F), (0xF900, 0xFAFF)),
    (0x20000, 0x3FFFF),
)
"""Thai, Lao, Myanmar, Khmer, Tai Tham, kana and Han: scripts that put no spaces between words."""
_POINTS = ((0x0300, 0x036F), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670))
"""Accents, and the points of Hebrew and Arabic, which are mostly not written. Signs of other
scripts are vowels, and stay."""


@functools.lru_cache(maxsize=65_536)
def tokens(text: str) -> tuple[str, ...]:
    """The tokens of a text, in its order; none where it has no letter and no digit."""
    found: list[str] = []
    token = ""
    for char in _folded(text):
        if is_spaceless(char) and not _is_mark(char):
            found += [token] if token else []
            found.append(char)
            token = ""
        elif _is_mark(char) and not token and found and is_spaceless(found[-1][0]):
            found[-1] += char
        elif char.isalnum() or (_is_mark(char) and token):
            token += char
        elif token:
            found.append(token)
            token = ""
    found += [token] if token else []
    return tuple(each[:LONGEST] for each in found)


def is_spaceless(char: str) -> bool:
    """Whether a character is of a script that puts no spaces between words."""
    return char >= "\u0e00" and any(first <= ord(char) <= last for first, last in _SPACELESS)


def _folded(text: str) -> str:
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(char for char in parts if not _is_point(char))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


def _is_point(char: str) -> bool:
    return char >= "\u0300" and any(first <= ord(char) <= last for first, last in _POINTS)


def _is_mark(char: str) -> bool:
    return char >= "\u0300" and unicodedata.category(char)[0] == "M"
