"""The index of the search, kept in the store.

Each change of a window marks its time in the table `unindexed`, by a trigger and so in the same
transaction; corrections mark theirs
(`engine.store.unindexed`). `refresh` then makes the passages of some marked
minutes anew, in one short transaction, so that nothing waits for an index and a crash loses no
mark. The engine does so in the background (`indexer`), and every search does before it looks. A
store of an earlier Recue is one long mark.
"""

from __future__ import annotations

import platform
import sqlite3
from dataclasses import dataclass
from fractions import Fraction

from editor_plugin.core.corrections import Correction, apply
from editor_plugin.core.errors import SearchUnavailable
from editor_plugin.core.stitching import join
from editor_plugin.core.timeline import Span
from editor_plugin.core.transcript import SAMPLE_RATE, HeardWindow, Window
from editor_plugin.engine.corrections import CorrectionSource, for_source
from editor_plugin.engine.search.passages import (
    CONTEXT,
    CORRECTED,
    MINUTE,
    NEAR,
    RECOGNISED,
    Passage,
    minute_of,
    number,
    passage,
    spoken,
    unpacked,
)
from editor_plugin.engine.store.database import Database
from editor_plugin.engine.store.schema import INDEX
from editor_plugin.engine.store.store import is_provisional, words_from_text
from editor_plugin.engine.store.unindexed import LATEST

PART = 16
"""Minutes that are indexed in one transaction: half a tenth of a second."""
REACH = 10 * SAMPLE_RATE
"""How far beyond its own context a window, or a correction, changes words: less than two seconds,
and the longest word."""
_CREATE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {INDEX}"
    " USING fts5(said, content='', columnsize=0, tokenize='ascii', prefix='2 3')"
)
"""Without the texts, which `passage` has: to take a row out, FTS5 is told its tokens again. So a
Recue whose `tokens` are others has to make the whole index anew. “ascii” leaves tokens as they
are."""


def has_full_text(database: Database) -> bool:
    """Whether this Python's SQLite has FTS5."""
    return bool(database.read("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'"))


def refuse_without(database: Database) -> None:
    """Raise SearchUnavailable where this Python's SQLite has no FTS5."""
    if not has_full_text(database):
        raise SearchUnavailable(platform.python_version(), sqlite3.sqlite_version)


def prepare(database: Database) -> None:
    """Make the index, where a store has none yet. Raises SearchUnavailable."""
    refuse_without(database)
    if not database.read("SELECT 1 FROM sqlite_master WHERE name = ?", (INDEX,)):
        with database.write() as db:
            db.execute(_CREATE)


def left(database: Database) -> int:
    """How many recognitions are not indexed as a whole."""
    return int(database.read("SELECT count(DISTINCT hearing) FROM unindexed")[0][0])


def refresh(database: Database) -> bool:
    """Index a part of what is marked, the newest recognitions first; return whether something was.
    Raises what the database raises."""
    if not database.read("SELECT 1 FROM unindexed LIMIT 1") or not has_full_text(database):
        return False
    prepare(database)
    with database.write() as db:
        found = db.execute("SELECT max(hearing) FROM unindexed").fetchone()[0]
        if found is None:  # another thread was faster
            return False
        source = db.execute(
            "SELECT media, stream, channel, model FROM hearing WHERE id = ?", (found,)
        ).fetchone()
        if source is None or is_provisional(source[3]):
            _drop(database, db, found)
        else:
            _Refreshing(database, db, found, CorrectionSource(*source[:3])).part()
    return True


