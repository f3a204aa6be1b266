"""The JSON forms of corrections and of the glossary, as in docs/design/corrections.md."""

from __future__ import annotations

from typing import Any

from editor_plugin.engine.corrections import log
from editor_plugin.engine.corrections.carrying import correction_to_wire, entry_to_wire
from editor_plugin.engine.corrections.correcting import Report
from editor_plugin.engine.corrections.terms import terms
from editor_plugin.engine.store.database import Database


def get_corrections(database: Database) -> dict[str, Any]:
    """Every batch: {"batches": [a batch, …]}."""
    return {"batches": [batch_to_wire(each) for each in log.listed(database)]}


def get_glossary(database: Database, project: str | None) -> dict[str, Any]:
    """The terms of a project, of all projects where it is None: {"terms": [a term, …]}."""
    return {"terms": [entry_to_wire(each) for each in terms(database, project)]}


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
