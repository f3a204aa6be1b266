"""Local search that minimises timing violations.

A move changes one in point, one out point, or the out point of a cue together with the next in
point. It is made where it removes or reduces a breach of a rule without making the breaches of the
same or a higher priority worse in sum. The weight of all breaches falls with each move, so that the
search ends; and a result that is optimised again stays as it is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Optional

from editor_plugin.core.grid import Grid
from editor_plugin.core.timing_rules import (
    LEVELS,
    PRECEDENCE,
    Breach,
    Speech,
    cue_breaches,
    pair_breaches,
)

Points = tuple[int, int]
"""An in point and an out point, in frames."""

_DIGIT = 48
"""Bits for each number of a weight: more than the frames of a year."""

_COUNTED = {
    rule: 1 << _DIGIT * (2 * (len(PRECEDENCE) - level) - 1) for rule, level in LEVELS.items()
}
_MEASURED = {rule: counted >> _DIGIT for rule, counted in _COUNTED.items()}
"""The weight of a breach of a rule, and that of each frame of it, 1 << _DIGIT times less.

A weight is one integer: for each level of PRECEDENCE, the highest first, how many breaches and
their sum. Whatever is of a lower level weighs less than one breach of a higher one, in differences
of weights, too.
"""


def optimized(
    points: Sequence[Points], speeches: Sequence[Speech], grid: Grid, moves: Moves | None = None
) -> list[Points]:
    """Move points, one pair for each cue in the order of their in points, to where they are best.

    Takes time in proportion to the number of breaches. No cue comes out shorter than a frame, and
    each keeps the minimum gap to the next. `moves` caches the best moves, for further calls with
    the same limits.
    """
    track = _Track(grid, speeches, *_apart(points, grid), moves={} if moves is None else moves)
    waiting = deque(range(len(points)))
    queued = set(waiting)
    while waiting:
        at = waiting.popleft()
        queued.discard(at)
        if track.is_clean(at) or not track.improve(at):
            continue
        for near in range(max(0, at - 2), min(len(points), at + 3)):
            if near not in queued:
                queued.add(near)
                waiting.append(near)
    return list(zip(track.ins, track.outs))


def _apart(points: Sequence[Points], grid: Grid) -> tuple[list[int], list[int]]:
    """Return in and out points that keep the rules of highest priority, from which every move
    starts: otherwise a dozen cues in one frame would have to move all at once."""
    ins: list[int] = []
    for start, _ in points:
        ins.append(max(start, ins[-1] + 1 + grid.gap) if ins else max(0, start))
    latest = [following - grid.gap for following in ins[1:]]
    outs = [max(start + 1, end) for start, (_, end) in zip(ins, points)]
    return ins, [*map(min, outs, latest), *outs[-1:]]


class _Move(NamedTuple):
    """New places for the out point of cue `ending` and the in point of cue `starting`."""

    ending: int | None = None
    out_point: int = 0
    starting: int | None = None
    in_point: int = 0


Moves = dict[tuple[object, ...], Optional[_Move]]
"""A cue and everything around it that counts, in frames from its in point → its best move, in
cues and frames from it; None where no move helps."""


@dataclass
class _Track:
    grid: Grid
    speeches: Sequence[Speech]
    ins: list[int]
    outs: list[int]
    moves: Moves
    known: dict[tuple[int, int, int], int] = field(default_factory=dict)
    """Cached weights of a cue on frames that were tried before."""
    gaps: dict[int, int] = field(default_factory=dict)
    """Cached weights of gaps by their number of frames."""

    def is_clean(self, at: int) -> bool:
        """Whether a cue and the gaps beside it have no breach."""
        pairs = range(max(0, at - 1), min(at + 1, len(self.ins) - 1))
        return not self._cue(at, self.ins[at], self.outs[at]) and not any(
            self._pair(self.outs[pair], self.ins[pair + 1]) for pair in pairs
        )

    def improve(self, at: int) -> bool:
        """Make the best move of a cue's points; return whether there was one."""
        about, origin = self._about(at), self.ins[at]
        if about in self.moves:
            relative = self.moves[about]
            chosen = None if relative is None else _shifted(relative, at, origin)
        else:
            chosen = self._best(at)
            self.moves[about] = None if chosen is None else _shifted(chosen, -at, -origin)
        if chosen is None:
            return False
        if chosen.ending is not None:
            self.outs[chosen.ending] = chosen.out_point
        if chosen.starting is not None:
            self.ins[chosen.starting] = chosen.in_point
        return True

    def _about(self, at: int) -> tuple[object, ...]:
        """Return all that a cue's best move depends on: it, its neighbours, nearby shot changes."""
        origin, grid = self.ins[at], self.grid
        about: list[object] = []
        first = last = origin
        longest = 0
        for near in (at - 1, at, at + 1):
            if not 0 <= near < len(self.ins):
                about.append(None)
                continue
            start, end, speech = self.ins[near], self.outs[near], self.speeches[near]
            times = (start, end, speech.first, speech.last, speech.early, speech.late, speech.until)
            about += [time - origin for time in times]
            about.append(speech.readings)
            first, last = min(first, *times), max(last, *times)
            longest = max(longest, *(frames for _, frames in speech.readings), 0)
        # As far as any place that a point may go to, and the shot changes that count there.
        far = longest + grid.longest + grid.closed_below + grid.gap + grid.out_gap + 4 * grid.reach
        shot_changes = grid.between(first - far - 2, last + far + 2)
        about.append(tuple([cut - origin for cut in shot_changes]))
        about.append(origin if first < far + 2 else None)  # no point goes before frame 0
        return tuple(about)

    def _best(self, at: int) -> _Move | None:
        """Return the best move of a cue's points, if any helps."""
        best = 0
        chosen = None
        before: dict[tuple[int | None, int | None], int] = {}
        for move in self._moves(at):
            points = (move.ending, move.starting)
            if points not in before:
                before[points] = self._weight_about(self._now(move))
            gain = self._weight_about(move, before[points] + best) - before[points]
            if gain < best:
                best, chosen = gain, move
        return chosen

    def _moves(self, at: int) -> Iterator[_Move]:
        ends = self._out_points(at)
        yield from (_Move(ending=at, out_point=end) for end in ends)
        if at + 1 < len(self.ins):
            yield from self._shared_moves(at, ends, self._in_points(at + 1))
        starts = self._in_points(at)
        yield from (_Move(starting=at, in_point=start) for start in starts)
        if at > 0:
            yield from self._shared_moves(at - 1, self._out_points(at - 1), starts)

    def _shared_moves(self, at: int, ends: list[int], starts: list[int]) -> Iterator[_Move]:
        gap = self.grid.gap
        for start in starts:
            yield _Move(at, start - gap, at + 1, start)
        for end in ends:
            yield _Move(at, end, at + 1, end + gap)

    def _out_points(self, at: int) -> list[int]:
        """Return where an out point may go: wherever a rule begins or ceases to hold. What the
        guide asks for comes first, then what is nearest."""
        grid, speech, start, end = self.grid, self.speeches[at], self.ins[at], self.outs[at]
        places = {start + 1, start + grid.flash, start + grid.shortest, start + grid.longest}
        places |= {speech.until, *(start + frames for _, frames in speech.readings)}
        if at + 1 < len(self.ins):
            following = self.ins[at + 1]
            places |= {following - grid.gap, following - grid.closed_below}
        for cut in self._shot_changes_about(min(start, *places), max(end, *places)):
            places |= {cut - grid.out_gap, cut - grid.reach, cut + grid.reach}
        first = [grid.snapped_out(end, start)]
        if at + 1 < len(self.ins):
            first.append(self.ins[at + 1] - grid.gap)
        return _ordered(first, places, end)

    def _in_points(self, at: int) -> list[int]:
        """Return where an in point may go, likewise."""
        grid, speech, start, end = self.grid, self.speeches[at], self.ins[at], self.outs[at]
        places = {speech.first, speech.early, speech.late, end - 1, end - grid.flash}
        places |= {end - grid.shortest, end - grid.longest}
        places |= {end - frames for _, frames in speech.readings}
        if at > 0:
            places |= {self.outs[at - 1] + grid.gap, self.outs[at - 1] + grid.closed_below}
        for cut in self._shot_changes_about(min(start, *places), max(start, *places)):
            places |= {cut, cut - grid.reach, cut + grid.reach}
        first = [grid.snapped_in(start), speech.first]
        return [place for place in _ordered(first, places, start) if place >= 0]

    def _shot_changes_about(self, first: int, last: int) -> tuple[int, ...]:
        grid = self.grid
        if not grid.shot_changes:
            return ()
        return grid.between(first - grid.reach - 1, last + grid.reach + 1)

    def _now(self, move: _Move) -> _Move:
        """Return the move of the same points to where they are."""
        ending, starting = move.ending, move.starting
        return _Move(
            ending,
            0 if ending is None else self.outs[ending],
            starting,
            0 if starting is None else self.ins[starting],
        )

    def _weight_about(self, move: _Move, enough: int | None = None) -> int:
        """Return the weight, after a move, of everything that it can change; stop early where that
        reaches `enough`."""
        ending, out_point, starting, in_point = move
        weight = 0
        if starting is None:
            if ending is not None and ending + 1 < len(self.ins):
                weight += self._pair(out_point, self.ins[ending + 1])
        elif starting > 0:
            before = self.outs[starting - 1] if ending is None else out_point
            weight += self._pair(before, in_point)
        if ending is not None and (enough is None or weight < enough):
            weight += self._cue(ending, self.ins[ending], out_point)
        if starting is not None and (enough is None or weight < enough):
            weight += self._cue(starting, in_point, self.outs[starting])
        return weight

    def _cue(self, at: int, start: int, end: int) -> int:
        """Return the weight of a cue's breaches if it were shown on the frames [start, end)."""
        weight = self.known.get((at, start, end))
        if weight is None:
            weight = _weight(cue_breaches(self.speeches[at], start, end, self.grid))
            self.known[at, start, end] = weight
        return weight

    def _pair(self, end: int, start: int) -> int:
        """Return the weight of a gap's breaches, which is the same wherever the gap is."""
        weight = self.gaps.get(start - end)
        if weight is None:
            weight = self.gaps[start - end] = _weight(pair_breaches(end, start, self.grid))
        return weight


def _shifted(move: _Move, cues: int, frames: int) -> _Move:
    ending, out_point, starting, in_point = move
    return _Move(
        None if ending is None else ending + cues,
        out_point + frames,
        None if starting is None else starting + cues,
        in_point + frames,
    )


def _weight(breaches: Iterable[Breach]) -> int:
    weight = 0
    for rule, amount in breaches:
        weight += _COUNTED[rule] + amount * _MEASURED[rule]
    return weight


def _ordered(first: list[int], places: set[int], now: int) -> list[int]:
    """Return `first`, then `places` from the nearest to `now`, a later one before an earlier."""
    rest = sorted(places, key=lambda place: (abs(place - now), -place))
    return [place for place in dict.fromkeys([*first, *rest]) if place != now]
