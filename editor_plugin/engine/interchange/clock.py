"""Conversion between record time and the local time of nested sequences and compound clips."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from editor_plugin.core.timeline import Span
from editor_plugin.engine.interchange.draft import DraftClip, Unreadable

FINEST = 1024
"""Bits of a time's numerator and denominator. Times of a few frame and sample rates, several times
retimed, have some dozens; of a thousand rates without a common multiple, each sum is longer than
the one before, and adding up takes quadratic time."""


def bounded(time: Fraction) -> Fraction:
    """The time. Raises Unreadable where it is too fine to be reckoned with."""
    if max(time.numerator.bit_length(), time.denominator.bit_length()) > FINEST:
        raise Unreadable("its times are of so many different rates that they cannot be added up")
    return time


@dataclass(frozen=True)
class ContainerClock:
    """The local time of a container: `local` at the record time `record`, running at `speed`. Only
    what lies in `window` (record time) is heard, all of it where that is None; `enabled` is false
    where anything around the container is disabled."""

    record: Fraction = Fraction(0)
    local: Fraction = Fraction(0)
    speed: Fraction = Fraction(1)
    window: Span | None = None
    enabled: bool = True

    def __post_init__(self) -> None:
        for time in (self.record, self.local, self.speed):
            bounded(time)

    def at(self, local: Fraction) -> Fraction:
        """The record time of a local time."""
        passed = local - self.local if self.local else local
        if self.speed != 1:
            passed = passed / self.speed
        return self.record + passed if self.record else passed

    def span(self, start: Fraction, duration: Fraction) -> Span:
        """The record range of a range in local time."""
        return Span(self.at(start), self.at(start + duration))

    def shown(self, record: Span) -> Span:
        """The part of a record range that is in the window."""
        if self.window is None:
            return record
        start = max(record.start, self.window.start)
        return Span(start, max(start, min(record.end, self.window.end)))

    def trimmed(self, clip: DraftClip) -> Iterator[DraftClip]:
        """The part of a clip (in record time) that is in the window, if any."""
        shown = self.shown(clip.record)
        if shown.duration > 0:
            if shown is clip.record and clip.enabled <= self.enabled:
                yield clip
                return
            late = shown.start - clip.record.start
            yield replace(
                clip,
                record=shown,
                source_in=clip.source_in + late * clip.speed,
                enabled=clip.enabled and self.enabled,
            )
