"""Cue timing constraints and their priority order.

All timing rules are defined here. `core.timing` moves in and out points until no move improves
them, and `core.checks` reports the breaches that are left.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction

from editor_plugin.core.cues import Cue
from editor_plugin.core.grid import Grid
from editor_plugin.core.timebase import frame_at, frames_until
from editor_plugin.core.widths import width


@dataclass(frozen=True)
class PrecedenceStep:
    """A priority level: what is required, and the names of the rules that measure it."""

    wanted: str
    rules: tuple[str, ...]


PRECEDENCE = (
    PrecedenceStep(
        "a cue is shown, does not overlap the next, and keeps the least gap",
        ("shown", "overlap", "gap"),
    ),
    PrecedenceStep(
        "in and out points near a shot change lie where the guide wants them", ("cut-in", "cut-out")
    ),
    PrecedenceStep("no cue is a mere flicker, under half of the least duration", ("flash",)),
    PrecedenceStep("a cue starts with its first word", ("in-time",)),
    PrecedenceStep(
        "a cue keeps the least and the longest duration", ("min-duration", "max-duration")
    ),
    PrecedenceStep("a cue stays until its last word has ended", ("cut-off",)),
    PrecedenceStep("no cue lies across a shot change", ("straddle",)),
    PrecedenceStep("a cue stays long enough to be read", ("cps", "wpm")),
    PrecedenceStep("a short gap is closed", ("gap-open",)),
)
"""Highest priority first. Each level yields to all before it, and never to one after it.

Below all of them: a cue with words stays for the style's comfortable reading speed, as far as it
may linger after its last word.
"""

LEVELS = {rule: level for level, precept in enumerate(PRECEDENCE) for rule in precept.rules}
"""The name of a rule → its level in PRECEDENCE, from 0."""

Breach = tuple[str, int]
"""The name of a rule and by how much it is broken: frames, or 1 where it has no degrees."""


@dataclass(frozen=True)
class Speech:
    """The speech of a cue in frames, by which the cue's times are measured.

    Its speech is [first, last); of a cue without words, which was read from a file, its own times
    are taken for that. It may start from `early` to `late` (the first frame, and where the guide
    moves that at a shot change), and has to stay until `until`. `readings` has the name of each
    limit on reading speed, and how many frames it demands.
    """

    first: int
    last: int
    early: int
    late: int
    until: int
    readings: tuple[Breach, ...]

    @classmethod
    def of(cls, cue: Cue, grid: Grid) -> Speech:
        """Measure a cue's speech."""
        if cue.words:
            begins, ends = cue.speech
            first, last = frame_at(begins, grid.rate), frames_until(ends, grid.rate)
        else:  # its times were frames once, and were rounded to milliseconds since
            first, last = (round(time * grid.rate) for time in (cue.start, cue.end))
        first = max(0, first)
        last = max(first + 1, last)
        snapped = grid.snapped_in(first)
        until = min(last, grid.snapped_out(last, first))
        early, late = min(first, snapped), max(first, snapped)
        return cls(first, last, early, late, until, _readings(cue, grid))


def cue_breaches(speech: Speech, start: int, end: int, grid: Grid) -> list[Breach]:
    """Return the breaches of a cue shown on the frames [start, end), its neighbours aside."""
    shown = end - start
    found: list[Breach] = []
    if shown < 1:
        found.append(("shown", 1 - shown))
    if grid.shot_changes:
        found += _cut_breaches(start, end, grid)
    if shown < grid.shortest:
        if shown < grid.flash:
            found.append(("flash", grid.flash - shown))
        found.append(("min-duration", grid.shortest - shown))
    elif shown > grid.longest:
        found.append(("max-duration", shown - grid.longest))
    if not speech.early <= start <= speech.late:
        found.append(("in-time", max(speech.early - start, start - speech.late)))
    if end < speech.until:
        found.append(("cut-off", speech.until - end))
    for rule, frames in speech.readings:
        if shown < frames:
            found.append((rule, frames - shown))
    return found


def pair_breaches(end: int, start: int, grid: Grid) -> list[Breach]:
    """Return the breaches between a cue that ends at `end` and the next, starting at `start`."""
    gap = start - end
    if gap < 0:
        return [("overlap", grid.gap - gap)]
    if gap < grid.gap:
        return [("gap", grid.gap - gap)]
    if grid.gap + grid.rounding < gap < grid.closed_below:
        return [("gap-open", 1)]
    return []


def _cut_breaches(start: int, end: int, grid: Grid) -> list[Breach]:
    shot_changes, reach = grid.shot_changes, grid.reach
    first = bisect_left(shot_changes, min(start, end) - reach)
    if first == len(shot_changes) or shot_changes[first] > max(start, end) + reach:
        return []  # no cut is near, as for most cues
    found: list[Breach] = []
    if abs(grid.snapped_in(start) - start) > grid.rounding:
        found.append(("cut-in", 1))
    if abs(grid.snapped_out(end, start) - end) > grid.rounding:
        found.append(("cut-out", 1))
    across = len(grid.between(start, end))
    if across:
        found.append(("straddle", across))
    return found


def _readings(cue: Cue, grid: Grid) -> tuple[Breach, ...]:
    style = grid.style
    readings = []
    if style.max_cps is not None:
        readings.append(("cps", _frames(_characters(cue, grid), style.max_cps, grid.rate)))
    if style.max_wpm is not None:
        readings.append(("wpm", _frames(60 * word_count(cue), style.max_wpm, grid.rate)))
    return tuple(readings)


def _frames(units: float, each_second: Fraction, rate: Fraction) -> int:
    """Return the frames that so many characters or words need at a reading speed."""
    over, under = units.as_integer_ratio()
    over *= each_second.denominator * rate.numerator
    under *= each_second.numerator * rate.denominator
    return -(-over // under)


def comfortable_frames(cue: Cue, speech: Speech, grid: Grid) -> int:
    """Return the frames to read a cue in at the style's comfortable speed, or at its limit."""
    frames = max((frames for _, frames in speech.readings), default=0)
    if grid.style.target_cps is not None:
        frames = max(frames, _frames(_characters(cue, grid), grid.style.target_cps, grid.rate))
    return frames


def characters(cue: Cue, grid: Grid) -> Fraction:
    """Count the characters that are read: all that can be seen, spaces too; not line breaks."""
    return Fraction(_characters(cue, grid))


def _characters(cue: Cue, grid: Grid) -> float:
    weights = grid.style.char_weights
    # Multiples of 1/4, whose sums are exact.
    return sum([width(line, weights) for line in cue.lines])


def word_count(cue: Cue) -> int:
    """Count the words that are read."""
    return sum(len(line.split()) for line in cue.lines)
