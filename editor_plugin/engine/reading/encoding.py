"""Decoding of subtitle files.

A byte order mark decides; then strict UTF-8; then the encoding that the user or the file itself
names; then a guess, which is reported. What cannot be decoded becomes U+FFFD, so nothing is lost.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.engine.reading.read import ReadingNote, finding

# UTF-32 first: its little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LAST_RESORT = "cp1252"
_SAMPLE = 256 * 1024
"""Bytes that the guess is made from; it takes time for each of them."""


@dataclass(frozen=True)
class Decoded:
    """The text of a file, without its byte order mark."""

    text: str
    encoding: str
    findings: tuple[ReadingNote, ...] = ()


def decode(data: bytes, wanted: str | None = None, declared: str | None = None) -> Decoded:
    """Decode a file. `wanted` is the user's encoding, `declared` the file's own. Raises
    SettingsInvalid where Python does not know `wanted`."""
    choice = _known(wanted, declared)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _replacing(data[len(mark) :], encoding)
    try:
        return Decoded(data.decode("utf-8"), "utf-8") if not _is_utf16(data) else _utf16(data)
    except UnicodeDecodeError:
        pass
    if choice is not None:
        return _replacing(data, choice)
    damaged = _replacing(data, "utf-8")
    if _is_mostly_sound(damaged.text):
        return damaged
    return _guessed(data)


def _known(wanted: str | None, declared: str | None) -> str | None:
    for name in (wanted, declared):
        if name:
            try:
                b"0\xff".decode(name, "replace")  # refuses codecs that give no text, too
                return codecs.lookup(name).name
            except (LookupError, ValueError):
                if name is wanted:
                    expected = "the name of an encoding, such as utf-8, cp1252 or shift_jis"
                    raise SettingsInvalid("an encoding", name, expected) from None
    return None


def _replacing(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        read = repr(data[error.start : error.end])
        understood = f"not valid {encoding}: shown as “\ufffd” here and wherever it occurs again"
        text = data.decode(encoding, errors="replace")
        return Decoded(text, encoding, (finding(line, "encoding", read, understood),))


def _is_utf16(data: bytes) -> bool:
    """Whether it is UTF-16 without a mark: every other byte of times and arrows is zero."""
    head = data[:2000]
    return b"\0" in head and max(head[0::2].count(0), head[1::2].count(0)) * 3 > len(head)


def _utf16(data: bytes) -> Decoded:
    big = data[:2000][0::2].count(0) > data[:2000][1::2].count(0)
    decoded = _replacing(data, "utf-16-be" if big else "utf-16-le")
    return Decoded(decoded.text, decoded.encoding, (_guess(decoded.encoding), *decoded.findings))


def _is_mostly_sound(text: str) -> bool:
    """Whether it is UTF-8 with a few broken bytes; another encoding looks broken throughout."""
    broken = text.count("\ufffd")
    sound = sum(not char.isascii() for char in text) - broken
    return sound > 4 * broken


def _guessed(data: bytes) -> Decoded:
    best = from_bytes(data[:_SAMPLE]).best()
    encoding = _LAST_RESORT if best is None else best.encoding
    decoded = _replacing(data, encoding)
    return Decoded(decoded.text, encoding, (_guess(encoding), *decoded.findings))


def _guess(encoding: str) -> ReadingNote:
    understood = "guessed; if letters look wrong, name the right encoding"
    return finding(None, "encoding", encoding, understood)
