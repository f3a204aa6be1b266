"""JSON of the words (.words.json), exact enough to build the cues again without recognition.

{"format": "recue-words", "version": 1, "name", "rate", "start_frame", "drop_frame", "language",
"words": [{"text", "start", "end", "exact": [start, end], "confidence", "speaker", "track", "clip",
"source": {"path", "stream", "channel", "start", "end", "exact"}}]}, one word on a line.

`start` and `end` are seconds to the microsecond, for people and simple programs; `exact` holds the
same two times as fractions. `engine.reading.words` reads it back.
"""

from __future__ import annotations

from editor_plugin.core.projection import ProjectedWord
from editor_plugin.core.transcript import Word
from editor_plugin.engine.export.result import ExportFormat, Result
from editor_plugin.engine.export.text import dump_line, readable, written_rate

FORMAT = "recue-words"
VERSION = 1


def to_words(result: Result) -> str:
    """Return every word with its time here and in its source, and its confidence."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "name": result.name,
        "rate": written_rate(result.rate),
        "start_frame": result.start_frame,
        "drop_frame": result.drop_frame,
        "language": result.language,
    }
    fields = "".join(f' "{name}": {dump_line(value)},\n' for name, value in head.items())
    words = ",\n".join(f"  {dump_line(_word(projected))}" for projected in result.words)
    return f'{{\n{fields} "words": [\n{words}\n ]\n}}\n'


def _word(projected: ProjectedWord) -> dict[str, object]:
    word, media = projected.word, projected.media
    return {
        "text": word.text,
        **_times(word),
        "confidence": word.confidence,
        "speaker": word.speaker,
        "track": projected.track,
        "clip": projected.clip,
        "source": {
            "path": media.path,
            "stream": media.stream,
            "channel": media.channel,
            **_times(projected.source),
        },
    }


def _times(word: Word) -> dict[str, object]:
    return {
        "start": readable(word.start),
        "end": readable(word.end),
        "exact": [str(word.start), str(word.end)],
    }


FORMATS = (ExportFormat("words", ".words.json", to_words, "Every word with its time (JSON)"),)
