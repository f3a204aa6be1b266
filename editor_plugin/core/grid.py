"""A style's limits and the shot changes in whole frames of a rate."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from editor_plugin.core.styles import Style

MILLISECONDS = Fraction(1000)
"""The grid of a subtitle file that belongs to no timeline: SRT's own resolution."""


@dataclass(frozen=True)
class Grid:
    """Limits in frames of `rate` (frames per second); `shot_changes` are shot changes, ascending.

    On the grid of milliseconds a limit that a guide gives in frames is as long as at 24 frames per
    second, and fractions are dropped: a file made at 24 keeps its rounded times without a finding.
    """

    style: Style
    rate: Fraction
    shot_changes: tuple[int, ...]
    gap: int
    """The minimum between two cues."""
    closed_below: int
    """A gap of fewer frames (and more than the minimum) is closed; 0 where none is."""
    flash: int
    """A cue shorter than this, half of the minimum duration, is only a flicker."""
    shortest: int
    longest: int
    linger: int
    """How long a cue may stay after its last word for comfort."""
    reach: int
    """H of the guide: a point nearer to a shot change than this belongs to it."""
    red: int
    """T of the guide: an in point that is nearer before a shot change than this moves onto it."""
    out_gap: int
    """How many frames before a shot change an out point lies."""
    rounding: int
    """By how much times that were on frames can be off: 1 on the grid of milliseconds, else 0."""
    tolerance: int
    """How far an in or out point may be from the speech without a finding."""

    @classmethod
    def of(cls, style: Style, rate: Fraction, shot_changes: Iterable[Fraction] = ()) -> Grid:
        """Convert a style to frames; `shot_changes` are seconds, rounded to the nearest frame."""
        fine = rate >= MILLISECONDS
        scale = rate / 24 if fine else Fraction(1)
        whole = math.floor if fine else math.ceil
        shortest = max(1, whole(style.min_duration * rate))
        snap = style.snap
        return cls(
            style=style,
            rate=rate,
            shot_changes=tuple(sorted({round(cut * rate) for cut in shot_changes} if snap else ())),
            gap=math.floor(style.min_gap_frames * scale),
            closed_below=round(style.close_gap_below * rate),
            flash=max(1, shortest // 2),
            shortest=shortest,
            longest=max(shortest, math.floor(style.max_duration * rate)),
            linger=math.floor(style.linger * rate),
            reach=snap.reach_frames(rate) if snap else 0,
            red=snap.red_frames(rate) if snap else 0,
            out_gap=math.floor(snap.out_gap_frames * scale) if snap else 0,
            rounding=1 if fine else 0,
            tolerance=math.floor(style.in_tolerance_frames * scale),
        )

    def near(self, frame: int, after: int | None = None) -> int | None:
        """Return the shot change nearest to `frame`, less than H away, and later than `after`.

        Of two equally near, the later one.
        """
        shot_changes = self.shot_changes
        at = bisect_left(shot_changes, frame)
        found = None
        if (
            at
            and frame - shot_changes[at - 1] < self.reach
            and (after is None or shot_changes[at - 1] > after)
        ):
            found = shot_changes[at - 1]
        if (
            at < len(shot_changes)
            and shot_changes[at] - frame < self.reach
            and (after is None or shot_changes[at] > after)
        ):
            found = (
                shot_changes[at]
                if found is None or shot_changes[at] - frame <= frame - found
                else found
            )
        return found

    def between(self, first: int, last: int) -> tuple[int, ...]:
        """Return the shot changes strictly between two frames."""
        return self.shot_changes[
            bisect_right(self.shot_changes, first) : bisect_left(self.shot_changes, last)
        ]

    def snapped_in(self, frame: int) -> int:
        """Return where the guide puts an in point on `frame`."""
        cut = self.near(frame)
        if cut is None or frame >= cut or cut - frame < self.red:
            return frame if cut is None else cut
        return max(0, cut - self.reach)

    def snapped_out(self, frame: int, start: int) -> int:
        """Return where the guide puts an out point on `frame`, of a cue from `start`."""
        cut = self.near(frame, after=start)
        return frame if cut is None else cut - self.out_gap

    def seconds(self, frames: int) -> Fraction:
        """Convert frames to seconds."""
        return Fraction(frames * self.rate.denominator, self.rate.numerator)
