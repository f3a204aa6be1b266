"""Marks of what the index of the search has to be made anew for; see `engine.search.index`."""

from __future__ import annotations

import sqlite3
from fractions import Fraction

from editor_plugin.core.transcript import SAMPLE_RATE

LATEST = 1 << 40
"""Samples: two years, and the end of a mark of all that there is."""


def mark(
    db: sqlite3.Connection, source: tuple[int, int, int], start: Fraction, end: Fraction
) -> None:
    """Mark a range of a source, its media row, stream and channel, in every recognition of it, in
    an open transaction; the range is in seconds. Windows are marked by triggers."""
    db.execute(
        "INSERT OR IGNORE INTO unindexed SELECT hearing.id, ?, ? FROM hearing"
        " JOIN media ON media.id = hearing.media"
        " WHERE digest = (SELECT digest FROM media WHERE id = ?)"
        " AND max(stream, 0) = max(?, 0) AND channel = ?",
        (_sample(start), _sample(end), *source),
    )


def mark_all(db: sqlite3.Connection, media: int) -> None:
    """Mark all that was heard of a media row, in an open transaction."""
    db.execute(
        "INSERT OR IGNORE INTO unindexed SELECT id, 0, ? FROM hearing WHERE media = ?",
        (LATEST, media),
    )


def _sample(seconds: Fraction) -> int:
    return min(max(0, int(seconds * SAMPLE_RATE)), LATEST)
