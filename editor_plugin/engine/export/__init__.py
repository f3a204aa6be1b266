"""Writing subtitles and transcripts: the formats, and putting a file in place."""

from __future__ import annotations

from collections.abc import Callable

from editor_plugin.engine.export.result import Result
from editor_plugin.engine.export.srt import to_srt
from editor_plugin.engine.export.text import to_json, to_txt, to_words

WRITERS: dict[str, tuple[str, Callable[[Result], str]]] = {
    "srt": (".srt", to_srt),
    "txt": (".txt", to_txt),
    "json": (".json", to_json),
    "words": (".words.json", to_words),
}
"""Format name → file suffix and writer. A new format is a module and a line here."""

__all__ = ["WRITERS", "Result"]
