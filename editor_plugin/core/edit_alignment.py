"""Alignment of an edited file's units with those of the file that Recue wrote.

Whole cues that kept their time are aligned first, then cues with the same text, which may have
moved, then the units between those. This is robust against cues that were merged, split, deleted,
added or moved, and fast for a whole film.
"""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, Union

from editor_plugin.core.cues import Cue
from editor_plugin.core.edited_text import Unit

_GRID = 20
"""Cues whose starts round to the same twentieth of a second count as unmoved; one that rounding
puts on the other side is found by its text."""


Range = tuple[int, int]
"""Positions [first, stop)."""
Keys = Union[Sequence[Hashable], Mapping[int, Hashable]]


class Step(NamedTuple):
    """A step: made units [first, stop) became edited units [other_first, other_stop). `is_same`:
    one by one, they differ at most in case and punctuation."""

    is_same: bool
    first: int
    stop: int
    other_first: int
    other_stop: int


class Text(NamedTuple):
    """Cues and their units; `first_of` are the positions of each cue's first unit, and the end."""

    cues: Sequence[Cue]
    units: Sequence[Unit]
    first_of: Sequence[int]

    @classmethod
    def of(cls, cues: Sequence[Cue], units: Sequence[Unit]) -> Text:
        """Index the units of cues by cue."""
        counts = [0] * (len(cues) + 1)
        for unit in units:
            counts[unit.cue + 1] += 1
        for at in range(1, len(counts)):
            counts[at] += counts[at - 1]
        return cls(cues, units, counts)

    def keys(self, cue: int) -> tuple[str, ...]:
        """Return the keys of a cue's units."""
        return tuple(unit.key for unit in self.units[self.first_of[cue] : self.first_of[cue + 1]])


def align(made: Text, edited: Text) -> list[Step]:
    """Return the steps from the made text to the edited one, in order, without gaps.

    No two changed steps follow each other.
    """
    steps: list[Step] = []
    for is_same, (a, b), (c, d) in _by_cue(made, edited):
        ours = made.first_of[a], made.first_of[b]
        theirs = edited.first_of[c], edited.first_of[d]
        if is_same:
            steps.append(Step(True, *ours, *theirs))
        else:
            steps += _by_unit(made.units, edited.units, ours, theirs)
    return [step for step in steps if step.stop > step.first or step.other_stop > step.other_first]


def _by_cue(made: Text, edited: Text) -> Iterator[tuple[bool, Range, Range]]:
    """Cut both into runs of whole cues with the same text, and what is between them."""
    texts = (
        [made.keys(cue) for cue in range(len(made.cues))],
        [edited.keys(cue) for cue in range(len(edited.cues))],
    )
    timed = (
        [(text, _place(cue.start)) for text, cue in zip(texts[0], made.cues)],
        [(text, _place(cue.start)) for text, cue in zip(texts[1], edited.cues)],
    )
    whole = (0, len(made.cues)), (0, len(edited.cues))
    for is_same, ours, theirs in _stretches(timed, *whole):
        if is_same:
            yield True, ours, theirs
        else:
            yield from _stretches(texts, ours, theirs)


def _place(start: Fraction) -> int:
    return round(start * _GRID)


def _by_unit(
    made: Sequence[Unit], edited: Sequence[Unit], ours: Range, theirs: Range
) -> Iterator[Step]:
    keys = (
        {at: made[at].key for at in range(*ours)},
        {at: edited[at].key for at in range(*theirs)},
    )
    for is_same, (a, b), (c, d) in _stretches(keys, ours, theirs):
        yield Step(is_same, a, b, c, d)


def _stretches(
    keys: tuple[Keys, Keys], ours: Range, theirs: Range
) -> Iterator[tuple[bool, Range, Range]]:
    left: list[Hashable] = [keys[0][at] for at in range(*ours)]
    right: list[Hashable] = [keys[1][at] for at in range(*theirs)]
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    for name, a, b, c, d in matcher.get_opcodes():
        yield name == "equal", (a + ours[0], b + ours[0]), (c + theirs[0], d + theirs[0])
