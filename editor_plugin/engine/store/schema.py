"""The tables of the store, and the migration steps from older schemas.

Every store is made by the same steps, also a new one, so that every test runs each of them. Windows
and words are in samples at 16 kHz of the source, counted from the file's first frame.
"""

from __future__ import annotations

import re

_FIRST = """
CREATE TABLE hearing (
    id INTEGER PRIMARY KEY,
    media TEXT NOT NULL,
    stream INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    model TEXT NOT NULL,
    language TEXT NOT NULL,
    extent INTEGER,
    UNIQUE (media, stream, channel, model, language)
);
CREATE TABLE window (
    hearing INTEGER NOT NULL REFERENCES hearing ON DELETE CASCADE,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    context_start INTEGER NOT NULL,
    context_end INTEGER NOT NULL,
    words TEXT NOT NULL,      -- JSON: [[text, start, end, confidence], …]
    PRIMARY KEY (hearing, start, "end")
) WITHOUT ROWID;
CREATE TABLE remembered (
    model TEXT PRIMARY KEY,   -- digest of the model file
    limits TEXT NOT NULL      -- JSON: what fitted and worked on this machine
) WITHOUT ROWID;
CREATE TABLE written (
    path TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL
) WITHOUT ROWID;
"""

_SECOND = """
CREATE TABLE media (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL,     -- of the content; “1:…” is a fingerprint of the first schema
    changed INTEGER NOT NULL, -- time of last change in ns, as it was when first met
    name TEXT NOT NULL        -- the file's name, as last seen
);
CREATE INDEX media_digest ON media (digest);
CREATE TABLE place (
    path TEXT PRIMARY KEY,    -- where a media file was last seen, and how it looked there
    look TEXT NOT NULL,
    media INTEGER NOT NULL REFERENCES media ON DELETE CASCADE
) WITHOUT ROWID;
INSERT INTO media (digest, changed, name) SELECT DISTINCT '1:' || media, 0, '' FROM hearing;
CREATE TABLE hearing_2 (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: memory keeps words by it
    media INTEGER NOT NULL REFERENCES media ON DELETE CASCADE,
    stream INTEGER NOT NULL,  -- -1: the first
    channel INTEGER NOT NULL, -- -1: all, mixed
    model TEXT NOT NULL,      -- digest of the model file
    language TEXT NOT NULL,   -- '': the model's own choice
    extent INTEGER,           -- samples in the source, once its end has been seen
    edition INTEGER NOT NULL DEFAULT 0, -- counts the commits
    UNIQUE (media, stream, channel, model, language)
);
INSERT INTO hearing_2 (id, media, stream, channel, model, language, extent)
    SELECT hearing.id, media.id, stream, channel, model, language, extent
    FROM hearing JOIN media ON media.digest = '1:' || hearing.media;
DROP TABLE hearing;
ALTER TABLE hearing_2 RENAME TO hearing;
CREATE TABLE output (
    path TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,     -- of what Recue last wrote there
    made BLOB                 -- zlib of JSON: the cues, and the source words of each
);
INSERT INTO output (path, sha256) SELECT path, sha256 FROM written;
DROP TABLE written;
CREATE TABLE job (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    turn INTEGER NOT NULL,    -- order in the queue, the least first
    state TEXT NOT NULL,      -- queued, running, paused, done, failed, cancelled
    request TEXT NOT NULL,    -- JSON
    error TEXT,               -- JSON of the error that ended it
    made_at TEXT NOT NULL,    -- for people; nothing is decided by it
    ended_at TEXT
);
CREATE TABLE job_input (
    job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
    number INTEGER NOT NULL,
    state TEXT NOT NULL,      -- queued, running, done, failed
    plan TEXT,                -- JSON: what is to be recognised, cut into windows
    told TEXT NOT NULL,       -- JSON: notes, error, counts
    result BLOB,              -- zlib of JSON: the subtitles
    made BLOB,                -- what they were made of, as in output
    PRIMARY KEY (job, number)
);
CREATE TABLE batch (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    origin TEXT NOT NULL,     -- the edited file, or the editor
    made_at TEXT NOT NULL
);
CREATE TABLE correction (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    batch INTEGER NOT NULL REFERENCES batch ON DELETE CASCADE,
    media INTEGER NOT NULL REFERENCES media ON DELETE CASCADE,
    stream INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    start TEXT NOT NULL,      -- seconds of the source, as fractions
    "end" TEXT NOT NULL,
    before TEXT NOT NULL,     -- JSON: the recognised words
    after TEXT NOT NULL
);
CREATE INDEX correction_source ON correction (media, stream, channel);
CREATE TABLE term (
    project TEXT NOT NULL,    -- '': every project
    wrong TEXT NOT NULL,
    "right" TEXT NOT NULL,
    PRIMARY KEY (project, wrong)
) WITHOUT ROWID;
"""


_THIRD = """
ALTER TABLE job ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0
"""


_FOURTH = """
CREATE TABLE used (
    media INTEGER PRIMARY KEY REFERENCES media ON DELETE CASCADE,
    at TEXT                   -- for people: when subtitles were last made of it
);
CREATE TABLE passage (
    id INTEGER PRIMARY KEY,   -- recognition, minute and reading, as in engine/search/passages.py
    words INTEGER NOT NULL,   -- how many words are said in that minute
    body BLOB NOT NULL        -- zlib of JSON: the words with their times
);
CREATE TABLE unindexed (
    hearing INTEGER,          -- no reference: of one that was deleted, the passages are left
    start INTEGER,
    "end" INTEGER,
    PRIMARY KEY (hearing, start, "end")
) WITHOUT ROWID;
INSERT INTO unindexed SELECT id, 0, 1 << 40 FROM hearing;
CREATE TRIGGER window_in AFTER INSERT ON window BEGIN
    INSERT OR IGNORE INTO unindexed VALUES (new.hearing, new.context_start, new.context_end); END;
CREATE TRIGGER window_out AFTER DELETE ON window BEGIN
    INSERT OR IGNORE INTO unindexed VALUES (old.hearing, old.context_start, old.context_end); END
"""
"""The words for the search, and what of the windows is not in its index yet. The index itself is a
virtual table, which `engine.search.index` makes where this SQLite can (FTS5)."""


INDEX = "spoken"
"""The name of that table, and the beginning of the names of those that SQLite keeps for it."""


def _bare(step: str) -> str:
    """A step without comments and indents: SQLite stores these texts in the file. Short, they fit
    into its first page, so that no damage elsewhere makes the whole file unreadable."""
    return re.sub(r"\s*--.*|(?<=\n) +", "", step)


STEPS = (_bare(_FIRST), _bare(_SECOND), _bare(_THIRD), _bare(_FOURTH))
"""Step n migrates a store from schema n to n + 1. Each changes tables or columns, by which
a damaged number is told from another form."""
VERSION = len(STEPS)
