"""The subtitles of one input, as an editor or the page gets them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from editor_plugin.core.cues import Cue
from editor_plugin.core.errors import EngineUnreachable


@dataclass(frozen=True)
class DoubtfulWord:
    """A word that the model was not sure of: seconds from the first frame, text, confidence."""

    start: Fraction
    text: str
    confidence: float


@dataclass(frozen=True)
class JobResult:
    """Cue times are seconds from the first frame of the input; `rate` is its frames per second.

    `confidences` has, for each cue, that of its least certain word (None where none is known).
    `srt` is the SRT text of the cues, `findings` is what the style objects to in them.
    """

    name: str
    rate: Fraction | None
    cues: tuple[Cue, ...]
    confidences: tuple[float | None, ...]
    srt: str
    findings: tuple[str, ...] = ()
    doubtful: tuple[DoubtfulWord, ...] = ()


def result_to_wire(result: JobResult) -> dict[str, Any]:
    """Return the JSON form of a result; times are texts of fractions."""
    return {
        "name": result.name,
        "rate": None if result.rate is None else str(result.rate),
        "cues": [
            {
                "start": str(cue.start),
                "end": str(cue.end),
                "lines": list(cue.lines),
                "confidence": confidence,
            }
            for cue, confidence in zip(result.cues, result.confidences)
        ],
        "srt": result.srt,
        "findings": list(result.findings),
        "doubtful": [
            {"start": str(each.start), "text": each.text, "confidence": each.confidence}
            for each in result.doubtful
        ],
    }


def result_from_wire(wire: dict[str, Any]) -> JobResult:
    """Read a result. Raises EngineUnreachable for what is none."""
    try:
        return JobResult(
            str(wire["name"]),
            None if wire["rate"] is None else Fraction(wire["rate"]),
            tuple(
                Cue(Fraction(each["start"]), Fraction(each["end"]), tuple(each["lines"]))
                for each in wire["cues"]
            ),
            tuple(each["confidence"] for each in wire["cues"]),
            str(wire["srt"]),
            tuple(map(str, wire["findings"])),
            tuple(
                DoubtfulWord(Fraction(each["start"]), str(each["text"]), float(each["confidence"]))
                for each in wire["doubtful"]
            ),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError):
        raise EngineUnreachable("its answer cannot be read") from None
