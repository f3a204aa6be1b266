"""Writing subtitles and transcripts: a format is a module here with a tuple FORMATS."""

from __future__ import annotations

from editor_plugin.core.discovery import offered
from editor_plugin.engine.export.result import ExportFormat, Result


def formats() -> dict[str, ExportFormat]:
    """Every format by its name, SRT first, the others in alphabetical order."""
    found = offered(__name__, __path__, "FORMATS")
    ordered = sorted(found, key=lambda each: (each.name != "srt", str(each.name)))
    return {each.name: each for each in ordered}


WRITERS = formats()

__all__ = ["WRITERS", "ExportFormat", "Result", "formats"]