def purge(database: Database, db: sqlite3.Connection) -> None:
    """Take the passages of deleted recognitions out, in an open transaction, and leave no trace of
    them in the index. Raises SearchUnavailable where this Python cannot, as another one could that
    made the index."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (INDEX,)).fetchone():
        return
    refuse_without(database)
    gone = db.execute(
        "SELECT DISTINCT hearing FROM unindexed WHERE hearing NOT IN (SELECT id FROM hearing)"
    ).fetchall()
    for (each,) in gone:
        _drop(database, db, each)
    db.execute("INSERT INTO spoken (spoken) VALUES ('optimize')")


def _drop(database: Database, db: sqlite3.Connection, recognition: int) -> None:
    """Take out all of a recognition that is no more."""
    limits = number(recognition, 0, CORRECTED), number(recognition - 1, 0, CORRECTED) - 1
    rows = db.execute("SELECT id, body FROM passage WHERE id BETWEEN ? AND ?", limits)
    for row, body in rows.fetchall():
        _take_out(database, db, row, body)
    db.execute("DELETE FROM unindexed WHERE hearing = ?", (recognition,))


def _take_out(database: Database, db: sqlite3.Connection, row: int, body: bytes) -> None:
    with database.reading():
        said = unpacked(body).said  # an index without texts has to be told what it forgets
    db.execute("INSERT INTO spoken (spoken, rowid, said) VALUES ('delete', ?, ?)", (row, said))
    db.execute("DELETE FROM passage WHERE id = ?", (row,))


@dataclass(frozen=True)
class _Refreshing:
    """Making some passages of one recognition anew, in an open transaction."""

    database: Database
    db: sqlite3.Connection
    recognition: int
    source: CorrectionSource

    def part(self) -> None:
        """Do the first marked minutes."""
        marks = self.db.execute(
            'SELECT start, "end" FROM unindexed WHERE hearing = ? ORDER BY start LIMIT 1000',
            (self.recognition,),
        ).fetchall()
        first, last = _minutes(*marks[0])
        for begin, end in (_minutes(*each) for each in marks[1:]):
            if begin <= last + 1:
                last = max(last, end)
        stop = min(last + 1, self._next(first) + PART)
        self._replace(first, stop)
        for start, end in marks:
            begin, until = _minutes(start, end)
            if begin >= stop:
                continue
            self.db.execute(
                'DELETE FROM unindexed WHERE hearing = ? AND start = ? AND "end" = ?',
                (self.recognition, start, end),
            )
            if until >= stop:  # what is left of it begins at the next minute
                self.db.execute(
                    "INSERT OR IGNORE INTO unindexed VALUES (?, ?, ?)",
                    (self.recognition, stop * MINUTE + CONTEXT + REACH, end),
                )

    def _next(self, minute: int) -> int:
        """The first minute from this one on in which a window has a part; far away without one."""
        (start,) = self.db.execute(
            'SELECT min(start) FROM window WHERE hearing = ? AND "end" > ?',
            (self.recognition, minute * MINUTE - REACH),
        ).fetchone()
        return LATEST if start is None else max(minute, _minutes(start, start)[0])

    def _replace(self, first: int, stop: int) -> None:
        """Replace the passages of the minutes [first, stop) that have changed."""
        rows = self.db.execute(
            "SELECT id, body FROM passage WHERE id BETWEEN ? AND ?",
            (
                number(self.recognition, first, CORRECTED),
                number(self.recognition, stop - 1, RECOGNISED),
            ),
        )
        old, new = dict(rows.fetchall()), self._passages(first, stop)
        for row, body in old.items():
            if row not in new or new[row].packed() != body:
                _take_out(self.database, self.db, row, body)
        for row, each in new.items():
            body = each.packed()
            if old.get(row) != body:
                own = sum(word.middle // MINUTE == minute_of(row) for word in each.words)
                self.db.execute("INSERT INTO passage VALUES (?, ?, ?)", (row, own, body))
                self.db.execute("INSERT INTO spoken (rowid, said) VALUES (?, ?)", (row, each.said))

    def _passages(self, first: int, stop: int) -> dict[int, Passage]:
        """The passages of the minutes [first, stop), by their rows."""
        begin, end = first * MINUTE - NEAR - CONTEXT, stop * MINUTE + CONTEXT
        corrections, begin, end = self._corrections(begin, end)
        heard = self._windows(begin - REACH, end + REACH)
        words = join(heard)
        spans = [
            Span(Fraction(each.window.start, SAMPLE_RATE), Fraction(each.window.end, SAMPLE_RATE))
            for each in heard
        ]
        readings = {
            CORRECTED: spoken(apply(words, corrections, spans).words),
            RECOGNISED: spoken(words),
        }
        found: dict[int, Passage] = {}
        for reading, said in readings.items():
            middles = [word.middle for word in said]
            minutes = {at // MINUTE for at in middles if first * MINUTE <= at < stop * MINUTE}
            for minute in minutes:
                made = passage(said, middles, minute)
                same = found.get(number(self.recognition, minute, CORRECTED))
                if made is not None and made != same:
                    found[number(self.recognition, minute, reading)] = made
        return found

    def _corrections(self, begin: int, end: int) -> tuple[list[Correction], int, int]:
        """The corrections between two samples, and the range of all words that they change."""
        near: list[Correction] = []
        every = for_source(self.database, self.source)
        while True:
            found = [
                each
                for each in every
                if each.start * SAMPLE_RATE <= end + REACH
                and each.end * SAMPLE_RATE >= begin - REACH
            ]
            if len(found) == len(near):
                return found, begin, end
            near = found
            begin = min(begin, *(int(each.start * SAMPLE_RATE) for each in found))
            end = max(end, *(int(each.end * SAMPLE_RATE) for each in found))

    def _windows(self, begin: int, end: int) -> list[HeardWindow]:
        """The windows between two samples, and one more on both sides: windows are joined with
        those beside them."""
        rows = self.db.execute(
            'SELECT start, "end", context_start, context_end, words FROM window'
            " WHERE hearing = ?1"
            " AND start >= coalesce((SELECT start FROM window WHERE hearing = ?1 AND start <= ?2"
            " ORDER BY start DESC LIMIT 1 OFFSET 1), 0)"
            " AND start <= coalesce((SELECT min(start) FROM window WHERE hearing = ?1"
            " AND start >= ?3), ?3) ORDER BY start",
            (self.recognition, begin, end),
        )
        with self.database.reading():
            return [
                HeardWindow(Window(*row[:4]), words_from_text(row[4], row[:4]))
                for row in rows.fetchall()
            ]


def _minutes(start: int, end: int) -> tuple[int, int]:
    """The first and the last minute whose passages may change with the words in a range."""
    first = max(0, start - REACH - CONTEXT) // MINUTE
    return first, max(first, (end + REACH + NEAR + CONTEXT) // MINUTE)
