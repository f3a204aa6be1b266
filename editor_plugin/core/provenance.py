"""Provenance of a written subtitle file: its cues, and the source words that each of them shows."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction

from editor_plugin.core.cues import Cue
from editor_plugin.core.timeline import Span

_SAME_GAP = Fraction(1, 20)
"""Seconds by which a pause may be longer in the record than in the source: a frame and rounding."""


@dataclass(frozen=True)
class ProvenanceWord:
    """A word of the file. `text` is as recognised or corrected; `record` and `source` are its times
    in the file and in the source. `owner` identifies the source, None where it is not known."""

    text: str
    owner: Hashable
    source: Span
    record: Span

    @property
    def speed(self) -> Fraction:
        """Source seconds per record second."""
        if self.source.duration <= 0 or self.record.duration <= 0:
            return Fraction(1)
        return self.source.duration / self.record.duration


@dataclass(frozen=True)
class ProvenanceCue:
    """A cue as written, its lines as shown. `words` are positions in `Provenance.words`; a word
    that was too long for one cue is shown by several."""

    cue: Cue
    words: tuple[int, ...]


@dataclass(frozen=True)
class Provenance:
    """The provenance of a whole file. `is_plain`: it is of one media file and has its times."""

    words: tuple[ProvenanceWord, ...]
    cues: tuple[ProvenanceCue, ...]
    is_plain: bool = False


def follow(word: ProvenanceWord, other: ProvenanceWord) -> bool:
    """Whether `other` follows `word` in the source as it does in the record: no cut between."""
    if word.owner is None or word.owner != other.owner:
        return False
    pause = other.source.start - word.source.end
    in_record = (other.record.start - word.record.end) * word.speed
    return other.source.start >= word.source.start and abs(pause - in_record) <= _SAME_GAP
