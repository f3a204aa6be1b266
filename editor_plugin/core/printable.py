"""Names and texts from outside, made safe to be shown: a file's name may hold escape sequences that
a terminal obeys, line breaks that look like another entry of a log, or marks that turn the rest of
a line round.

What writing needs stays: the marks of right-to-left names (U+200E, U+200F, U+061C), and the joiners
of Indic scripts and emoji (U+200C, U+200D). Unicode's embeddings, overrides and isolates go, since
they reach beyond the name that they stand in (Unicode Technical Report 36, 2.3).
"""

from __future__ import annotations

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, the escape among them; not tab and line feed
    "\u2028\u2029"  # breaks of lines and paragraphs
    "\u202a-\u202e\u2066-\u2069\u206a-\u206f"  # bidirectional controls, and obsolete ones
    "\ufff9-\ufffb\ud800-\udfff]"  # annotations; bytes of a name that are no text
)
_BREAKS = re.compile(r"\r\n?")


def printable(text: str) -> str:
    """The text as one line, with a replacement for each character that could do something."""
    return _UNSAFE.sub(REPLACEMENT, text.replace("\n", " ").replace("\t", " "))


def printable_lines(text: str) -> str:
    """The same for a text of several lines: breaks and tabs stay."""
    return _UNSAFE.sub(REPLACEMENT, _BREAKS.sub("\n", text))
