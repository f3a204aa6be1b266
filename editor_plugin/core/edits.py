"""Corrections of the source, derived from an edited subtitle file.

The edited text is aligned with the words of the file that Recue wrote. Text that differs becomes a
correction of those words. What every run makes anew from the words (times, line breaks, which words
share a cue) cannot be kept, and is reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from editor_plugin.core.correction_reports import clock
from editor_plugin.core.corrections import Correction
from editor_plugin.core.cues import Cue
from editor_plugin.core.edit_alignment import Text, align
from editor_plugin.core.edit_placing import Placing
from editor_plugin.core.edit_remarks import remarks
from editor_plugin.core.edited_text import Unit, joined, shown_units, units
from editor_plugin.core.provenance import Provenance, ProvenanceCue, ProvenanceWord


@dataclass(frozen=True)
class PlacedCorrection:
    """A correction with its source and the time at which the file shows it."""

    owner: Hashable
    correction: Correction
    time: Fraction


@dataclass(frozen=True)
class Difference:
    """The changes of an edit in the order of time, and a sentence for each kind that is not kept.
    `common` is the fraction of the made words that the edited text still has, 0 to 1."""

    changes: tuple[PlacedCorrection, ...]
    not_kept: tuple[str, ...] = ()
    common: float = 1.0


def difference(made: Provenance, cues: Sequence[Cue]) -> Difference:
    """Compare edited cues, in the order of time, with the file that Recue wrote."""
    before = [each for each in made.cues if each.cue.text.strip()]
    after = [cue for cue in cues if cue.text.strip()]
    ours = Text.of([each.cue for each in before], _made_units(made, before))
    theirs = Text.of(after, [unit for at, cue in enumerate(after) for unit in units(cue, at)])
    placing = Placing(made, ours, theirs)
    for step in align(ours, theirs):
        placing.take(step)
    rewritten, homeless = _rewritten(placing)
    single, sentences = _single(rewritten)
    changes = sorted([*single, *_added(placing)], key=lambda change: change.time)
    if homeless:
        sentences.append("Changes of words whose source is not known cannot be kept.")
    words = sum(unit.word is not None for unit in ours.units)
    common = placing.kept / words if words else 0.0
    return Difference(tuple(changes), (*sentences, *remarks(placing)), common)


def _made_units(made: Provenance, cues: Iterable[ProvenanceCue]) -> list[Unit]:
    found: list[Unit] = []
    last: int | None = None
    for number, each in enumerate(cues):
        words = [(at, made.words[at].text) for at in each.words]
        found += shown_units(each.cue, number, words, last)
        last = next((unit.word for unit in reversed(found) if unit.word is not None), None)
    return found


def _rewritten(
    placing: Placing,
) -> tuple[list[tuple[PlacedCorrection, list[ProvenanceWord]]], bool]:
    """Return the changed words, and whether any of them is of no known source."""
    groups: dict[int, list[int]] = defaultdict(list)
    for at, unit in enumerate(placing.ours.units):
        if unit.word is not None:
            groups[placing.group(unit.word)].append(at)
    found, homeless = [], False
    for own in groups.values():
        old = joined([placing.ours.units[at] for at in own])
        new = joined([unit for at in own for unit in placing.texts_of(at)])
        if new != old:
            positions = dict.fromkeys(placing.ours.units[at].word for at in own)
            words = [placing.made.words[at] for at in positions if at is not None]
            homeless = homeless or words[0].owner is None
            if words[0].owner is not None:
                found.append((_change(words, new), words))
    return found, homeless


def _change(words: Sequence[ProvenanceWord], text: str) -> PlacedCorrection:
    ordered = sorted(words, key=lambda word: word.source.start)
    correction = Correction(
        ordered[0].source.start,
        max(word.source.end for word in ordered),
        tuple(word.text for word in ordered),
        text,
    )
    return PlacedCorrection(words[0].owner, correction, min(word.record.start for word in words))


def _added(placing: Placing) -> Iterator[PlacedCorrection]:
    for added in placing.added:
        span = added.source
        correction = Correction(span.start, span.end, (), joined(added.units))
        yield PlacedCorrection(added.owner, correction, added.record_start)


def _single(
    rewritten: Iterable[tuple[PlacedCorrection, list[ProvenanceWord]]],
) -> tuple[list[PlacedCorrection], list[str]]:
    """Keep the later of two corrections of a source that the timeline plays twice."""
    holds: dict[Hashable, PlacedCorrection] = {}
    sentences: list[str] = []
    changes: dict[PlacedCorrection, None] = {}
    for change, words in rewritten:
        for word in words:
            said = (word.owner, word.source.start, word.source.end, word.text)
            other = holds.get(said)
            if other in changes and other != change:
                del changes[other]
                if other.correction != change.correction:
                    sentences.append(_torn(other, change))
            holds[said] = change
        changes[change] = None
    return list(changes), sentences


def _torn(other: PlacedCorrection, change: PlacedCorrection) -> str:
    before = " ".join(change.correction.before)
    return (
        f"“{before}” is heard twice and was changed in two ways, at {clock(other.time)} and at "
        f"{clock(change.time)}; “{change.correction.after}” is kept."
    )
