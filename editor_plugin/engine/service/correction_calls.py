"""The calls of docs/design/corrections.md: corrections and the glossary."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query
from starlette.responses import JSONResponse, Response

from editor_plugin.core.cues import Cue
from editor_plugin.core.errors import CorrectionUnknown, JobUnknown, RequestRefused
from editor_plugin.core.glossary import Term
from editor_plugin.engine.corrections import (
    Edit,
    Report,
    add_term,
    correct,
    export_corrections,
    import_corrections,
    remove_term,
    undo,
    wire,
)
from editor_plugin.engine.reading.markup import srt_text
from editor_plugin.engine.service import forms
from editor_plugin.engine.service.ports import EnginePort
from editor_plugin.engine.store import Database
from editor_plugin.engine.store.outputs import provenance_at

Number = Annotated[int, Path(ge=0, le=forms.MOST)]
OfProject = Annotated[forms.OfProject, Query()]
Exported = Annotated[forms.CorrectionsFile, Body()]
MadeOfJob = Callable[[int, int], "bytes | None"]
"""The numbers of a job and of its input → the provenance of its subtitles; None where none is."""


def keep_edits(database: Database, asked: forms.CorrectionsAsked, made_of_job: MadeOfJob) -> Report:
    """Keep the corrections in edited subtitles. Raises RequestRefused, CorrectionUnknown,
    JobUnknown, and as `correct` does."""
    cues, has_markup = [], False
    for each in asked.cues:
        lines = [srt_text(line) for line in each.text.splitlines()]
        has_markup = has_markup or any(had for _, had in lines)
        cues.append(Cue(_time(each.start), _time(each.end), tuple(line for line, _ in lines)))
    cues.sort(key=lambda cue: cue.start)
    of = asked.of
    if isinstance(of, forms.OfPath):
        origin, made = of.path, provenance_at(database, FilePath(of.path))
        if made is None:
            raise CorrectionUnknown(of.path)
    else:
        origin, made = f"job {of.job}, input {of.input}", made_of_job(of.job, of.input)
        if made is None:
            raise JobUnknown(str(of.job))
    return correct(database, Edit(tuple(cues), origin, has_markup), made, asked.dry_run)


def _time(moment: float | str) -> Fraction:
    """A time in seconds. Of a text, the form could check no more than its length."""
    try:
        # An exponent in a text could ask for a number that fills the memory.
        if not (isinstance(moment, str) and "e" in moment.lower()):
            time = Fraction(str(moment))
            if 0 <= time <= forms.LATEST:
                return time
    except (ValueError, ArithmeticError):
        pass
    raise RequestRefused(f"“{moment}” is no time of a subtitle")


def corrections_of(engine: EnginePort) -> APIRouter:
    """Corrections: made, listed, undone, carried to another machine."""
    router = APIRouter(prefix="/corrections")
    database = engine.store.database

    @router.post("", response_model=forms.CorrectionReport)
    def post(asked: forms.CorrectionsAsked) -> Response:
        """Keep what was edited in Recue's subtitles as corrections."""
        return JSONResponse(wire.report_to_wire(keep_edits(database, asked, engine.queue.made)))

    @router.get("", response_model=forms.BatchesWire)
    def listed() -> Response:
        """Every batch, the newest first."""
        return JSONResponse(wire.get_corrections(database))

    @router.get("/export", response_model=forms.CorrectionsFile)
    def export() -> Response:
        """What `import` takes."""
        return JSONResponse(export_corrections(database))

    @router.post("/import", response_model=forms.AddedWire)
    def import_(asked: Exported) -> Response:
        """Add what another Recue exported."""
        name = "the corrections that were sent"
        return JSONResponse({"added": import_corrections(database, asked.model_dump(), name)})

    @router.delete("/last", response_model=forms.BatchWire)
    def undo_last() -> Response:
        """Take the newest batch back."""
        return JSONResponse(wire.batch_to_wire(undo(database)))

    @router.delete("/{number:digits}", response_model=forms.BatchWire, name="undo")
    def undo_number(number: Number) -> Response:
        """Take a batch back."""
        return JSONResponse(wire.batch_to_wire(undo(database, number)))

    return router


def glossary_of(engine: EnginePort) -> APIRouter:
    """The glossary."""
    router = APIRouter(prefix="/glossary")
    database = engine.store.database

    @router.get("", response_model=forms.Terms)
    def terms(of: OfProject) -> Response:
        """The terms of a project, or all."""
        return JSONResponse(wire.get_glossary(database, of.project))

    @router.post("", response_model=forms.Terms)
    def add(asked: forms.TermAsked) -> Response:
        """Add a term."""
        add_term(database, Term(asked.wrong, asked.right), asked.project)
        return JSONResponse(wire.get_glossary(database, asked.project))

    @router.delete("", response_model=forms.Terms)
    def remove(asked: forms.TermNamed) -> Response:
        """Remove a term."""
        remove_term(database, asked.wrong, asked.project)
        return JSONResponse(wire.get_glossary(database, asked.project))

    return router
