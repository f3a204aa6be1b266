"""The log of corrections in the store."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from editor_plugin.core.corrections import Correction
from editor_plugin.core.errors import BatchUnknown
from editor_plugin.engine.corrections.source import CorrectionSource
from editor_plugin.engine.store.database import Database
from editor_plugin.engine.store.unindexed import mark

_COLUMNS = 'correction.start, correction."end", correction.before, correction.after'
# A media file may have several rows, and corrections may be imported before it is known: the digest
# of its content identifies it. Stream 0 and -1 are both the first stream.
_OF_SOURCE = (
    "correction.media IN (SELECT id FROM media WHERE digest ="
    " (SELECT digest FROM media WHERE id = ?))"
    " AND max(correction.stream, 0) = max(?, 0) AND correction.channel = ?"
)


@dataclass(frozen=True)
class Kept:
    """A correction in the log. `media` is the name of its file."""

    media: str
    source: CorrectionSource
    correction: Correction


@dataclass(frozen=True)
class CorrectionBatch:
    """Corrections made at once. `origin` is the edited file or the editor; `made_at` is UTC."""

    number: int
    origin: str
    made_at: str
    corrections: tuple[Kept, ...]


def for_source(database: Database, source: CorrectionSource) -> tuple[Correction, ...]:
    """Every correction of a source, in the order of the log."""
    rows = database.read(
        f"SELECT {_COLUMNS} FROM correction WHERE {_OF_SOURCE} ORDER BY id", source
    )
    with database.reading():
        return tuple(_correction(row) for row in rows)


def of_session(database: Database, source: CorrectionSource, origin: str) -> tuple[Correction, ...]:
    """The corrections of a source that came from one origin, in the order of the log."""
    rows = database.read(
        f"SELECT {_COLUMNS} FROM correction JOIN batch ON batch.id = correction.batch"
        f" WHERE {_OF_SOURCE} AND batch.origin = ? ORDER BY correction.id",
        (*source, origin),
    )
    with database.reading():
        return tuple(_correction(row) for row in rows)


def sources_of_session(database: Database, origin: str) -> list[CorrectionSource]:
    """The sources that were corrected from one origin."""
    rows = database.read(
        "SELECT DISTINCT media, stream, channel FROM correction"
        " JOIN batch ON batch.id = correction.batch WHERE batch.origin = ?",
        (origin,),
    )
    return [CorrectionSource(*row) for row in rows]


def listed(database: Database) -> tuple[CorrectionBatch, ...]:
    """Every batch, the oldest first."""
    rows = database.read(
        f"SELECT correction.batch, media.name, media, stream, channel, {_COLUMNS} FROM correction"
        " JOIN media ON media.id = correction.media ORDER BY correction.id"
    )
    kept: dict[int, list[Kept]] = {}
    with database.reading():
        for number, name, media, stream, channel, *rest in rows:
            each = Kept(name, CorrectionSource(media, stream, channel), _correction(rest))
            kept.setdefault(number, []).append(each)
    return tuple(
        CorrectionBatch(number, shown_origin(origin), made_at, tuple(kept.get(number, ())))
        for number, origin, made_at in database.read(
            "SELECT id, origin, made_at FROM batch ORDER BY id"
        )
    )


def undo(database: Database, number: int | None = None) -> CorrectionBatch:
    """Delete a batch, the last one where `number` is None, and return it. Raises BatchUnknown."""
    found = [each for each in listed(database) if number in (None, each.number)]
    if not found:
        raise BatchUnknown("" if number is None else str(number))
    batch = found[-1]
    with database.write() as db:
        db.execute("DELETE FROM correction WHERE batch = ?", (batch.number,))
        _mark(db, ((each.source, each.correction) for each in batch.corrections))
        db.execute("DELETE FROM batch WHERE id = ?", (batch.number,))
    return batch


def add(
    db: sqlite3.Connection,
    origin: str,
    corrections: Iterable[tuple[CorrectionSource, Correction]],
    made_at: str | None = None,
) -> int:
    """Write a batch in an open transaction, and return its number."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    cursor = db.execute(
        "INSERT INTO batch (origin, made_at) VALUES (?, ?)", (origin, made_at or now)
    )
    number = int(cursor.lastrowid or 0)
    corrections = list(corrections)
    _mark(db, corrections)
    db.executemany(
        'INSERT INTO correction (batch, media, stream, channel, start, "end", before, after)'
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(number, *source, *row(correction)) for source, correction in corrections],
    )
    return number


def _mark(
    db: sqlite3.Connection, corrections: Iterable[tuple[CorrectionSource, Correction]]
) -> None:
    """Have the search find the words as they are from now on."""
    for source, each in corrections:
        mark(db, source, each.start, each.end)


def row(correction: Correction) -> tuple[str, str, str, str]:
    """The columns of a correction."""
    before = json.dumps(list(correction.before))
    return str(correction.start), str(correction.end), before, correction.after


def session(origin: str, digest: str) -> str:
    """The origin that is stored for batches from one edited file with one provenance: the origin,
    and the first digits of the provenance's digest."""
    return f"{origin}#{digest[:12]}"


def shown_origin(kept: str) -> str:
    """The origin without the digits of `session`."""
    name, mark, digest = kept.rpartition("#")
    return name if mark and len(digest) == 12 else kept


def _correction(row: Any) -> Correction:
    start, end, before, after = row
    return Correction(Fraction(start), Fraction(end), tuple(json.loads(before)), after)
