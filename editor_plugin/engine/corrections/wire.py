"""Corrections and glossary as the service speaks of them: JSON in, JSON out.

The shapes are in docs/design/corrections.md.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from editor_plugin.core.cues import Cue
from editor_plugin.core.errors import CorrectionUnknown, JobUnknown, RequestRefused
from editor_plugin.core.glossary import Term
from editor_plugin.engine.corrections import log
from editor_plugin.engine.corrections.carrying import (
    correction_to_wire,
    entry_to_wire,
    import_corrections,
)
from editor_plugin.engine.corrections.correcting import Edit, Report, correct
from editor_plugin.engine.corrections.terms import add_term, remove_term, terms
from editor_plugin.engine.reading.markup import srt_text
from editor_plugin.engine.store.database import Database

MadeOfJob = Callable[[int, int], "bytes | None"]
"""A job's number and an input's → what its subtitles were made of; None where it is not known."""

_LONGEST = 10**7
"""Seconds; later than the end of any recording."""


def post_corrections(database: Database, body: Any, made_of_job: MadeOfJob) -> dict[str, Any]:
    """POST /corrections. Raises RequestRefused, and as `correct` and what finds the file do."""
    try:
        cues, has_markup = _cues(body["cues"])
        origin, made = _named(database, body["of"], made_of_job)
        dry_run = bool(body.get("dry_run", False))
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise RequestRefused(f"{type(error).__name__} in corrections, {error}") from None
    return report_to_wire(correct(database, Edit(cues, origin, has_markup), made, dry_run))


def get_corrections(database: Database) -> dict[str, Any]:
    """GET /corrections."""
    return {"batches": [batch_to_wire(each) for each in log.listed(database)]}


def delete_corrections(database: Database, number: int | None) -> dict[str, Any]:
    """DELETE /corrections/N, or /corrections/last. Raises BatchUnknown."""
    return batch_to_wire(log.undo(database, number))


def post_import(database: Database, body: Any) -> dict[str, Any]:
    """POST /corrections/import: what `export_corrections` gave. Raises CorrectionsUnreadable."""
    return {"added": import_corrections(database, body, "the corrections that were sent")}


def get_glossary(database: Database, project: str | None) -> dict[str, Any]:
    """GET /glossary."""
    return {"terms": [entry_to_wire(each) for each in terms(database, project)]}


def post_glossary(database: Database, body: Any) -> dict[str, Any]:
    """POST /glossary. Raises RequestRefused and SettingsInvalid."""
    project, wrong, right = _term(body, "wrong", "right")
    add_term(database, Term(wrong, right), project)
    return get_glossary(database, project)


def delete_glossary(database: Database, body: Any) -> dict[str, Any]:
    """DELETE /glossary. Raises RequestRefused and SettingsInvalid."""
    project, wrong = _term(body, "wrong")
    remove_term(database, wrong, project)
    return get_glossary(database, project)


def report_to_wire(report: Report) -> dict[str, Any]:
    """What a correction did: {"batch", "changes": [{"time", "before", "after"}], "sentences"}."""
    return {
        "batch": report.batch,
        "changes": [
            {
                "time": str(each.time),
                "before": " ".join(each.correction.before),
                "after": each.correction.after,
            }
            for each in report.changes
        ],
        "sentences": list(report.sentences),
    }


def batch_to_wire(batch: log.CorrectionBatch) -> dict[str, Any]:
    """A batch: {"batch", "origin", "made_at", "corrections": [{"media", "start", …}]}."""
    return {
        "batch": batch.number,
        "origin": batch.origin,
        "made_at": batch.made_at,
        "corrections": [
            {"media": each.media, **correction_to_wire(each.correction)}
            for each in batch.corrections
        ],
    }


def _named(database: Database, of: Any, made_of_job: MadeOfJob) -> tuple[str, bytes]:
    """The file or the job's result that was edited, by name, and what it was made of."""
    if "path" in of:
        return _text(of["path"]), _made_at(database, _text(of["path"]))
    job, number = _position(of["job"]), _position(of["input"])
    made = made_of_job(job, number)
    if made is None:
        raise JobUnknown(str(job))
    return f"job {job}, input {number}", made


def _made_at(database: Database, path: str) -> bytes:
    rows = database.read(
        "SELECT made FROM output WHERE path = ? AND made IS NOT NULL", (str(Path(path).absolute()),)
    )
    if not rows:
        raise CorrectionUnknown(path)
    return bytes(rows[0][0])


def _cues(wire: Any) -> tuple[tuple[Cue, ...], bool]:
    cues, has_markup = [], False
    for each in wire:
        read = [srt_text(line) for line in _text(each["text"]).splitlines()]
        has_markup = has_markup or any(had for _, had in read)
        lines = tuple(line for line, _ in read)
        cues.append(Cue(_time(each["start"]), _time(each["end"]), lines))
    return tuple(sorted(cues, key=lambda cue: cue.start)), has_markup


def _time(value: Any) -> Fraction:
    if type(value) not in (int, float, str) or len(str(value)) > 80:
        raise TypeError(f"{value!r} is no time")
    time = Fraction(str(value))
    if not 0 <= time <= _LONGEST:
        raise ValueError(f"{value!r} is no time")
    return time


def _position(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError(f"{value!r} is no number")
    return value


def _term(body: Any, *names: str) -> list[str]:
    try:
        return [_text(body.get("project", "")), *(_text(body[name]) for name in names)]
    except (KeyError, TypeError, AttributeError) as error:
        raise RequestRefused(f"{type(error).__name__} in a term, {error}") from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
