"""What every editor's adapter has in common: what is asked of the engine, and what comes back.

A host is an object with the methods of `Host`. Adding an editor is one module or folder here and
one folder of scripts; docs/adding-an-editor.md tells how.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from editor_plugin.core.cues import Cue
from editor_plugin.core.snapshot import timeline_to_wire
from editor_plugin.core.timeline import Timeline


@dataclass(frozen=True)
class JobOptions:
    """What the user chose; None leaves it to the user's own settings.

    `span` holds the in and out point of record time, in seconds. `project` names the glossary.
    """

    model: str | None = None
    style: str | None = None
    language: str | None = None
    project: str = ""
    span: tuple[Fraction, Fraction] | None = None


@dataclass(frozen=True)
class DoubtfulWord:
    """A word that the model was not sure of: where on the timeline (seconds), which, how sure."""

    start: Fraction
    text: str
    confidence: float


@dataclass(frozen=True)
class Subtitles:
    """What the engine made of a timeline. Cue times are seconds from its first frame."""

    name: str
    cues: tuple[Cue, ...]
    srt: str
    findings: tuple[str, ...] = ()
    doubtful: tuple[DoubtfulWord, ...] = ()


@dataclass(frozen=True)
class Placed:
    """How placing ended: whether every cue was read back where it belongs, and what to tell."""

    verified: bool
    sentences: tuple[str, ...]


class Host(Protocol):
    """An editor with an open timeline."""

    name: str

    def snapshot(self) -> Timeline:
        """The timeline as it is now. What cannot be read is said in it, never guessed."""

    def place(self, subtitles: Subtitles) -> Placed:
        """Put the subtitles on the timeline in place of those of ours, and read them back."""

    def read_back(self) -> Sequence[Cue] | None:
        """Our subtitles as they stand on the timeline now, edited by hand or not; None where the
        editor cannot tell their text."""


def request_for(timeline: Timeline, wish: JobOptions) -> dict[str, Any]:
    """The request that makes subtitles of a snapshot, as docs/design/engine.md has it."""
    order: dict[str, Any] = {
        "name": timeline.name,
        "timeline": timeline_to_wire(timeline),
        "outputs": [],
    }
    if wish.span is not None:
        order["span"] = [f"{float(edge):.9f}" for edge in wish.span]
    chosen = {
        "model": wish.model,
        "style": wish.style,
        "language": wish.language,
        "project": wish.project or None,
    }
    settings = {name: value for name, value in chosen.items() if value is not None}
    return {"orders": [order], "settings": settings}


def subtitles_from(result: dict[str, Any]) -> Subtitles:
    """Read a result of the engine."""
    return Subtitles(
        str(result["name"]),
        tuple(
            Cue(Fraction(each["start"]), Fraction(each["end"]), tuple(each["lines"]))
            for each in result["cues"]
        ),
        str(result["srt"]),
        tuple(str(each) for each in result["findings"]),
        tuple(
            DoubtfulWord(Fraction(each["start"]), str(each["text"]), float(each["confidence"]))
            for each in result["doubtful"]
        ),
    )
