"""Turns the changes in an edited subtitle file into a batch of corrections.

The same file may be submitted again before anything is recognised anew. Each time it states all
that its editor wants: a correction from an earlier submission, whose text in the file is now the
original again, is reverted. Corrections from other files stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from editor_plugin.core.corrections import Correction, apply, inside, overlap
from editor_plugin.core.cues import Cue
from editor_plugin.core.edits import Difference, PlacedCorrection, difference
from editor_plugin.core.errors import CorrectionForeign
from editor_plugin.core.provenance import Provenance, ProvenanceWord
from editor_plugin.core.transcript import Word
from editor_plugin.engine.corrections import log
from editor_plugin.engine.corrections.provenance_file import read_made
from editor_plugin.engine.corrections.source import CorrectionSource
from editor_plugin.engine.store.database import Database

MANY = 30
"""Words that a file must have before too few common words can show that it is another file's."""
COMMON = 0.2
"""The least share of the original words in an edited file: nobody retypes everything."""
MARKUP = "Formatting such as italics is not kept; the style decides how subtitles look."


@dataclass(frozen=True)
class Edit:
    """Edited cues in order of time, the file or editor that they come from, and whether they had
    markup."""

    cues: tuple[Cue, ...]
    origin: str
    has_markup: bool = False


@dataclass(frozen=True)
class Report:
    """The corrections that were found. `batch` is the number that they are kept under, None where
    none was new. `sentences` report what could not be kept."""

    batch: int | None
    changes: tuple[PlacedCorrection, ...]
    sentences: tuple[str, ...]


def correct(database: Database, edit: Edit, made: bytes, dry_run: bool = False) -> Report:
    """Keep the changes that an edit made to a file with the provenance `made`. With `dry_run`
    nothing is written. Raises CorrectionForeign where the edit has hardly a word in common with the
    file."""
    content = read_made(made)
    found = difference(content, edit.cues)
    if _is_foreign(content, edit.cues, found):
        raise CorrectionForeign(edit.origin)
    session = log.session(edit.origin, hashlib.sha256(made).hexdigest())
    sources = dict.fromkeys(map(_owner, found.changes))
    sources.update(dict.fromkeys(log.sources_of_session(database, session)))
    changes: list[PlacedCorrection] = []
    for source in sources:
        own = [change for change in found.changes if change.owner == source]
        changes += _Rebased(database, content, source, session).changes(own)
    batch = None
    if changes and not dry_run:
        with database.write() as db:
            batch = log.add(db, session, [(_owner(each), each.correction) for each in changes])
    changes.sort(key=lambda change: change.time)
    sentences = (*found.not_kept, *([MARKUP] if edit.has_markup else []))
    return Report(batch, tuple(changes), sentences)


def _is_foreign(made: Provenance, cues: Sequence[Cue], found: Difference) -> bool:
    return not cues or (len(made.words) >= MANY and found.common < COMMON)


def _owner(change: PlacedCorrection) -> CorrectionSource:
    assert isinstance(change.owner, CorrectionSource), "only words of a known source are corrected"
    return change.owner


class _Rebased:
    """The changes of one source, adapted to the corrections that its log has meanwhile."""

    def __init__(
        self, database: Database, made: Provenance, source: CorrectionSource, session: str
    ) -> None:
        self._made = [word for word in made.words if word.owner == source]
        self._base = _as_words(self._made)
        self._source = source
        self._log = log.for_source(database, source)
        self._session = log.of_session(database, source, session)
        self._now = list(apply(self._base, self._log).words)

    def changes(self, wanted: Sequence[PlacedCorrection]) -> list[PlacedCorrection]:
        """The corrections to add to the log, so that it gives the text of the edited file."""
        spans = {(each.correction.start, each.correction.end) for each in wanted}
        found = []
        for change in [*self._reversals(spans), *wanted]:
            correction = self._on_top(change.correction)
            if correction is not None:
                found.append(replace(change, correction=correction))
        return found

    def _on_top(self, correction: Correction) -> Correction | None:
        """The correction of the present text; None where that is the wanted text already."""
        if not any(overlap(correction, other) for other in self._log):
            return correction
        texts = [self._now[at].text for at in inside(self._now, correction)]
        if texts == correction.texts:
            return None
        after = replace(correction, before=tuple(texts) or correction.before)
        self._now = list(apply(self._now, [after]).words)
        return after

    def _reversals(self, wanted: set[tuple[Fraction, Fraction]]) -> list[PlacedCorrection]:
        """Reversals of earlier corrections from the same file that it no longer has."""
        found: dict[tuple[Fraction, Fraction], PlacedCorrection] = {}
        for former in self._session:
            span = former.start, former.end
            last = [each for each in self._log if overlap(each, former)][-1]
            if span in wanted or last not in self._session or span in found:
                continue
            base = [self._base[at].text for at in inside(self._base, former)]
            back = Correction(*span, (former.after,), " ".join(base))
            found[span] = PlacedCorrection(self._source, back, self._seen(former))
        return list(found.values())

    def _seen(self, correction: Correction) -> Fraction:
        """The time in the file at which a correction's place is seen."""
        near = min(self._made, key=lambda word: abs(word.source.start - correction.start))
        return max(
            Fraction(0),
            near.record.start + (correction.start - near.source.start) / near.speed,
        )


def _as_words(words: Iterable[ProvenanceWord]) -> list[Word]:
    """The source words of a file, each once, in time order."""
    single = {Word(word.text, word.source.start, word.source.end): None for word in words}
    return sorted(single, key=lambda word: word.start)
