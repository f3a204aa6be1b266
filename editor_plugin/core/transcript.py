"""Recognised words in source time, and the windows of audio that they were recognised in."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

SAMPLE_RATE = 16_000
"""Samples per second of everything that is recognised. NeMo's speech models all take 16 kHz."""


@dataclass(frozen=True)
class Word:
    """One word as the model wrote it, with its punctuation and case.

    `start` and `end` are seconds in the source, exact. `confidence` is 0 to 1, or None where the
    model's family gives none (Canary). `speaker` names who says it, where that is known.
    """

    text: str
    start: Fraction
    end: Fraction
    confidence: float | None = None
    speaker: str | None = None


@dataclass(frozen=True)
class Window:
    """A piece of audio that is recognised at once, in samples at 16 kHz.

    The window is responsible for the words of [start, end). The model gets [context_start,
    context_end), which is wider where the audio could not be cut in a silence.
    """

    start: int
    end: int
    context_start: int
    context_end: int

    @property
    def samples(self) -> int:
        """The number of samples that the model gets."""
        return self.context_end - self.context_start

    def shifted(self, by: int) -> Window:
        """The same window, `by` samples later."""
        return Window(
            self.start + by, self.end + by, self.context_start + by, self.context_end + by
        )


@dataclass(frozen=True)
class HeardWindow:
    """A finished window with every word that was recognised in it, context included."""

    window: Window
    words: tuple[Word, ...]
