"""Applies the glossary and the corrections to the words of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from editor_plugin.core.correction_reports import sentence
from editor_plugin.core.corrections import apply
from editor_plugin.core.glossary import apply_terms
from editor_plugin.core.timeline import Media, Span
from editor_plugin.core.transcript import Word
from editor_plugin.engine.corrections.log import for_source
from editor_plugin.engine.corrections.source import CorrectionSource
from editor_plugin.engine.corrections.terms import terms_for
from editor_plugin.engine.store.database import Database

Words = Mapping[Media, Sequence[Word]]


@dataclass(frozen=True)
class Sources:
    """The words of each source in source time, and the rows of the media in the store. `heard` are
    the ranges of each source that the run uses (from `core.projection.needed`); corrections
    elsewhere are not applied. None applies all of them."""

    words: Words
    media_ids: Mapping[Media, int]
    heard: Mapping[Media, Sequence[Span]] | None = None


def corrected(
    database: Database, sources: Sources, project: str = ""
) -> tuple[dict[Media, tuple[Word, ...]], tuple[str, ...]]:
    """Apply the terms of a project, then all corrections, so that no term changes a correction's
    text. Returns the words, and a sentence for each correction that found other words in its place
    than those it was made for."""
    terms = terms_for(database, project)
    words: dict[Media, tuple[Word, ...]] = {}
    sentences: list[str] = []
    for media, recognised in sources.words.items():
        termed = apply_terms(recognised, terms)
        words[media] = termed
        if media not in sources.media_ids:
            continue
        log = for_source(database, CorrectionSource.of(media, sources.media_ids[media]))
        if not log:
            continue
        heard = None if sources.heard is None else sources.heard.get(media, ())
        result = apply(termed, log, heard)
        words[media] = result.words
        odd = result.reports
        if odd and terms:
            # A term added after a correction changes the words that it finds: nothing to report.
            raw = {each.correction for each in apply(recognised, log, heard).reports}
            odd = tuple(each for each in odd if each.correction in raw)
        name = Path(media.path).name
        sentences += dict.fromkeys(f"{name}: {sentence(each)}" for each in odd)
    return words, tuple(sentences)
