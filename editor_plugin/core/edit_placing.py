"""Placement of each unit of an edited text: at a word that Recue wrote, or between words."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from editor_plugin.core.edit_alignment import Step, Text
from editor_plugin.core.edited_text import DASHES, Unit
from editor_plugin.core.provenance import Provenance, ProvenanceWord, follow
from editor_plugin.core.timeline import Span

ROOM = Fraction(1, 5)
"""Seconds between two words that an added cue needs to be kept with times of its own."""


@dataclass
class AddedCue:
    """A cue that was added where there was no word: its source, its range there, and its text."""

    owner: Hashable
    source: Span
    units: list[Unit]
    record_start: Fraction


class Placing:
    """Placement of the edited text, built step by step in the order of the alignment.

    `new` are the edited units for each made unit, `pair` the made unit for each edited one, `added`
    the cues with a place of their own, `squeezed` those that were added to a neighbouring word, and
    `lost` those without a place. `group` returns which words are corrected together.
    """

    def __init__(self, made: Provenance, ours: Text, theirs: Text) -> None:
        self.made, self.ours, self.theirs = made, ours, theirs
        self.new: list[list[Unit]] = [[] for _ in ours.units]
        self.pair: list[int | None] = [None] * len(theirs.units)
        self.added: list[AddedCue] = []
        self.squeezed: list[Fraction] = []
        self.lost = 0
        self.kept = 0
        self._lead: dict[int, list[Unit]] = {}
        self._parent = list(range(len(made.words)))
        self._has_marks = any(
            unit.mark or (unit.word is None and set(unit.text) <= DASHES) for unit in ours.units
        )

    def take(self, step: Step) -> None:
        """Place the units of a step."""
        ours = [at for at in range(step.first, step.stop) if self.ours.units[at].word is not None]
        if step.is_same:
            self.kept += len(ours)
            self._keep(range(step.first, step.stop), range(step.other_first, step.other_stop))
            return
        theirs = [at for at in range(step.other_first, step.other_stop) if not self._marks(at)]
        if not ours:
            self._insert(step, theirs)
        elif not theirs:
            for run in self._runs(ours):
                self._tie(run)
        else:
            self._change(ours, theirs)

    def texts_of(self, at: int) -> list[Unit]:
        """Return the edited units in the place of a made unit."""
        return [*self._lead.get(at, ()), *self.new[at]]

    def group(self, word: int) -> int:
        """Return the first of the words that are corrected together with this one."""
        while self._parent[word] != word:
            word = self._parent[word]
        return word

    def _keep(self, ours: Sequence[int], theirs: Sequence[int]) -> None:
        for at, other in zip(ours, theirs):
            made = self.ours.units[at]
            self.pair[other] = at
            goes_on = made.is_glued and other > 0 and self.pair[other - 1] == at - 1
            self.new[at] = [replace(self._unmarked(other, made), is_glued=goes_on)]

    def _change(self, ours: list[int], theirs: list[int]) -> None:
        if len(ours) == len(theirs):
            self._keep(ours, theirs)
            return
        cues = [list(own) for _, own in groupby(ours, lambda at: self.ours.units[at].cue)]
        others = [list(own) for _, own in groupby(theirs, lambda at: self.theirs.units[at].cue)]
        if len(cues) == len(others) > 1:
            for own, other in zip(cues, others):
                self._change(own, other)
            return
        runs = self._runs(ours)
        for run, part in zip(runs, self._dealt(runs, theirs)):
            self._rewrite(run, part)

    def _rewrite(self, run: list[int], theirs: list[int]) -> None:
        if len(run) == len(theirs):
            self._keep(run, theirs)
            return
        self._tie(run)
        for other in theirs:
            self.pair[other] = run[0]
        first = self.ours.units[run[0]]
        self.new[run[0]] = [
            self.theirs.units[other] if at else self._unmarked(other, first)
            for at, other in enumerate(theirs)
        ]

    def _dealt(self, runs: list[list[int]], theirs: list[int]) -> list[list[int]]:
        """Share edited units among runs of made ones, in order, by their length."""
        if len(runs) == 1:
            return [theirs]
        lengths = [sum(len(self.ours.units[at].text) for at in run) for run in runs]
        whole = sum(len(self.theirs.units[other].text) for other in theirs)
        dealt: list[list[int]] = [[] for _ in runs]
        at, used, room = 0, 0, Fraction(lengths[0] * whole, sum(lengths))
        for other in theirs:
            length = len(self.theirs.units[other].text)
            while at + 1 < len(runs) and used + Fraction(length, 2) > room:
                at += 1
                room += Fraction(lengths[at] * whole, sum(lengths))
            dealt[at].append(other)
            used += length
        return dealt

    def _runs(self, ours: Sequence[int]) -> list[list[int]]:
        """Cut made units where a cue ends, or where their words do not follow in the source."""
        runs: list[list[int]] = []
        for at in ours:
            unit = self.ours.units[at]
            last = self.ours.units[runs[-1][-1]] if runs else None
            if last is not None and last.cue == unit.cue and self._follows(last.word, unit.word):
                runs[-1].append(at)
            else:
                runs.append([at])
        return runs

    def _follows(self, word: int | None, other: int | None) -> bool:
        if word is None or other is None:
            return False
        return word == other or follow(self.made.words[word], self.made.words[other])

    def _tie(self, run: Sequence[int]) -> None:
        """Have the words of these units corrected together."""
        words = [word for word in (self.ours.units[at].word for at in run) if word is not None]
        for word in words[1:]:
            one, other = sorted((self.group(words[0]), self.group(word)))
            self._parent[other] = one

    def _marks(self, other: int) -> bool:
        """Whether an edited unit is nothing but the dash before a speaker's line."""
        is_dash = set(self.theirs.units[other].text) <= DASHES
        return self._has_marks and is_dash and self._starts_line(other)

    def _starts_line(self, other: int) -> bool:
        unit, before = self.theirs.units[other], self.theirs.units[other - 1]
        return other == 0 or (before.cue, before.line) != (unit.cue, unit.line)

    def _unmarked(self, other: int, made: Unit) -> Unit:
        """Return an edited unit without a dash that marks a speaker and is no part of a word."""
        unit = self.theirs.units[other]
        mark = unit.text[: len(unit.text) - len(unit.text.lstrip("".join(DASHES)))]
        is_mark = self._has_marks and self._starts_line(other) and made.said[:1] not in DASHES
        return replace(unit, mark=mark) if mark != unit.text and is_mark else unit

    # -- what was added --------------------------------------------------------------------------

    def _insert(self, step: Step, theirs: list[int]) -> None:
        """Place inserted units: with a neighbouring word of their cue, or as their own cue."""
        left = next((at for at in range(step.first - 1, -1, -1) if self._has_word(at)), None)
        right = next(
            (at for at in range(step.stop, len(self.ours.units)) if self._has_word(at)), None
        )
        beside = self._cue_before(step.other_first), self._cue_at(step.other_stop)
        alone = len(self.added)
        for cue, group in groupby(theirs, lambda other: self.theirs.units[other].cue):
            units = [self.theirs.units[other] for other in group]
            if left is not None and cue == beside[0]:
                self.new[left] += units
            elif right is not None and cue == beside[1]:
                self._lead.setdefault(right, []).extend(units)
            elif not self._add(units, left, right, self.added[alone:]):
                self._squeeze(units, left, right, self.added[alone:])

    def _has_word(self, at: int) -> bool:
        return self.ours.units[at].word is not None

    def _cue_before(self, other: int) -> int | None:
        return self.theirs.units[other - 1].cue if other else None

    def _cue_at(self, other: int) -> int | None:
        return self.theirs.units[other].cue if other < len(self.theirs.units) else None

    def _add(
        self, units: list[Unit], left: int | None, right: int | None, before: list[AddedCue]
    ) -> bool:
        """Give an added cue a time of its own, if the source is known there and has room."""
        cue = self.theirs.cues[units[0].cue]
        previous, following = self._word(left), self._word(right)
        anchor = previous or following
        if anchor is None or anchor.owner is None or not self._is_open(previous, following):
            return False
        start, end = (
            anchor.source.end + (time - anchor.record.end) * anchor.speed
            for time in (cue.start, cue.end)
        )
        if previous is not None:
            start = max(start, previous.source.end)
        if before:
            start = max(start, before[-1].source.end)
        if following is not None:
            end = min(end, following.source.start)
        if start < 0 or end - start < ROOM:
            return False
        self.added.append(AddedCue(anchor.owner, Span(start, end), list(units), cue.start))
        return True

    def _is_open(self, previous: ProvenanceWord | None, following: ProvenanceWord | None) -> bool:
        """Whether the source goes on between two words without a cut."""
        if self.made.is_plain:
            return previous is None or following is None or previous.owner == following.owner
        return previous is not None and following is not None and follow(previous, following)

    def _word(self, at: int | None) -> ProvenanceWord | None:
        word = None if at is None else self.ours.units[at].word
        return None if word is None else self.made.words[word]

    def _squeeze(
        self, units: list[Unit], left: int | None, right: int | None, before: list[AddedCue]
    ) -> None:
        self.squeezed.append(self.theirs.cues[units[0].cue].start)
        if before:
            before[-1].units += units
        elif left is not None:
            self.new[left] += units
        elif right is not None:
            self._lead.setdefault(right, []).extend(units)
        else:
            self.squeezed.pop()
            self.lost += 1
