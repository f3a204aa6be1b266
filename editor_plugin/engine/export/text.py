"""Plain text (.txt) with and without times, and JSON of the cues (.json)."""

from __future__ import annotations

import json
import re
from fractions import Fraction

from editor_plugin.engine.export.result import ExportFormat, Result
from editor_plugin.engine.export.shown import label, shown, shown_lines

PARAGRAPH_PAUSE = Fraction(2)
"""A pause of this many seconds starts a new paragraph of plain text."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def to_txt(result: Result) -> str:
    """Return the words as running text, with a new paragraph after each long pause."""
    paragraphs: list[list[str]] = []
    end: Fraction | None = None
    for projected in result.words:
        word = projected.word
        text = shown(word.text)
        if not text:
            continue
        if end is None or word.start - end >= PARAGRAPH_PAUSE:
            paragraphs.append([text])
        else:
            paragraphs[-1] += (_joint(paragraphs[-1][-1], text, result.joiner), text)
        end = word.end
    return "".join("".join(paragraph) + "\n" for paragraph in paragraphs)


def _joint(left: str, right: str, joiner: str) -> str:
    """The text between two words: in scripts without spaces, a space between Latin words only."""
    latin = all(char.isascii() and char.isalnum() for char in (left[-1], right[0]))
    return joiner or (" " if latin else "")


def to_timed_txt(result: Result) -> str:
    """Return each cue under its times: timecode on a timeline, clock time in a media file."""
    blocks = []
    for cue in result.cues:
        lines = shown_lines(cue)
        if lines:
            times = f"[{label(result, cue.start)} - {label(result, cue.end)}]"
            blocks.append("\n".join([times, *lines]) + "\n")
    return "\n".join(blocks)


def to_json(result: Result) -> str:
    """Return the cues: {"name", "rate", "cues": [{"start", "end", "lines"}]}, seconds."""
    cues = [
        {"start": readable(cue.start), "end": readable(cue.end), "lines": list(cue.lines)}
        for cue in result.cues
    ]
    return dump({"name": result.name, "rate": written_rate(result.rate), "cues": cues})


def readable(time: Fraction) -> float:
    """Seconds, rounded to the microsecond for people; a sample is 62 of them."""
    return round(float(time), 6)


def written_rate(rate: Fraction | None) -> str | None:
    """A rate in JSON, exact: "24000/1001"."""
    return None if rate is None else str(rate)


def dump(value: object) -> str:
    """JSON, indented for people."""
    return _encodable(json.dumps(value, ensure_ascii=False, indent=1)) + "\n"


def dump_line(value: object) -> str:
    """JSON on one line."""
    return _encodable(json.dumps(value, ensure_ascii=False))


def _encodable(text: str) -> str:
    """Escape a lone surrogate, which UTF-8 cannot hold."""
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


FORMATS = (
    ExportFormat("txt", ".txt", to_txt, "Plain text"),
    ExportFormat("txt-times", ".times.txt", to_timed_txt, "Text with times"),
    ExportFormat("json", ".json", to_json, "Subtitles as JSON"),
)
