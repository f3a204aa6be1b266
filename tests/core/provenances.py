"""Made files to test with, and edits of them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction as F

from editor_plugin.core.cues import Cue
from editor_plugin.core.provenance import Provenance, ProvenanceCue, ProvenanceWord
from editor_plugin.core.timeline import Span
from editor_plugin.core.transcript import Word


def made_of_words(
    words: Sequence[Word], sizes: Sequence[int] = (), owner: str | None = "A"
) -> Provenance:
    """A plain file: cues of so many words each, then of three; one line for every two words."""
    heard = tuple(
        ProvenanceWord(w.text, owner, Span(w.start, w.end), Span(w.start, w.end)) for w in words
    )
    cues, at, left = [], 0, list(sizes)
    while at < len(words):
        count = left.pop(0) if left else 3
        run = range(at, min(at + count, len(words)))
        lines = tuple(
            " ".join(words[n].text for n in run[first : first + 2])
            for first in range(0, len(run), 2)
        )
        cues.append(ProvenanceCue(Cue(words[run[0]].start, words[run[-1]].end, lines), tuple(run)))
        at += count
    return Provenance(heard, tuple(cues), is_plain=True)


def cut(words: Sequence[Word], record: F, owner: str = "A") -> list[ProvenanceWord]:
    """The words as a clip that starts with the first of them at a record time."""
    shift = record - words[0].start
    return [
        ProvenanceWord(w.text, owner, Span(w.start, w.end), Span(w.start + shift, w.end + shift))
        for w in words
    ]


def timeline_of(*cues: list[ProvenanceWord]) -> Provenance:
    """A file of a timeline: one cue for each list of words."""
    words = [word for cue in cues for word in cue]
    made, at = [], 0
    for cue in cues:
        line = " ".join(word.text for word in cue)
        span = cue[0].record.start, cue[-1].record.end
        made.append(ProvenanceCue(Cue(*span, (line,)), tuple(range(at, at + len(cue)))))
        at += len(cue)
    return Provenance(tuple(words), tuple(made))


def cues_of(made: Provenance) -> list[Cue]:
    """The file as it was made."""
    return [each.cue for each in made.cues]


def said(cues: Sequence[Cue]) -> list[str]:
    """Every word of cues."""
    return [token for cue in cues for token in cue.text.split()]
