"""Corrections of recognised words, kept with the source and applied again on every run.

A correction states which words were recognised in a range of the source, and which words are
spoken there. It holds for every clip of the source, every model and every style. Corrections are a
log: a later one acts on the result of the earlier ones. None is ever dropped: where something else
is recognised by now, the correction is applied all the same and reported.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from editor_plugin.core.rewording import bare, middle, reworded, shared
from editor_plugin.core.timeline import Span
from editor_plugin.core.transcript import Word

TOLERANCE = Fraction(1, 50)
"""Seconds beyond a correction's span at which the middle of a word still counts as inside, where
none lies inside: a quarter of the 80 ms that recognisers place words by."""

_Reading = Callable[[str], str]

REACH = Fraction(1, 3)
"""Seconds beyond its span in which a corrected text is searched for: another model places words up
to two frames of 80 ms off, and as much comes from the length of a word recognised differently."""


@dataclass(frozen=True)
class Correction:
    """One correction of the range [start, end) of a source, in seconds.

    `before` are the texts of the words recognised there, empty where a person added what was not
    recognised; `after` is the text instead, "" to delete. The caller knows which source it is.
    """

    start: Fraction
    end: Fraction
    before: tuple[str, ...]
    after: str

    @property
    def texts(self) -> list[str]:
        """Return the words of `after`."""
        return self.after.split()


@dataclass(frozen=True)
class Reported:
    """A correction that was applied although something else was found in its place.

    `found` are the texts recognised there now; empty where there is no word any more.
    """

    correction: Correction
    found: tuple[str, ...]


@dataclass(frozen=True)
class Corrected:
    """Words with the corrections applied; `by_hand` are the positions of the words that a
    correction wrote or confirmed."""

    words: tuple[Word, ...]
    reports: tuple[Reported, ...] = ()
    by_hand: frozenset[int] = frozenset()


def apply(
    words: Sequence[Word],
    corrections: Iterable[Correction],
    heard: Sequence[Span] | None = None,
) -> Corrected:
    """Apply corrections to the words of one source, in order. Words come out in time order.

    A correction applies to the words whose middle lies in its span, or to words of `before` that
    overlap it where another model placed them a little off. Corrected words have confidence 1.
    `heard` are the ranges that were recognised; corrections elsewhere are not applied. None: all.
    """
    line = _Line(words)
    reports = []
    for correction in corrections:
        if heard is not None and not _concerns(correction, heard):
            continue
        place = line.find(correction)
        if place.is_odd:
            found = tuple(line.words[at].text for at in place.positions)
            reports.append(Reported(correction, found))
        if place.positions and not place.is_done:
            line.replace(place.positions, correction.texts)
        elif place.is_done:
            line.confirm(place.positions)
        elif correction.texts:
            line.insert(correction)
    hand = frozenset(at for at, is_by_hand in enumerate(line.by_hand) if is_by_hand)
    return Corrected(tuple(line.words), tuple(reports), hand)


def inside(words: Iterable[Word], span: Span | Correction) -> list[int]:
    """Return the positions of the words whose middle lies in the span, or that have no length and
    lie at its start."""
    return [
        at
        for at, word in enumerate(words)
        if span.start <= middle(word) and (middle(word) < span.end or middle(word) == span.start)
    ]


def overlap(one: Correction, other: Correction) -> bool:
    """Whether two corrections of a source concern the same place."""
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end


def _concerns(correction: Correction, heard: Sequence[Span]) -> bool:
    return any(span.start <= correction.end and correction.start < span.end for span in heard)


@dataclass(frozen=True)
class _Place:
    """Where a correction applies. `is_done`: its text is there already. `is_odd`: the words there,
    or the lack of any, differ from what was recognised when the correction was made."""

    positions: tuple[int, ...] = ()
    is_done: bool = False
    is_odd: bool = False


class _Line:
    """The words of a source, indexed by time, while corrections are applied to them."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = sorted(words, key=lambda word: word.start)
        self.by_hand = [False] * len(self.words)
        self._starts = [word.start for word in self.words]
        self._longest = max((word.end - word.start for word in self.words), default=Fraction(0))

    def find(self, correction: Correction) -> _Place:
        """Find the words of a correction, trying the most reliable evidence first."""
        near = self._near(correction.start - REACH, correction.end + REACH)
        chosen = inside([self.words[at] for at in near], correction)
        within = tuple(near[at] for at in chosen)
        texts = [self.words[at].text for at in within]
        if within and texts == correction.texts:
            return _Place(within, is_done=True)
        if within and texts == list(correction.before):
            return _Place(within)
        return self._displaced(correction, near) or self._odd(correction, near, within)

    def replace(self, positions: Sequence[int], texts: Sequence[str]) -> None:
        """Replace words with texts; an empty sequence deletes the words."""
        first, last = positions[0], positions[-1]
        following = self._starts[last + 1] if last + 1 < len(self.words) else None
        old = [self.words[at] for at in positions]
        new = [replace(word, confidence=1.0) for word in reworded(old, texts, following)]
        others = [self.words[at] for at in range(first, last + 1) if at not in positions]
        # Words in between that do not belong to the correction follow it in their own order.
        hand = [self.by_hand[at] for at in range(first, last + 1) if at not in positions]
        merged = [*((word, True) for word in new), *zip(others, hand)]
        self._put(first, last + 1, sorted(merged, key=lambda each: each[0].start))

    def confirm(self, positions: Sequence[int]) -> None:
        """Mark words as confirmed by a person."""
        for at in positions:
            self.words[at] = replace(self.words[at], confidence=1.0)
            self.by_hand[at] = True

    def insert(self, correction: Correction) -> None:
        """Insert a correction's text where there is no word, between its neighbours."""
        at = bisect_right(self._starts, correction.start)
        before = self.words[at - 1] if at else None
        following = self._starts[at] if at < len(self.words) else correction.end
        start = correction.start
        if before is not None:
            start = min(max(start, before.end), max(correction.end, start), max(following, start))
        end = max(start, min(correction.end, following))
        whole = Word("", start, end, 1.0, before.speaker if before else None)
        self._put(at, at, [(word, True) for word in shared(whole, correction.texts)])

    def _displaced(self, correction: Correction, near: range) -> _Place | None:
        """Find words of `before` or `after` that overlap the span, placed by another model."""
        before, after = list(correction.before), correction.texts
        spoken = [bare(text) for text in before]
        touching = [at for at in near if _reaches(self.words[at], correction)]
        run = self._run(touching, spoken, lambda text: bare(text))
        repeats = _holds([bare(text) for text in after], spoken)
        if run and not repeats:
            return _Place(run)
        wide = [at for at in near if self.words[at].end > correction.start - REACH]
        done = self._run(wide, after, lambda text: text)
        if any(at in touching for at in done) and not _holds(before, after):
            return _Place(done, is_done=True)
        return _Place(run) if run else None

    def _odd(self, correction: Correction, near: range, within: tuple[int, ...]) -> _Place:
        if within:
            return _Place(within, is_odd=True)
        if not correction.after.strip():
            return _Place(is_done=True)
        if correction.before:
            wide = Span(correction.start - TOLERANCE, correction.end + TOLERANCE)
            close = inside([self.words[at] for at in near], wide)
            if close:
                return _Place(tuple(near[at] for at in close), is_odd=True)
        return _Place(is_odd=bool(correction.before))

    def _run(self, positions: list[int], texts: list[str], seen: _Reading) -> tuple[int, ...]:
        """Return the first consecutive `positions` that read as `texts`; empty if none do."""
        count = len(texts)
        for first in range(len(positions) - count + 1 if count else 0):
            run = positions[first : first + count]
            if [seen(self.words[at].text) for at in run] == texts and run[-1] - run[0] < count:
                return tuple(run)
        return ()

    def _near(self, start: Fraction, end: Fraction) -> range:
        first = bisect_left(self._starts, start - self._longest)
        return range(first, bisect_right(self._starts, end))

    def _put(self, first: int, stop: int, words: Sequence[tuple[Word, bool]]) -> None:
        self.words[first:stop] = [word for word, _ in words]
        self.by_hand[first:stop] = [is_by_hand for _, is_by_hand in words]
        self._starts[first:stop] = [word.start for word, _ in words]


def _reaches(word: Word, correction: Correction) -> bool:
    return word.start < correction.end and word.end > correction.start


def _holds(texts: Sequence[str], part: Sequence[str]) -> bool:
    """Whether `part` occurs in `texts`."""
    count = len(part)
    return any(list(texts[at : at + count]) == list(part) for at in range(len(texts) - count + 1))
