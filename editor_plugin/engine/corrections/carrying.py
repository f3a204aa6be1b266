"""Export and import of corrections and terms as JSON.

Media are identified by the digest of their content, so that another machine finds them in any
folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from editor_plugin.core.corrections import Correction
from editor_plugin.core.errors import CorrectionsUnreadable, MediaMissing, RecueError
from editor_plugin.core.glossary import Term
from editor_plugin.engine.corrections import log
from editor_plugin.engine.corrections.source import CorrectionSource
from editor_plugin.engine.corrections.terms import Entry, add_term, terms
from editor_plugin.engine.plain_files import read_plain
from editor_plugin.engine.store.database import Database

CORRECTIONS = "recue-corrections"
GLOSSARY = "recue-glossary"
VERSION = 1
LARGEST = 64 * 1024 * 1024
"""Bytes of an exported file: some 300 000 corrections."""


def export_corrections(database: Database) -> dict[str, Any]:
    """Return every batch: {"format", "version", "batches": [{"origin", "made_at", "corrections":
    [{"media": {"digest", "name"}, "stream", "channel", "start", "end", "before", "after"}]}]}."""
    media = {row[0]: row[1:] for row in database.read("SELECT id, digest, name FROM media")}
    batches = []
    for batch in log.listed(database):
        corrections = []
        for each in batch.corrections:
            digest, name = media[each.source.media]
            corrections.append(
                {
                    "media": {"digest": digest, "name": name},
                    "stream": _open(each.source.stream),
                    "channel": _open(each.source.channel),
                    **correction_to_wire(each.correction),
                }
            )
        head = {"origin": batch.origin, "made_at": batch.made_at}
        batches.append({**head, "corrections": corrections})
    return {"format": CORRECTIONS, "version": VERSION, "batches": batches}


def import_corrections(database: Database, data: Any, name: str = "the file") -> int:
    """Add the corrections that are not in the log yet, and return how many. Those of media that are
    not known here are kept, too. Raises CorrectionsUnreadable."""
    batches = _checked(data, CORRECTIONS, name, _batches)
    added = 0
    with database.write() as db:
        for origin, made_at, corrections in batches:
            new = []
            for digest, file, stream, channel, correction in corrections:
                source = CorrectionSource(_media(db, digest, file), stream, channel)
                if not _is_there(db, digest, source, correction):
                    new.append((source, correction))
            if new:
                log.add(db, origin, new, made_at)
                added += len(new)
    return added


def export_terms(database: Database) -> dict[str, Any]:
    """Return every term: {"format", "version", "terms": [{"project", "wrong", "right"}]}."""
    return {
        "format": GLOSSARY,
        "version": VERSION,
        "terms": [entry_to_wire(each) for each in terms(database)],
    }


def import_terms(database: Database, data: Any, name: str = "the file") -> int:
    """Add terms, which replace those for the same words in a project. Returns how many are new or
    different. Raises CorrectionsUnreadable."""
    entries = _checked(data, GLOSSARY, name, _entries)
    known = set(terms(database))
    new = [each for each in entries if each not in known]
    for each in new:
        add_term(database, each.term, each.project)
    return len(new)


def read_json(path: Path) -> Any:
    """Read an exported file. Raises MediaMissing and CorrectionsUnreadable."""
    try:
        return json.loads(read_plain(path, LARGEST).decode("utf-8-sig"))
    except FileNotFoundError:
        raise MediaMissing(str(path)) from None
    except OSError as error:
        raise CorrectionsUnreadable(str(path), error.strerror or "it cannot be read") from None
    except (ValueError, RecursionError):
        raise CorrectionsUnreadable(str(path), "it is no JSON") from None


def correction_to_wire(correction: Correction) -> dict[str, Any]:
    """The JSON form: times as texts of fractions."""
    return {
        "start": str(correction.start),
        "end": str(correction.end),
        "before": list(correction.before),
        "after": correction.after,
    }


def entry_to_wire(entry: Entry) -> dict[str, Any]:
    """The JSON form of a term."""
    return {"project": entry.project, "wrong": entry.term.wrong, "right": entry.term.right}


def _checked(data: Any, kind: str, name: str, read: Callable[[Any], list[Any]]) -> list[Any]:
    if not isinstance(data, dict) or data.get("format") != kind:
        raise CorrectionsUnreadable(name, f"it does not say “format”: “{kind}”")
    if data.get("version") != VERSION:
        detail = f"its version is {data.get('version')}, and this Recue reads {VERSION}"
        raise CorrectionsUnreadable(name, detail)
    try:
        return read(data)
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise CorrectionsUnreadable(name, f"{type(error).__name__} in it, {error}") from None
    except RecueError as error:
        raise CorrectionsUnreadable(name, error.message.rstrip(".")) from None


def _batches(data: dict[str, Any]) -> list[Any]:
    return [
        (
            _text(batch["origin"]),
            _text(batch["made_at"]),
            [
                (
                    _text(each["media"]["digest"]),
                    _text(each["media"]["name"]),
                    _number(each["stream"]),
                    _number(each["channel"]),
                    _correction(each),
                )
                for each in batch["corrections"]
            ],
        )
        for batch in data["batches"]
    ]


def _correction(wire: Any) -> Correction:
    before = tuple(_text(each) for each in wire["before"])
    start, end = Fraction(_text(wire["start"])), Fraction(_text(wire["end"]))
    if not 0 <= start <= end:
        raise ValueError(f"a correction from {start} to {end}")
    return Correction(start, end, before, _text(wire["after"]))


def _entries(data: dict[str, Any]) -> list[Entry]:
    return [
        Entry(_text(each["project"]), Term(_text(each["wrong"]), _text(each["right"])))
        for each in data["terms"]
    ]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _number(value: Any) -> int:
    if value is not None and (type(value) is not int or value < 0):
        raise TypeError(f"{value!r} is no number of a stream or channel")
    return -1 if value is None else value


def _open(number: int) -> int | None:
    return None if number < 0 else number


def _media(db: Any, digest: str, name: str) -> int:
    """The row of a media file, created where there is none."""
    found = db.execute("SELECT id FROM media WHERE digest = ? ORDER BY id", (digest,)).fetchone()
    if found is not None:
        return int(found[0])
    values = (digest, name)
    return int(
        db.execute("INSERT INTO media (digest, changed, name) VALUES (?, 0, ?)", values).lastrowid
    )


def _is_there(db: Any, digest: str, source: CorrectionSource, correction: Correction) -> bool:
    found = db.execute(
        "SELECT 1 FROM correction JOIN media ON media.id = correction.media WHERE media.digest = ?"
        ' AND stream = ? AND channel = ? AND start = ? AND "end" = ? AND before = ? AND after = ?',
        (digest, source.stream, source.channel, *log.row(correction)),
    ).fetchone()
    return found is not None
