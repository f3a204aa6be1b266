"""The transcripts: recognised windows, stored when finished, so that a crash loses at most one.

`commit` ensures that no sample of a source is in two windows' own ranges [start, end), so that the
words of any range are those of its windows, joined.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from editor_plugin.core.intervals import subtract
from editor_plugin.core.protocol import word_from_wire, word_to_wire
from editor_plugin.core.stitching import join
from editor_plugin.core.transcript import HeardWindow, Window, Word
from editor_plugin.engine.store.checksum import with_checksum, without_checksum
from editor_plugin.engine.store.database import Database
from editor_plugin.engine.store.identity import Known, digest, first_fingerprint, identify

KEPT_RECOGNITIONS = 64
"""How many sources' words are kept in memory between runs; three hours of them are some 20 MB."""

AUDIO, WORK = "measured_audio_seconds", "measured_work_seconds"
"""The names, beside a model's limits, of what its speed is measured by."""
LEAST_MEASURED = 30.0
"""Seconds of sound: in the first few a model warms up."""
MOST_MEASURED = 3600.0
"""Seconds of sound after which earlier measurements count less: the machine may have changed."""

Ranges = list[tuple[int, int]]
_WINDOW = 'start, "end", context_start, context_end, words'
_PROVISIONAL = "again:"
"""Before the digest of the model in a recognition that is to replace another one."""


@dataclass(frozen=True)
class RecognitionKey:
    """A source, and the model (a digest) that recognised it. None: the first stream; all channels,
    mixed; the model's own choice of language."""

    media: int
    stream: int | None
    channel: int | None
    model: str
    language: str | None


