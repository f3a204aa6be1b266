"""An EDL of markers at the words to check, as DaVinci Resolve exports and imports markers.

In Resolve: right-click the timeline in the Media Pool, Timelines, Import, Timeline Markers from
EDL. Each marker is an event of one frame and a comment line: the note, then the colour, the name
and the length in frames. A note that began with a figure would be taken for an event.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

from editor_plugin.core.timebase import frame_at, timecode
from editor_plugin.core.transcript import Word
from editor_plugin.engine.export.result import ExportFormat, Result
from editor_plugin.engine.export.shown import shown

DOUBTFUL = 0.5
"""Words of a lower confidence than this get a marker."""

COLOUR = "Yellow"

MEDIA_RATE = Fraction(24)
"""For a media file whose rate is not known: its labels exist at every usual rate."""


def to_marker_edl(result: Result) -> str:
    """Return the EDL; without a word to check it has no event."""
    rate = result.rate or MEDIA_RATE
    mode = "DROP FRAME" if result.drop_frame else "NON-DROP FRAME"
    words = [
        projected.word
        for projected in result.words
        if projected.word.confidence is not None and projected.word.confidence < DOUBTFUL
    ]
    words.sort(key=lambda word: word.start)
    events = [f"TITLE: {_plain(result.name)}\nFCM: {mode}\n"]
    # There is room for one marker on a frame.
    by_frame = groupby(words, key=lambda word: frame_at(word.start, rate))
    for number, (frame, group) in enumerate(by_frame, start=1):
        events.append(_event(number, frame, list(group), result))
    return "\n".join(events)


def _event(number: int, frame: int, words: list[Word], result: Result) -> str:
    rate = result.rate or MEDIA_RATE
    start, end = (
        timecode(result.start_frame + at, rate, result.drop_frame) for at in (frame, frame + 1)
    )
    length = max(1, round(max(word.end for word in words) * rate) - frame)
    name = " ".join(_plain(word.text) for word in words)
    percents = ", ".join(f"{round(100 * (word.confidence or 0))} %" for word in words)
    return (
        f"{number:03}  001      V     C        {start} {end} {start} {end}  \n"
        f"Check this word: confidence {percents} |C:ResolveColor{COLOUR} |M:{name} |D:{length}\n"
    )


def _plain(text: str) -> str:
    """Without the bar, which separates the fields of a marker."""
    return shown(text).replace("|", "¦")


FORMATS = (
    ExportFormat("markers", ".markers.edl", to_marker_edl, "Markers at words to check (EDL)"),
)
