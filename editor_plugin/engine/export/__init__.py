"""Writing subtitles and transcripts: the formats, and putting a file in place."""

from __future__ import annotations

from collections.abc import Callable

from editor_plugin.engine.export.ass import to_ass, to_ass_karaoke
from editor_plugin.engine.export.edl import to_marker_edl
from editor_plugin.engine.export.fcpxml import to_fcpxml
from editor_plugin.engine.export.result import Result
from editor_plugin.engine.export.srt import to_srt
from editor_plugin.engine.export.table import to_csv
from editor_plugin.engine.export.text import to_json, to_timed_txt, to_txt
from editor_plugin.engine.export.ttml import to_ttml
from editor_plugin.engine.export.webvtt import to_vtt
from editor_plugin.engine.export.words import to_words

WRITERS: dict[str, tuple[str, Callable[[Result], str]]] = {
    "srt": (".srt", to_srt),
    "vtt": (".vtt", to_vtt),
    "ass": (".ass", to_ass),
    "ass-karaoke": (".karaoke.ass", to_ass_karaoke),
    "ttml": (".ttml", to_ttml),
    "txt": (".txt", to_txt),
    "txt-times": (".times.txt", to_timed_txt),
    "csv": (".csv", to_csv),
    "json": (".json", to_json),
    "words": (".words.json", to_words),
    "fcpxml": (".fcpxml", to_fcpxml),
    "markers": (".markers.edl", to_marker_edl),
}
"""Format name → file suffix and writer. A new format is a module and a line here."""

__all__ = ["WRITERS", "Result"]
