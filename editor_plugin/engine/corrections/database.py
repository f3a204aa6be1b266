"""What corrections need of the store, and the source that they belong to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

from editor_plugin.core.timeline import Media


class Database(Protocol):
    """The open store; its tables are media, output, batch, correction and term."""

    def read(self, query: str, values: Iterable[object] = (), /) -> list[Any]:
        """Return every row."""

    def write(self) -> AbstractContextManager[sqlite3.Connection]:
        """A transaction: all of it is kept, or none."""


class Source(NamedTuple):
    """The sound that a correction belongs to: the media's row, and -1 for the first stream, or for
    all channels mixed."""

    media: int
    stream: int
    channel: int

    @classmethod
    def of(cls, media: Media, row: int) -> Source:
        """The source that a snapshot's media is."""
        return cls(
            row,
            -1 if media.stream is None else media.stream,
            -1 if media.channel is None else media.channel,
        )
