"""Sentences about edits that cannot be kept, because every run makes these things anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from editor_plugin.core.correction_reports import clock
from editor_plugin.core.edit_placing import Placing
from editor_plugin.core.edited_text import Unit

_ROUNDED = Fraction(1, 50)
"""Seconds by which a time may differ without having been edited: ASS has hundredths."""


def remarks(placing: Placing) -> tuple[str, ...]:
    """Return the sentences for times, line breaks, cues that were joined or split, added cues."""
    return tuple(_sentences(placing))


def _sentences(placing: Placing) -> Iterator[str]:
    times, lines, joined = _counts(placing)
    if times:
        yield f"{_many(times)} other times; times are made anew from the words and the style."
    if lines:
        yield f"{_many(lines)} other line breaks; those are made anew in the style."
    if joined:
        yield (
            f"{_many(joined)} words of other cues; which words share a cue is decided anew by "
            "the style."
        )
    for time in placing.squeezed:
        yield (
            f"The text added at {clock(time)} is kept with the word beside it, without a time of "
            "its own."
        )
    if placing.lost:
        yield "Cues in a file that had no words cannot be kept."


def _many(count: int) -> str:
    return "One cue has" if count == 1 else f"{count} cues have"


def _counts(placing: Placing) -> tuple[int, int, int]:
    """Count edited cues with other times, other line breaks, and words of several made cues."""
    shows: dict[int, set[int]] = defaultdict(set)
    shown: dict[int, set[int]] = defaultdict(set)
    for other, at in enumerate(placing.pair):
        if at is not None:
            edited, made = placing.theirs.units[other].cue, placing.ours.units[at].cue
            shows[edited].add(made)
            shown[made].add(edited)
    times = lines = joined = 0
    for edited, made_cues in shows.items():
        made = next(iter(made_cues))
        if len(made_cues) > 1 or len(shown[made]) > 1:
            joined += 1
        elif _moved(placing, made, edited):
            times += 1
        elif _broken(placing, made) != _broken_anew(placing, edited):
            lines += _says_the_same(placing, made, edited)
    return times, lines, joined


def _moved(placing: Placing, made: int, edited: int) -> bool:
    before, after = placing.ours.cues[made], placing.theirs.cues[edited]
    return max(abs(before.start - after.start), abs(before.end - after.end)) > _ROUNDED


def _broken(placing: Placing, made: int) -> list[int]:
    return [unit.line for unit in _units(placing, True, made)]


def _broken_anew(placing: Placing, edited: int) -> list[int]:
    return [unit.line for unit in _units(placing, False, edited)]


def _says_the_same(placing: Placing, made: int, edited: int) -> bool:
    ours, theirs = _units(placing, True, made), _units(placing, False, edited)
    return [unit.key for unit in ours] == [unit.key for unit in theirs]


def _units(placing: Placing, made: bool, cue: int) -> list[Unit]:
    text = placing.ours if made else placing.theirs
    return list(text.units[text.first_of[cue] : text.first_of[cue + 1]])
