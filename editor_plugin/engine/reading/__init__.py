"""Reading subtitles and words: a format of subtitles is a module here with a tuple FORMATS."""

from __future__ import annotations

from pathlib import Path

from editor_plugin.core.discovery import offered
from editor_plugin.core.errors import SubtitlesUnreadable
from editor_plugin.engine.reading.encoding import Decoded, decode
from editor_plugin.engine.reading.files import content
from editor_plugin.engine.reading.read import KINDS, Read, ReadingNote, SubtitleFormat, finding
from editor_plugin.engine.reading.ttml import TtmlUnreadable, declared_encoding
from editor_plugin.engine.reading.words import read_words

LARGEST = 64 * 1024 * 1024
"""Bytes; a film's subtitles are 100 kB."""


def readers() -> list[SubtitleFormat]:
    """Every format; SRT is the last, as it accepts any text."""
    found = offered(__name__, __path__, "FORMATS")
    return sorted(found, key=lambda each: bool(each.name == "srt"))


READERS = readers()
READ_FORMATS = frozenset(each.name for each in READERS)
"""The names of the formats that can be read."""


def read_subtitles(path: Path, encoding: str | None = None) -> Read:
    """Read an SRT, WebVTT, ASS or TTML file, recognised by its content. `encoding` is the user's
    choice for a file that is neither UTF-8 nor has a byte order mark. An empty file has no cues and
    a finding. Raises MediaMissing, SubtitlesUnreadable (without a cue, or not readable at all) and
    SettingsInvalid (unknown encoding)."""
    data = content(path, SubtitlesUnreadable, LARGEST)
    decoded = decode(data, encoding, declared_encoding(data))
    try:
        read = read_text(decoded)
    except TtmlUnreadable as error:
        raise SubtitlesUnreadable(str(path), str(error)) from None
    if not read.cues and decoded.text.strip("\ufeff\0 \t\r\n") and not _is_bare(read):
        raise SubtitlesUnreadable(str(path), "no cue was found in it")
    return read


def read_text(decoded: Decoded) -> Read:
    """Read decoded subtitles; findings are sorted by line. Raises TtmlUnreadable."""
    text = decoded.text.removeprefix("\ufeff")
    known = next(each for each in READERS if each.matches(text))
    cues, findings = known.read(text)
    ordered = sorted(cues, key=lambda cue: cue.start)
    if ordered != cues:
        findings.append(finding(None, "order", "", "the cues were put in the order of their times"))
    if not cues:
        findings.append(finding(None, "empty", "", "there is no cue in the file"))
    findings.sort(key=lambda each: (each.line is None, each.line or 0))
    return Read(tuple(ordered), known.name, decoded.encoding, (*decoded.findings, *findings))


def _is_bare(read: Read) -> bool:
    """Whether the file is a valid one of its format without a cue."""
    return read.format != "srt" and not any(each.kind == "lost" for each in read.findings)


__all__ = [
    "KINDS",
    "READ_FORMATS",
    "Read",
    "ReadingNote",
    "SubtitleFormat",
    "read_subtitles",
    "read_text",
    "read_words",
]
