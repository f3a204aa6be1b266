"""Moving in and out points until no move helps.

A move is one in point, one out point, or the out point of a cue together with the next in point.
It is made where it takes a breach away, or makes one smaller, without making anything of the same
or of a higher place in the precedence worse on the whole. What all breaches weigh goes down with
each move, so there is an end; and what was settled stays as it is when it is settled again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

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

_Weight = list[int]
"""For each level of PRECEDENCE, the highest first: how many breaches, and their sum."""


def settle(points: Sequence[Points], speeches: Sequence[Speech], grid: Grid) -> list[Points]:
    """Move points, one pair for each cue in the order of their in points, to where they are best.

    Takes time in proportion to the number of breaches. No cue comes out shorter than a frame, and
    each keeps the least gap to the next.
    """
    track = _Track(grid, speeches, *_apart(points, grid))
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
    """In and out points that keep the first precept, so that every move starts from there: a dozen
    cues in one frame would else have to move all at once."""
    ins: list[int] = []
    for start, _ in points:
        ins.append(max(start, ins[-1] + 1 + grid.gap) if ins else max(0, start))
    latest = [following - grid.gap for following in ins[1:]]
    outs = [max(start + 1, end) for start, (_, end) in zip(ins, points)]
    return ins, [*map(min, outs, latest), *outs[-1:]]


@dataclass(frozen=True)
class _Move:
    """New places for the out point of cue `ending` and the in point of cue `starting`."""

    ending: int | None = None
    out_point: int = 0
    starting: int | None = None
    in_point: int = 0


@dataclass
class _Track:
    grid: Grid
    speeches: Sequence[Speech]
    ins: list[int]
    outs: list[int]

    def is_clean(self, at: int) -> bool:
        """Whether nothing is wrong with a cue and the gaps beside it."""
        return not any(self._weigh((at,), (at - 1, at)))

    def improve(self, at: int) -> bool:
        """Make the best move of a cue's points; tell whether there was one."""
        best: _Weight = [0] * (2 * len(PRECEDENCE))
        chosen = None
        before: dict[tuple[int | None, int | None], _Weight] = {}
        for move in self._moves(at):
            points = (move.ending, move.starting)
            if points not in before:
                before[points] = self._weight_about(move)
            gain = self._gain(move, before[points])
            if gain < best:
                best, chosen = gain, move
        if chosen is not None:
            self._make(chosen)
        return chosen is not None

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
        """Where an out point may go: wherever a rule begins or ceases to hold. What the guide asks
        for comes first, then what is nearest."""
        grid, speech, start, end = self.grid, self.speeches[at], self.ins[at], self.outs[at]
        places = {start + 1, start + grid.flash, start + grid.shortest, start + grid.longest}
        places |= {speech.until, *(start + frames for _, frames in speech.readings)}
        if at + 1 < len(self.ins):
            following = self.ins[at + 1]
            places |= {following - grid.gap, following - grid.closed_below}
        for cut in self._cuts_about(min(start, *places), max(end, *places)):
            places |= {cut - grid.out_gap, cut - grid.reach, cut + grid.reach}
        first = [grid.snapped_out(end, start)]
        if at + 1 < len(self.ins):
            first.append(self.ins[at + 1] - grid.gap)
        return _ordered(first, places, end)

    def _in_points(self, at: int) -> list[int]:
        """Where an in point may go, likewise."""
        grid, speech, start, end = self.grid, self.speeches[at], self.ins[at], self.outs[at]
        places = {speech.first, speech.early, speech.late, end - 1, end - grid.flash}
        places |= {end - grid.shortest, end - grid.longest}
        places |= {end - frames for _, frames in speech.readings}
        if at > 0:
            places |= {self.outs[at - 1] + grid.gap, self.outs[at - 1] + grid.closed_below}
        for cut in self._cuts_about(min(start, *places), max(start, *places)):
            places |= {cut, cut - grid.reach, cut + grid.reach}
        first = [grid.snapped_in(start), speech.first]
        return [place for place in _ordered(first, places, start) if place >= 0]

    def _cuts_about(self, first: int, last: int) -> tuple[int, ...]:
        grid = self.grid
        if not grid.cuts:
            return ()
        return grid.between(first - grid.reach - 1, last + grid.reach + 1)

    def _gain(self, move: _Move, before: _Weight) -> _Weight:
        """What a move changes; less than nothing is better."""
        back = self._make(move)
        after = self._weight_about(move)
        self._make(back)
        return [new - old for new, old in zip(after, before)]

    def _weight_about(self, move: _Move) -> _Weight:
        """The weight of everything that a move can change."""
        cues = [at for at in (move.ending, move.starting) if at is not None]
        pairs = cues[:1] if move.starting is None else [move.starting - 1]
        return self._weigh(cues, pairs)

    def _make(self, move: _Move) -> _Move:
        """Make a move, and return the one that takes it back."""
        ending, starting = move.ending, move.starting
        back = _Move(
            ending,
            0 if ending is None else self.outs[ending],
            starting,
            0 if starting is None else self.ins[starting],
        )
        if ending is not None:
            self.outs[ending] = move.out_point
        if starting is not None:
            self.ins[starting] = move.in_point
        return back

    def _weigh(self, cues: Iterable[int], pairs: Iterable[int]) -> _Weight:
        """What the breaches of these cues weigh, and of the gaps after those `pairs`."""
        weight = [0] * (2 * len(PRECEDENCE))
        for at in cues:
            _add(weight, cue_breaches(self.speeches[at], self.ins[at], self.outs[at], self.grid))
        for at in pairs:
            if 0 <= at < len(self.ins) - 1:
                _add(weight, pair_breaches(self.outs[at], self.ins[at + 1], self.grid))
        return weight


def _add(weight: _Weight, breaches: Iterable[Breach]) -> None:
    for rule, amount in breaches:
        level = 2 * LEVELS[rule]
        weight[level] += 1
        weight[level + 1] += amount


def _ordered(first: list[int], places: set[int], now: int) -> list[int]:
    """`first`, then `places` from the nearest to `now`, a later one before an earlier one."""
    rest = sorted(places, key=lambda place: (abs(place - now), -place))
    return [place for place in dict.fromkeys([*first, *rest]) if place != now]
