"""The source that a correction belongs to."""

from __future__ import annotations

from typing import NamedTuple

from editor_plugin.core.timeline import Media


class CorrectionSource(NamedTuple):
    """The sound that a correction belongs to: the media's row in the store, and -1 for the first
    stream, or for all channels mixed."""

    media: int
    stream: int
    channel: int

    @classmethod
    def of(cls, media: Media, row: int) -> CorrectionSource:
        """The source that a snapshot's media is."""
        return cls(
            row,
            -1 if media.stream is None else media.stream,
            -1 if media.channel is None else media.channel,
        )
