"""Plain text, JSON of the cues, and JSON of the words."""

from __future__ import annotations

import json
from fractions import Fraction

from editor_plugin.engine.export.result import Result

PARAGRAPH_PAUSE = Fraction(2)
"""A pause of this many seconds starts a new paragraph of plain text."""


def to_txt(result: Result) -> str:
    """Return the words as running text, one paragraph for each stretch without a long pause."""
    paragraphs: list[list[str]] = []
    end: Fraction | None = None
    for projected in result.words:
        word = projected.word
        if end is None or word.start - end >= PARAGRAPH_PAUSE:
            paragraphs.append([])
        paragraphs[-1].append(word.text)
        end = word.end
    return "".join(" ".join(paragraph) + "\n" for paragraph in paragraphs)


def to_json(result: Result) -> str:
    """Return the cues: {"name", "rate", "cues": [{"start", "end", "lines"}]}, seconds."""
    cues = [
        {"start": _seconds(cue.start), "end": _seconds(cue.end), "lines": list(cue.lines)}
        for cue in result.cues
    ]
    return _dump({"name": result.name, "rate": _rate(result), "cues": cues})


def to_words(result: Result) -> str:
    """Return every word with its time here and in its source, and its confidence."""
    words = [
        {
            "text": projected.word.text,
            "start": _seconds(projected.word.start),
            "end": _seconds(projected.word.end),
            "confidence": projected.word.confidence,
            "source": {
                "path": projected.media.path,
                "start": _seconds(projected.source.start),
                "end": _seconds(projected.source.end),
            },
        }
        for projected in result.words
    ]
    return _dump({"name": result.name, "rate": _rate(result), "words": words})


def _seconds(time: Fraction) -> float:
    """Seconds to the microsecond: far below a sample, and readable."""
    return round(float(time), 6)


def _rate(result: Result) -> str | None:
    return None if result.rate is None else str(result.rate)


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
