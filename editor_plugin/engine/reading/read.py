"""The result of reading a subtitle file: cues, and notes on what was odd in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from editor_plugin.core.cues import Cue

_LONGEST = 500


@dataclass(frozen=True)
class ReadingNote:
    """Something odd in the file, and how it was understood. `line` counts from 1, and is None where
    there is no single line. `read` is the text in the file (its first 500 characters), `understood`
    a sentence on its interpretation, `kind` one of KINDS."""

    line: int | None
    kind: str
    read: str
    understood: str


KINDS = {
    "encoding": "the file's character encoding had to be guessed, or is damaged",
    "characters": "characters that cannot be shown were left out",
    "times": "times written in another way than the format's",
    "ambiguous": "times that can be understood in more than one way",
    "negative": "a time before zero",
    "length": "a cue that ends when it starts, or before",
    "order": "cues that do not stand in the order of their times",
    "empty": "a cue without text, or a file without cues",
    "blank-line": "text after a blank line, which was taken as part of the cue",
    "lost": "text without times that can be read: a cue that could not be kept",
    "ignored": "lines that belong to no cue",
    "markup": "formatting, of which only the text was kept",
    "position": "a position on the picture, which was not kept",
}


@dataclass(frozen=True)
class Read:
    """A subtitle file. Cues are in the order of their start; times are seconds, as written.
    `format` is srt, vtt, ass or ttml; `encoding` a Python codec name."""

    cues: tuple[Cue, ...]
    format: str
    encoding: str
    findings: tuple[ReadingNote, ...]


def finding(line: int | None, kind: str, read: str, understood: str) -> ReadingNote:
    """Build a note, with the text that was read limited to _LONGEST."""
    shown = read if len(read) <= _LONGEST else f"{read[:_LONGEST]}…"
    return ReadingNote(line, kind, shown, understood)


@dataclass
class ReadingState:
    """The cues and notes of a file while it is read."""

    cues: list[Cue] = field(default_factory=list)
    findings: list[ReadingNote] = field(default_factory=list)

    def note(self, line: int | None, kind: str, read: str, understood: str) -> None:
        """Add a note."""
        self.findings.append(finding(line, kind, read, understood))

    def note_length(self, line: int, read: str, start: Fraction, end: Fraction) -> None:
        """Add a note where a cue does not end after its start."""
        if end <= start:
            how = "when" if end == start else "before"
            self.note(line, "length", read, f"the cue ends {how} it starts")


@dataclass(frozen=True)
class SubtitleFormat:
    """A format to read: `matches` recognises it by a text's beginning, `read` returns the cues and
    notes."""

    name: str
    matches: Callable[[str], bool]
    read: Callable[[str], tuple[list[Cue], list[ReadingNote]]]
