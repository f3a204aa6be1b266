"""The rules of time once more, written from the guide's table without the code under test.

Slow and plain: every cut is looked at for every point, and every frame is tried.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from editor_plugin.core.cues import Cue
from editor_plugin.core.styles import Style
from editor_plugin.core.widths import width

ORDER = ("apart", "cuts", "flash", "in-time", "duration", "cut-off", "straddle", "reading", "open")
Breaches = dict[tuple[int, str, int], int]
"""(place in ORDER, which rule, number of the cue or gap) → by how many frames."""


@dataclass(frozen=True)
class Spoken:
    """A cue's speech in frames, and its text."""

    first: int
    last: int
    chars: Fraction
    words: int


@dataclass(frozen=True)
class Oracle:
    """What is wrong with points, in frames of `rate` (below 1000 per second)."""

    style: Style
    rate: Fraction
    shot_changes: tuple[int, ...]
    spoken: tuple[Spoken, ...]

    @classmethod
    def of(
        cls, cues: Sequence[Cue], rate: Fraction, style: Style, shot_changes: Sequence[Fraction]
    ) -> Oracle:
        frames = tuple(sorted({round(cut * rate) for cut in shot_changes})) if style.snap else ()
        return cls(style, rate, frames, tuple(_spoken(cue, rate, style) for cue in cues))

    def breaches(self, points: Sequence[tuple[int, int]]) -> Breaches:
        found: Breaches = {}
        for number, ((start, end), spoken) in enumerate(zip(points, self.spoken, strict=True)):
            for level, rule, amount in self._of_cue(start, end, spoken):
                found[ORDER.index(level), rule, number] = amount
        least = self.style.min_gap_frames
        closed = round(self.style.close_gap_below * self.rate)
        for number, (one, other) in enumerate(itertools.pairwise(points)):
            gap = other[0] - one[1]
            if gap < least:
                found[0, "gap", number] = least - gap
            if least < gap < closed:
                found[ORDER.index("open"), "open", number] = 1
        return found

    def _of_cue(self, start: int, end: int, spoken: Spoken) -> Iterator[tuple[str, str, int]]:
        style, rate = self.style, self.rate
        shortest = max(1, math.ceil(style.min_duration * rate))
        longest = max(shortest, math.floor(style.max_duration * rate))
        wishes = [
            ("apart", "shown", 1 - (end - start)),
            ("flash", "flash", max(1, shortest // 2) - (end - start)),
            ("duration", "short", shortest - (end - start)),
            ("duration", "long", end - start - longest),
        ]
        if style.max_cps:
            need = math.ceil(spoken.chars / style.max_cps * rate)
            wishes.append(("reading", "cps", need - (end - start)))
        if style.max_wpm:
            need = math.ceil(spoken.words * 60 / style.max_wpm * rate)
            wishes.append(("reading", "wpm", need - (end - start)))
        moved = self.guided_in(spoken.first)
        wishes.append(("in-time", "early", min(spoken.first, moved) - start))
        wishes.append(("in-time", "late", start - max(spoken.first, moved)))
        until = min(spoken.last, self.guided_out(spoken.last, spoken.first))
        wishes.append(("cut-off", "cut-off", until - end))
        wishes.append(("straddle", "straddle", sum(start < cut < end for cut in self.shot_changes)))
        wishes.append(("cuts", "in", int(self.guided_in(start) != start)))
        wishes.append(("cuts", "out", int(self.guided_out(end, start) != end)))
        return (wish for wish in wishes if wish[2] > 0)

    def guided_in(self, start: int) -> int:
        """The guide's table, the rows of the in point."""
        snap = self.style.snap
        if snap is None or not self.shot_changes:
            return start
        half = round(snap.reach * self.rate)
        red = round(snap.red * half)
        cut = min(self.shot_changes, key=lambda cut: (abs(cut - start), -cut))
        if 1 <= start - cut <= half - 1 or 1 <= cut - start <= red - 1:
            return cut
        if red <= cut - start <= half - 1:
            return max(0, cut - half)
        return start

    def guided_out(self, end: int, start: int) -> int:
        """The guide's table, the rows of the out point. Cuts before the cue are none of it."""
        snap = self.style.snap
        shot_changes = [cut for cut in self.shot_changes if cut > start]
        if snap is None or not shot_changes:
            return end
        half = round(snap.reach * self.rate)
        cut = min(shot_changes, key=lambda cut: (abs(cut - end), -cut))
        return cut - snap.out_gap_frames if abs(cut - end) <= half - 1 else end

    def improvements(self, points: Sequence[tuple[int, int]], span: int) -> Iterator[str]:
        """Every move of one point, up to `span` frames, that only does good."""
        before = self.breaches(points)
        touched = {near for _, _, at in before for near in (at, at + 1)}
        for number, (start, end) in enumerate(points):
            if number not in touched:
                continue
            tries = [(start + by, end) for by in range(max(-span, -start), span + 1)]
            tries += [(start, end + by) for by in range(-span, span + 1)]
            for moved in tries:
                after = self.breaches([*points[:number], moved, *points[number + 1 :]])
                removed = before.keys() - after.keys()
                worse = {key for key, amount in after.items() if amount > before.get(key, 0)}
                top = min((level for level, _, _ in worse), default=len(ORDER))
                for key in removed:
                    if key[0] < top:
                        yield f"cue {number} to {moved} takes away {key}"


def _spoken(cue: Cue, rate: Fraction, style: Style) -> Spoken:
    if cue.words:
        first = math.floor(min(word.start for word in cue.words) * rate)
        last = math.ceil(max(word.end for word in cue.words) * rate)
    else:
        first, last = round(cue.start * rate), round(cue.end * rate)
    chars = sum((Fraction(width(line, style.char_weights)) for line in cue.lines), Fraction(0))
    words = sum(len(line.split()) for line in cue.lines)
    return Spoken(first, max(first + 1, last), chars, words)
