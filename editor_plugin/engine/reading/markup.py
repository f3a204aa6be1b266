"""Conversion of marked-up lines to visible text."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from editor_plugin.engine.export.shown import WORD_JOINER, shown

# No "<" or "{" inside: an unclosed one is text, and causes no backtracking.
_SRT_TAG = re.compile(r"</?(?:[bius]\s*|font(?:\s[^<>]*)?)>|\{\\[^{}]*\}", re.IGNORECASE)
# The joiners that `engine.export.srt` puts in.
_SRT_JOINED = re.compile(
    rf"(?<=[<{{&]){WORD_JOINER}|(?<=--){WORD_JOINER}(?={WORD_JOINER}*>)"
    rf"|^{WORD_JOINER}(?={WORD_JOINER}*\d+:\d)"
)
_VTT_TAG = re.compile(r"<[^<>]*>")
# Bounded, as html.unescape fails on a number of thousands of digits.
_REFERENCE = re.compile(r"&(?:#\d{1,7}(?!\d)|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?")
_ASS_TOKEN = re.compile(rf"\\[Nnh]|\\\{{{WORD_JOINER}?|\\\}}|\\{WORD_JOINER}|\{{[^{{}}]*\}}")
_ASS_MEANING = {"\\N": "\n", "\\n": "\n", "\\h": "\u00a0", "\\{": "{", "\\}": "}", "\\": "\\"}

TextReader = Callable[[str], tuple[str, bool]]
"""A line of the file → its visible text, and whether markup was removed."""


def srt_text(line: str) -> tuple[str, bool]:
    """Remove the tags that players know; anything else in angle brackets is text."""
    seen, count = _SRT_TAG.subn("", line)
    return _SRT_JOINED.sub("", seen), count > 0


def vtt_text(line: str) -> tuple[str, bool]:
    """Remove every tag and resolve the character references, as WebVTT specifies."""
    seen, count = _VTT_TAG.subn("", line)
    return _REFERENCE.sub(lambda match: html.unescape(match[0]), seen), count > 0


def ass_text(text: str) -> tuple[str, bool]:
    r"""Remove override blocks and resolve \N, \n, \h, \{ and \}."""
    overrides = 0

    def meaning(match: re.Match[str]) -> str:
        nonlocal overrides
        token = match[0] if match[0].startswith("{") else match[0].rstrip(WORD_JOINER)
        overrides += token.startswith("{")
        return _ASS_MEANING.get(token, "" if token.startswith("{") else token)

    return _ASS_TOKEN.sub(meaning, text), overrides > 0


def has_unseen(line: str) -> bool:
    """Whether `shown` would remove more than outer spaces."""
    return len(shown(line)) < len(line.strip(" \t"))
