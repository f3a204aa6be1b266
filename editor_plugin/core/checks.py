"""The quality report: check cues against a style's rules, and fix their times and line breaks.

Nothing here prints or writes; `core.reports` makes text and JSON of the findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from editor_plugin.core.cues import Cue
from editor_plugin.core.findings import RULES, Finding
from editor_plugin.core.grid import Grid
from editor_plugin.core.styles import Style
from editor_plugin.core.text_checks import relaid, text_findings
from editor_plugin.core.time_checks import cue_findings, gap_findings
from editor_plugin.core.timing import settled

__all__ = ["LOW_CONFIDENCE", "RULES", "CheckOptions", "Finding", "check", "fix", "sentences"]

LOW_CONFIDENCE = 0.5
"""Words of lower confidence are reported, unless the user sets another limit."""


@dataclass(frozen=True)
class CheckOptions:
    """Options of the check beyond the style.

    Words of less than `low_confidence` (0 to 1) are reported. `language`, a tag such as "en", helps
    to break lines.
    """

    low_confidence: float = LOW_CONFIDENCE
    language: str | None = None


def check(
    cues: Sequence[Cue],
    style: Style,
    rate: Fraction,
    shot_changes: Iterable[Fraction] = (),
    wishes: CheckOptions = CheckOptions(),
) -> tuple[Finding, ...]:
    """Return the findings on cues at frame rate `rate`, by cue; `shot_changes` are seconds.

    A finding is `fixable` if `fix` removes it.
    """
    found = _Compared.of(cues, Grid.of(style, rate, shot_changes), wishes)
    return tuple(replace(each, fixable=not found.is_left(each)) for each in found.before)


def sentences(cues: Sequence[Cue], style: Style, rate: Fraction) -> tuple[str, ...]:
    """Return the sentences of what `check` finds, without working out which findings are fixable,
    which takes most of the time."""
    order = _in_time(cues)
    ordered, numbers = [cues[at] for at in order], [at + 1 for at in order]
    found = _findings(ordered, numbers, Grid.of(style, rate), CheckOptions())
    return tuple(each.sentence for each in _by_cue([*_disorder(cues), *found]))


def fix(
    cues: Sequence[Cue],
    style: Style,
    rate: Fraction,
    shot_changes: Iterable[Fraction] = (),
    wishes: CheckOptions = CheckOptions(),
) -> tuple[tuple[Cue, ...], tuple[Finding, ...]]:
    """Fix times and line breaks; return the cues in order of time, and every finding.

    Text is never changed, and no cue is added or removed. Findings that were removed are returned
    as `fixed`; the others are about the returned cues.
    """
    found = _Compared.of(cues, Grid.of(style, rate, shot_changes), wishes)
    gone = [
        replace(each, fixed=True, fixable=True) for each in found.before if not found.is_left(each)
    ]
    return found.mended, _by_cue([*gone, *found.after])


@dataclass(frozen=True)
class _Compared:
    """The findings before and after fixing, and the fixed cues."""

    before: tuple[Finding, ...]
    after: tuple[Finding, ...]
    left: frozenset[tuple[int, str]]
    mended: tuple[Cue, ...]

    @classmethod
    def of(cls, cues: Sequence[Cue], grid: Grid, wishes: CheckOptions) -> _Compared:
        order = _in_time(cues)
        ordered = [cues[at] for at in order]
        numbers = [at + 1 for at in order]
        mended = settled([relaid(cue, grid.style, wishes.language) for cue in ordered], grid)
        before = _by_cue([*_disorder(cues), *_findings(ordered, numbers, grid, wishes)])
        after = _by_cue(_findings(mended, numbers, grid, wishes))
        return cls(before, after, frozenset((each.cue, each.rule) for each in after), mended)

    def is_left(self, finding: Finding) -> bool:
        """Whether a finding is still there after fixing."""
        return (finding.cue, finding.rule) in self.left


def _in_time(cues: Sequence[Cue]) -> list[int]:
    """Return the positions of cues in order of time."""
    return sorted(range(len(cues)), key=lambda at: (cues[at].start, cues[at].end))


def _findings(
    cues: Sequence[Cue], numbers: Sequence[int], grid: Grid, wishes: CheckOptions
) -> Iterator[Finding]:
    """Return all findings on cues in order of time; `numbers` are those that the user sees."""
    for at, (cue, number) in enumerate(zip(cues, numbers)):
        yield from text_findings(cue, number, grid.style, wishes.low_confidence)
        yield from cue_findings(cue, number, grid)
        if at + 1 < len(cues):
            yield from gap_findings(cue, number, (cues[at + 1], numbers[at + 1]), grid)


def _disorder(cues: Sequence[Cue]) -> Iterator[Finding]:
    for number, (above, cue) in enumerate(zip(cues, cues[1:]), start=2):
        if cue.start < above.start:
            sentence = f"Cue {number} starts before cue {number - 1} does."
            yield Finding(number, "order", cue.start, above.start, sentence)


def _by_cue(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda each: each.cue))
