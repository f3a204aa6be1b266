"""WebVTT (.vtt)."""

from __future__ import annotations

from editor_plugin.engine.export.result import ExportFormat, Result
from editor_plugin.engine.export.shown import clock, milliseconds, shown_lines

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def to_vtt(result: Result) -> str:
    """Return the WebVTT text. Times are rounded to the millisecond, its own resolution."""
    blocks = ["WEBVTT"]
    for cue in result.cues:
        lines = shown_lines(cue)
        if lines:
            times = " --> ".join(clock(milliseconds(time)) for time in (cue.start, cue.end))
            blocks.append("\n".join([times, *(line.translate(_ESCAPES) for line in lines)]))
    return "\n\n".join(blocks) + "\n"


FORMATS = (ExportFormat("vtt", ".vtt", to_vtt, "WebVTT subtitles"),)
