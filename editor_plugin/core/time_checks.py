"""Checks of cue times: findings on the rules of `core.timing_rules`, worded for an editor."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from editor_plugin.core.cues import Cue
from editor_plugin.core.findings import Finding, Value, shown
from editor_plugin.core.grid import MILLISECONDS, Grid
from editor_plugin.core.timing import own_points
from editor_plugin.core.timing_rules import (
    Speech,
    characters,
    cue_breaches,
    pair_breaches,
    word_count,
)

_ROUNDING = Fraction(1, 2000)
"""Seconds by which a time may be off its frame because it is written in milliseconds."""

_SAYS = {
    "shown": "is not shown at all",
    "min-duration": "is shown for {value} s; the least is {limit} s",
    "max-duration": "is shown for {value} s; the longest is {limit} s",
    "cps": "has {value} characters per second; the most is {limit}",
    "wpm": "has {value} words per minute; the most is {limit}",
    "cut-in": "starts {frames} from a shot change; it should start at {limit} s",
    "cut-out": "ends {frames} from a shot change; it should end at {limit} s",
    "straddle": "lies across a shot change",
    "in-time": "starts {frames} away from its first word",
    "cut-off": "ends {frames} before its last word does",
    "overlap": "and cue {next} are shown at once, for {frames}",
    "gap": "ends {frames} before cue {next}; the least gap is {least}",
    "gap-open": "ends {frames} before cue {next}; so short a gap is closed to {least}",
}
"""The sentence of each rule after “Cue 7”."""


def cue_findings(cue: Cue, number: int, grid: Grid) -> Iterator[Finding]:
    """Yield the findings on the times of a cue, its neighbours aside."""
    for says, time in (("starts", cue.start), ("ends", cue.end)):
        nearest = grid.seconds(round(time * grid.rate))
        if abs(time - nearest) > _ROUNDING:
            sentence = f"Cue {number} {says} between two frames, at {shown(time)} s."
            yield Finding(number, "frame", time, nearest, sentence)
            break
    start, end = own_points(cue, grid)
    breaches = dict(cue_breaches(Speech.of(cue, grid), start, end, grid))
    for rule, amount in breaches.items():
        if rule == "flash" or ("shown" in breaches and rule in ("min-duration", "cps", "wpm")):
            continue  # reported already
        if rule in ("in-time", "cut-off") and amount <= _tolerated(rule, grid):
            continue
        yield _finding(rule, amount, cue, number, grid)


def gap_findings(
    cue: Cue, number: int, following: tuple[Cue, int], grid: Grid
) -> Iterator[Finding]:
    """Yield the findings between a cue and the next one, which is given with its number."""
    end, start = own_points(cue, grid)[1], own_points(following[0], grid)[0]
    for rule, _ in pair_breaches(end, start, grid):
        gap = start - end
        sentence = _SAYS[rule].format(
            frames=_frames(abs(gap), grid), next=following[1], least=_frames(grid.gap, grid)
        )
        value, limit = grid.seconds(abs(gap)), grid.seconds(grid.gap)
        yield Finding(number, rule, value, limit, f"Cue {number} {sentence}.")


def _tolerated(rule: str, grid: Grid) -> int:
    """Return frames of tolerance; a word may lose the minimum gap where the next one follows."""
    return max(grid.tolerance, grid.gap) if rule == "cut-off" else grid.tolerance


def _finding(rule: str, amount: int, cue: Cue, number: int, grid: Grid) -> Finding:
    value, limit = _measured(rule, amount, cue, grid)
    frames = amount
    start, end = own_points(cue, grid)
    if rule == "cut-in":
        frames = abs((grid.near(start) or 0) - start)
    elif rule == "cut-out":
        frames = abs((grid.near(end, after=start) or 0) - end)
    says = _SAYS[rule].format(
        value=shown(value),
        limit="" if limit is None else shown(limit),
        frames=_frames(frames, grid),
    )
    return Finding(number, rule, value, limit, f"Cue {number} {says}.")


def _measured(rule: str, amount: int, cue: Cue, grid: Grid) -> tuple[Value, Value | None]:
    """Return the measured value and the limit."""
    start, end = own_points(cue, grid)
    style, seconds = grid.style, grid.seconds(end - start)
    if rule == "cps":
        return characters(cue, grid) / seconds, style.max_cps
    if rule == "wpm":
        return 60 * word_count(cue) / seconds, style.max_wpm
    if rule == "cut-in":
        return grid.seconds(start), grid.seconds(grid.snapped_in(start))
    if rule == "cut-out":
        return grid.seconds(end), grid.seconds(grid.snapped_out(end, start))
    if rule == "straddle":
        return amount, 0
    if rule in ("in-time", "cut-off"):
        return grid.seconds(amount), grid.seconds(_tolerated(rule, grid))
    limits = {"min-duration": style.min_duration, "max-duration": style.max_duration}
    return seconds, limits.get(rule)


def _frames(frames: int, grid: Grid) -> str:
    """Return a short time as text: in frames, or in milliseconds where there are none."""
    if grid.rate >= MILLISECONDS:
        return f"{frames} ms"
    return f"{frames} frame" if frames == 1 else f"{frames} frames"
