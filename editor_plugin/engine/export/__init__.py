"""Writing subtitles and transcripts: the formats, and putting a file in place.

A format is a module here with a tuple FORMATS.
"""

from __future__ import annotations

from editor_plugin.core.discovery import offered
from editor_plugin.engine.export.result import ExportFormat, Result


def formats() -> dict[str, ExportFormat]:
    """Every format by its name, SRT first."""
    found = sorted(offered(__name__, __path__, "FORMATS"), key=lambda each: str(each.name))
    return {each.name: each for each in sorted(found, key=lambda each: bool(each.name != "srt"))}


WRITERS = formats()

__all__ = ["WRITERS", "ExportFormat", "Result", "formats"]