class Store:
    """The transcripts in a database. Safe to use from several threads."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._gate = threading.Lock()
        self._joined: dict[int, tuple[int, tuple[Word, ...]]] = {}

    @classmethod
    def at(cls, path: Path) -> Store:
        """The store in a file. Raises what the database raises."""
        return cls(Database(path))

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def known(self, path: Path) -> Known:
        """The media of a file; see `identity`."""
        return identify(self.database, path)

    def model(self, path: Path) -> str:
        """The digest of a model file. Rows of schema 1 with its fingerprint are updated."""
        found = digest(path)
        old = first_fingerprint(path)
        if self.database.read("SELECT 1 FROM hearing WHERE model = ? LIMIT 1", (old,)):
            with self.database.write() as db:
                for table in ("hearing", "remembered"):
                    db.execute(
                        f"UPDATE OR IGNORE {table} SET model = ? WHERE model = ?", (found, old)
                    )
        return found

    def recognition(self, key: RecognitionKey) -> int:
        """The row of a key, created where there is none."""
        row = (
            key.media,
            -1 if key.stream is None else key.stream,
            -1 if key.channel is None else key.channel,
            key.model,
            key.language or "",
        )
        query = (
            "SELECT id FROM hearing WHERE media = ? AND stream = ? AND channel = ?"
            " AND model = ? AND language = ?"
        )
        found = self.database.read(query, row)
        if not found:
            with self.database.write() as db:
                db.execute(
                    "INSERT OR IGNORE INTO hearing (media, stream, channel, model, language)"
                    " VALUES (?, ?, ?, ?, ?)",
                    row,
                )
            found = self.database.read(query, row)
        return int(found[0][0])

    def provisional(self, recognition: int) -> int:
        """The row of a recognition that is to replace another one: the same source and model, heard
        again. Windows are kept there until `replace_by`, also when the job is interrupted."""
        media, stream, channel, model, language = self.database.read(
            "SELECT media, stream, channel, model, language FROM hearing WHERE id = ?",
            (recognition,),
        )[0]
        key = RecognitionKey(
            media,
            None if stream < 0 else stream,
            None if channel < 0 else channel,
            _PROVISIONAL + model,
            language or None,
        )
        return self.recognition(key)

    def replace_by(self, recognition: int, provisional: int) -> Ranges:
        """Put the windows of a provisional recognition in the place of what was recognised there,
        all at once. Returns their ranges."""
        with self.database.write() as db:
            new = db.execute(
                f"SELECT {_WINDOW} FROM window WHERE hearing = ? ORDER BY start", (provisional,)
            ).fetchall()
            fresh = [(start, end) for start, end, *_ in new]
            old = db.execute(f"SELECT {_WINDOW} FROM window WHERE hearing = ?", (recognition,))
            rows = list(new)
            for start, end, *rest in old.fetchall():
                parts = subtract([(start, end)], fresh)
                if parts != [(start, end)]:
                    db.execute(
                        "DELETE FROM window WHERE hearing = ? AND start = ?", (recognition, start)
                    )
                    with self.database.reading():
                        said = json.loads(without_checksum(rest[2], start, end, *rest[:2]))
                        rows += [_part(said, *part) for part in parts]
            db.execute("DELETE FROM window WHERE hearing = ?", (provisional,))
            db.executemany(
                "INSERT INTO window VALUES (?, ?, ?, ?, ?, ?)",
                [(recognition, *row) for row in rows],
            )
            db.execute(
                "UPDATE hearing SET edition = edition + 1, extent = coalesce("
                " (SELECT extent FROM hearing WHERE id = ?), extent) WHERE id = ?",
                (provisional, recognition),
            )
        return fresh

    def extent(self, recognition: int) -> int | None:
        """The number of samples of the source; None while its end is not known."""
        rows = self.database.read("SELECT extent FROM hearing WHERE id = ?", (recognition,))
        return rows[0][0] if rows else None

    def set_extent(self, recognition: int, samples: int) -> None:
        """Store the number of samples of the source."""
        with self.database.write() as db:
            db.execute("UPDATE hearing SET extent = ? WHERE id = ?", (samples, recognition))

    def commit(self, recognition: int, heard: HeardWindow) -> None:
        """Store a finished window on the disk, without the ranges of other windows. A window that
        was recognised again replaces the earlier one."""
        window = heard.window
        words = json.dumps([word_to_wire(word) for word in heard.words])
        context = window.context_start, window.context_end
        with self.database.write() as db:
            db.execute(
                'DELETE FROM window WHERE hearing = ? AND start = ? AND "end" = ?',
                (recognition, window.start, window.end),
            )
            db.execute("UPDATE hearing SET edition = edition + 1 WHERE id = ?", (recognition,))
            for start, end in _open_parts(db, recognition, window):
                db.execute(
                    "INSERT INTO window VALUES (?, ?, ?, ?, ?, ?)",
                    (recognition, start, end, *context, with_checksum(words, start, end, *context)),
                )

    def heard(self, recognition: int) -> tuple[HeardWindow, ...]:
        """Every finished window, by start."""
        rows = self.database.read(
            f"SELECT {_WINDOW} FROM window WHERE hearing = ? ORDER BY start", (recognition,)
        )
        with self.database.reading():
            return tuple(
                HeardWindow(Window(*row[:4]), words_from_text(row[4], row[:4])) for row in rows
            )

    def words(self, recognition: int) -> tuple[Word, ...]:
        """Every word of a source, joined across its windows; cached until one is written."""
        edition = self._edition(recognition)
        with self._gate:
            kept = self._joined.pop(recognition, None)
        if kept is None or kept[0] != edition:
            kept = (edition, join(self.heard(recognition)))
        with self._gate:
            self._joined[recognition] = kept
            while len(self._joined) > KEPT_RECOGNITIONS:
                self._joined.pop(next(iter(self._joined)))
        return kept[1]

    def _edition(self, recognition: int) -> int:
        """A number that changes with the windows of a source, whichever program wrote them."""
        rows = self.database.read("SELECT edition FROM hearing WHERE id = ?", (recognition,))
        return int(rows[0][0]) if rows else 0

    def covered(self, recognition: int) -> Ranges:
        """The finished windows' own ranges [start, end), by start."""
        return self.database.read(
            'SELECT start, "end" FROM window WHERE hearing = ? ORDER BY start', (recognition,)
        )

    def missing(self, recognition: int, ranges: Iterable[tuple[int, int]]) -> Ranges:
        """The parts of `ranges` that no window covers, up to the source's end."""
        extent = self.extent(recognition)
        wanted = [
            (start, end if extent is None else min(end, extent))
            for start, end in ranges
            if extent is None or start < extent
        ]
        return subtract(wanted, self.covered(recognition))

    def note_used(self, media: Iterable[int]) -> None:
        """Note that subtitles are made of these media, for the list of what is stored."""
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        with self.database.write() as db:
            db.executemany(
                "INSERT OR REPLACE INTO used SELECT id, ? FROM media WHERE id = ?",
                [(now, each) for each in set(media)],
            )

    def recall(self, model: str) -> dict[str, object]:
        """The stored limits of a model on this machine; empty where there are none."""
        rows = self.database.read("SELECT limits FROM remembered WHERE model = ?", (model,))
        with self.database.reading():
            found = json.loads(rows[0][0]) if rows else {}
        return found if isinstance(found, dict) else {}

    def remember(self, model: str, limits: dict[str, object]) -> None:
        """Store the limits that worked for a model."""
        measured = {name: self.recall(model).get(name) for name in (AUDIO, WORK)}
        kept = {name: value for name, value in measured.items() if value is not None}
        self._remember(model, {**limits, **kept})

    def speed(self, model: str) -> float | None:
        """How many seconds of sound the model recognises in a second on this machine; None before
        enough was measured."""
        audio, work = self._measured(model)
        return audio / work if audio >= LEAST_MEASURED and work > 0 else None

    def measure(self, model: str, audio: float, work: float) -> None:
        """Add to a model's speed that it recognised `audio` seconds in `work` seconds."""
        earlier = self._measured(model)
        weight = min(1.0, MOST_MEASURED / earlier[0]) if earlier[0] else 0.0
        sums = (weight * old + new for old, new in zip(earlier, (audio, work), strict=True))
        limits = {**self.recall(model), **dict(zip((AUDIO, WORK), sums, strict=True))}
        self._remember(model, limits)

    def _measured(self, model: str) -> tuple[float, float]:
        found = self.recall(model)
        audio, work = (found.get(name) for name in (AUDIO, WORK))
        if isinstance(audio, float) and isinstance(work, float):
            return audio, work
        return 0.0, 0.0

    def _remember(self, model: str, found: dict[str, object]) -> None:
        with self.database.write() as db:
            db.execute(
                "INSERT OR REPLACE INTO remembered VALUES (?, ?)", (model, json.dumps(found))
            )


def is_provisional(model: str) -> bool:
    """Whether a recognition, by its model, is one that is to replace another one."""
    return model.startswith(_PROVISIONAL)


def words_from_text(text: str, window: Sequence[int]) -> tuple[Word, ...]:
    """The words in a row's text, with start, end and context of its window. Raises ValueError,
    TypeError, AttributeError, ProtocolError where the text is damaged."""
    return tuple(map(word_from_wire, json.loads(without_checksum(text, *window))))


def _part(said: list[list[Any]], start: int, end: int) -> tuple[int, int, int, int, str]:
    """The row of a part of a window: without the context that it was heard with, as that is what
    was heard anew."""
    own = [word for word in said if 2 * start <= word[1] + word[2] < 2 * end]
    span = start, end, start, end
    return (*span, with_checksum(json.dumps(own), *span))


def _open_parts(db: sqlite3.Connection, recognition: int, window: Window) -> Ranges:
    """The parts of a window that no other window covers: nearly always all of it."""
    others = db.execute(
        'SELECT start, "end" FROM window WHERE hearing = ? AND "end" > ? AND start < ?',
        (recognition, window.start, window.end),
    ).fetchall()
    if not others:
        return [(window.start, window.end)]
    return subtract([(window.start, window.end)], others)
