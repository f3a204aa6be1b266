"""Cue timing: the in and out point of each cue, on exact frames.

A cue with words begins on the frame of its first word and stays for a comfortable reading speed,
as far as it may linger; a cue without words (read from somebody's file) begins with its own times.
From there `core.timing_optimizer` moves points until no rule of `core.timing_rules` can be kept
better, in the order of its PRECEDENCE.

A cue that is too long, or lies across a shot change that falls between two of its words, is split
in two first. A cue that is too fast is only shown longer. Splitting it does not help: its words
keep their times, so that the parts share the time that the whole had, less the gap between them,
and at most one space is left out. If the whole has n characters in t seconds, the parts have n-1 in
t less the gap, and the faster part is at least as fast as both together. That is slower than before
only where the gap is under t/n, the time for one character, and then by a space, which a line break
saves as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from editor_plugin.core.cues import Cue
from editor_plugin.core.grid import MILLISECONDS, Grid
from editor_plugin.core.segmentation import break_lines
from editor_plugin.core.styles import Style
from editor_plugin.core.timebase import frame_at, frames_until, quick
from editor_plugin.core.timing_optimizer import Moves, Points, optimized
from editor_plugin.core.timing_rules import PRECEDENCE, Speech, comfortable_frames
from editor_plugin.core.transcript import Word
from editor_plugin.core.widths import width

__all__ = ["MILLISECONDS", "PRECEDENCE", "retime", "settled"]


def retime(
    cues: Iterable[Cue],
    rate: Fraction,
    style: Style,
    shot_changes: Iterable[Fraction] = (),
    moves: Moves | None = None,
) -> tuple[Cue, ...]:
    """Put cues on the frames of `rate` (frames per second). Seconds in, seconds out.

    `shot_changes` are seconds, too. Cues with words may be split in two between words. Two voices
    at once share a cue where their lines fit, each marked with the style's dash if that fits, too;
    else the earlier one ends where the later one starts. No word is lost, no cue is
    shorter than a frame, and timing a result again changes nothing. `moves` caches what
    `core.timing_optimizer` found, for further calls with the same rate and style.
    """
    grid = Grid.of(style, rate, shot_changes)
    parts = [part for cue in cues for part in _parts(cue, grid)]
    shared = _share(sorted(parts, key=lambda cue: tuple(map(quick, cue.speech))), style)
    speeches = [Speech.of(cue, grid) for cue in shared]
    points = optimized(_begin(shared, speeches, grid), speeches, grid, moves)
    return _timed(shared, points, grid)


def settled(cues: Sequence[Cue], grid: Grid) -> tuple[Cue, ...]:
    """Move the points of cues, in the order of their start, only where that removes a breach.

    Every cue stays one cue with its text, whether it has words or not.
    """
    speeches = [Speech.of(cue, grid) for cue in cues]
    return _timed(cues, optimized([own_points(cue, grid) for cue in cues], speeches, grid), grid)


def own_points(cue: Cue, grid: Grid) -> Points:
    """Return the frames that are nearest to a cue's own times."""
    return round(cue.start * grid.rate), round(cue.end * grid.rate)


def _timed(cues: Sequence[Cue], points: Sequence[Points], grid: Grid) -> tuple[Cue, ...]:
    return tuple(
        Cue(grid.seconds(start), grid.seconds(end), cue.lines, cue.words)
        for cue, (start, end) in zip(cues, points)
    )


def _begin(cues: Sequence[Cue], speeches: Sequence[Speech], grid: Grid) -> list[Points]:
    """Return each cue's points by its speech, without regard to what is near the out point."""
    ins: list[int] = []
    for cue, speech in zip(cues, speeches):
        start = grid.snapped_in(speech.first) if cue.words else speech.first
        if cue.words and ins:
            start = max(start, ins[-1] + grid.flash + grid.gap)
        ins.append(start)
    outs = []
    for cue, speech, start in zip(cues, speeches, ins):
        end = speech.last
        if cue.words:
            reading = min(start + comfortable_frames(cue, speech, grid), speech.last + grid.linger)
            end = max(start + grid.shortest, reading, speech.last)
        outs.append(end)
    return list(zip(ins, outs))


def _share(cues: Sequence[Cue], style: Style) -> list[Cue]:
    """Join a cue with the one before it where most of it is said at the same time."""
    shared: list[Cue] = []
    for cue in cues:
        both = _both(shared[-1], cue, style) if shared else None
        if both is None:
            shared.append(cue)
        else:
            shared[-1] = both
    return shared


def _both(first: Cue, second: Cue, style: Style) -> Cue | None:
    """Return one cue of two voices, or None where they are to stay apart."""
    (_, ended), (started, end) = first.speech, second.speech
    if ended < started or 2 * (ended - started) <= end - started:
        return None
    if not (_is_plain(first) and _is_plain(second)):
        return None
    if len(first.lines) + len(second.lines) > style.max_lines:
        return None
    marked = tuple(
        line
        for dash, cue in zip(style.dashes, (first, second))
        for line in (dash + cue.lines[0], *cue.lines[1:])
    )
    fits = all(width(line, style.char_weights) <= style.max_chars for line in marked)
    lines = marked if fits else first.lines + second.lines
    return Cue(first.start, max(first.end, second.end), lines, first.words + second.words)


def _is_plain(cue: Cue) -> bool:
    """Whether a cue is nothing but its words, of one voice, in their order."""
    words = cue.words
    said = "".join(word.text for word in words).split()
    in_order = all(one.start <= other.start for one, other in zip(words, words[1:]))
    return bool(words) and in_order and "".join(said) == "".join("".join(cue.lines).split())


def _parts(cue: Cue, grid: Grid) -> Iterator[Cue]:
    """Yield the cue, or its parts where it has to be split between words."""
    at = None
    if len(cue.words) > 1:
        begins, ends = cue.speech
        shown = frame_at(begins, grid.rate), frames_until(ends, grid.rate)
        at = _across_cut(cue.words, shown, grid) or _too_long(cue.words, shown, grid)
    if at is None or not _is_plain(cue):
        yield cue
        return
    for words in (cue.words[:at], cue.words[at:]):
        yield from _parts(_laid(words, grid.style), grid)


def _across_cut(words: Sequence[Word], shown: Points, grid: Grid) -> int | None:
    """Return where to split words so that both parts keep to their side of a shot change."""
    first, last = shown
    for cut in grid.between(first, last):
        if cut - grid.out_gap - first < grid.shortest or last - cut < grid.shortest:
            continue
        for at in range(1, len(words)):
            begins = math.floor(words[at].start * grid.rate)
            ends = math.ceil(max(word.end for word in words[:at]) * grid.rate)
            if -grid.red < begins - cut < grid.reach and ends - cut < grid.reach:
                return at
    return None


def _too_long(words: Sequence[Word], shown: Points, grid: Grid) -> int | None:
    """Return where to split words that take longer than a cue may stay: the longest pause."""
    first, last = shown
    if last - first <= grid.longest:
        return None
    middle = (words[0].start + words[-1].end) / 2
    return max(
        range(1, len(words)),
        key=lambda at: (words[at].start - words[at - 1].end, -abs(words[at].start - middle)),
    )


def _laid(words: Sequence[Word], style: Style) -> Cue:
    lines = break_lines([word.text for word in words], style)
    assert lines is not None, "a part of what fits does fit"
    return Cue(words[0].start, max(word.end for word in words), lines, tuple(words))
