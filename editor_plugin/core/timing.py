"""When each cue is shown, on exact frames.

Precedence, highest first: no overlap and the gap between cues, then the minimum duration, then the
linger. A cue never starts later than its first word unless the cue before it is still needed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from editor_plugin.core.cues import Cue
from editor_plugin.core.styles import Style

MILLISECONDS = Fraction(1000)
"""The grid of a subtitle file that belongs to no timeline: SRT's own resolution."""


def retime(cues: Iterable[Cue], rate: Fraction, style: Style) -> tuple[Cue, ...]:
    """Put cues, sorted by start, on the frames of `rate` (frames per second); seconds in and out.

    Two voices at once (overlapping cues) share one cue where their lines fit, else the later one
    waits for the frame after the earlier one's start at least. No cue comes out shorter than one
    frame, and none overlaps the next.
    """
    ordered = _share(sorted(cues, key=lambda cue: (cue.start, cue.end)), style)
    gap = style.min_gap_frames if rate < MILLISECONDS else math.ceil(rate / 12)
    starts: list[int] = []
    for cue in ordered:
        start = max(0, math.floor(cue.start * rate))
        starts.append(max(start, starts[-1] + 1) if starts else start)
    timed = []
    for at, cue in enumerate(ordered):
        start = starts[at]
        end = max(start + 1, math.ceil((cue.end + style.linger) * rate))
        end = max(end, start + math.ceil(style.min_duration * rate))
        if at + 1 < len(ordered):
            last = starts[at + 1]
            end = min(end, max(start + 1, last - gap))
        timed.append(replace(cue, start=Fraction(start) / rate, end=Fraction(end) / rate))
    return tuple(timed)


def _share(cues: list[Cue], style: Style) -> list[Cue]:
    """Join a cue with the one before it where most of it overlaps and the lines fit together."""
    shared: list[Cue] = []
    for cue in cues:
        before = shared[-1] if shared else None
        if (
            before is not None
            and 2 * (before.end - cue.start) > cue.end - cue.start
            and len(before.lines) + len(cue.lines) <= style.max_lines
        ):
            shared[-1] = Cue(
                before.start,
                max(before.end, cue.end),
                before.lines + cue.lines,
                before.words + cue.words,
            )
        else:
            shared.append(cue)
    return shared
