"""The cue: one subtitle with its times, lines and words."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from editor_plugin.core.timebase import quick
from editor_plugin.core.transcript import Word


@dataclass(frozen=True)
class Cue:
    """One subtitle: when it is shown, in seconds, and its lines from top to bottom.

    `words` are those it was built from, in the time of the cue; empty for a cue that was read from
    a file.
    """

    start: Fraction
    end: Fraction
    lines: tuple[str, ...]
    words: tuple[Word, ...] = ()

    @cached_property
    def speech(self) -> tuple[Fraction, Fraction]:
        """The start of its first word and the end of its last one; without words, its own times."""
        if not self.words:
            return self.start, self.end
        if len(self.words) == 1:
            return self.words[0].start, self.words[0].end
        begins = min([quick(word.start) for word in self.words])
        ends = max([quick(word.end) for word in self.words])
        return begins[1], ends[1]

    @property
    def text(self) -> str:
        """The lines, joined as a subtitle file has them."""
        return "\n".join(self.lines)
