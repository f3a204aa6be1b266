"""The subtitles of an input as JSON, for editors and the page (docs/design/engine.md)."""

from __future__ import annotations

from typing import Any

from editor_plugin.core.checks import LOW_CONFIDENCE
from editor_plugin.core.cues import Cue
from editor_plugin.engine.jobs.writing import Built


def built_to_wire(built: Built, findings: tuple[str, ...] = ()) -> dict[str, Any]:
    """The JSON form of a result."""
    result = built.result
    return {
        "name": result.name,
        "rate": None if result.rate is None else str(result.rate),
        "cues": [
            {
                "start": str(cue.start),
                "end": str(cue.end),
                "lines": list(cue.lines),
                "confidence": _least(cue),
            }
            for cue in result.cues
        ],
        "srt": built.text("srt"),
        "findings": list(findings),
        "doubtful": [
            {
                "start": str(each.word.start),
                "text": each.word.text,
                "confidence": each.word.confidence,
            }
            for each in result.words
            if each.word.confidence is not None and each.word.confidence < LOW_CONFIDENCE
        ],
    }


def _least(cue: Cue) -> float | None:
    return min((w.confidence for w in cue.words if w.confidence is not None), default=None)
