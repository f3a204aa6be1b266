"""The source that a correction belongs to."""

from __future__ import annotations

from typing import NamedTuple

from editor_plugin.core.timeline import Media


class CorrectionSource(NamedTuple):
    """The audio that a correction belongs to: the media's row in the store, its stream (-1 is the
    first) and its channel (-1 is all, mixed)."""

    media: int
    stream: int
    channel: int

    @classmethod
    def of(cls, media: Media, row: int) -> CorrectionSource:
        """The source of a snapshot's media."""
        return cls(
            row,
            -1 if media.stream is None else media.stream,
            -1 if media.channel is None else media.channel,
        )
