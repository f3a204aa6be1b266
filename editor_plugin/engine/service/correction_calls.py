"""The calls of docs/design/corrections.md: corrections and the glossary."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query
from starlette.responses import JSONResponse, Response

from editor_plugin.engine.corrections import export_corrections, wire
from editor_plugin.engine.service import forms
from editor_plugin.engine.service.ports import EnginePort

Number = Annotated[int, Path(ge=0, le=forms.MOST)]
OfProject = Annotated[forms.OfProject, Query()]
Exported = Annotated[forms.CorrectionsFile, Body()]


def corrections_of(engine: EnginePort) -> APIRouter:
    """Corrections: made, listed, undone, carried to another machine."""
    router = APIRouter(prefix="/corrections")
    database = engine.store.database

    @router.post("", response_model=forms.CorrectionReport)
    def post(asked: forms.CorrectionsAsked) -> Response:
        """Take over what was edited in subtitles of ours."""
        body = asked.model_dump(exclude_unset=True, exclude_none=True)
        return JSONResponse(wire.post_corrections(database, body, engine.queue.made))

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
        return JSONResponse(wire.post_import(database, asked.model_dump()))

    @router.delete("/last", response_model=forms.BatchWire)
    def undo_last() -> Response:
        """Take the newest batch back."""
        return JSONResponse(wire.delete_corrections(database, None))

    @router.delete("/{number:digits}", response_model=forms.BatchWire)
    def undo(number: Number) -> Response:
        """Take a batch back."""
        return JSONResponse(wire.delete_corrections(database, number))

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
        return JSONResponse(wire.post_glossary(database, asked.model_dump()))

    @router.delete("", response_model=forms.Terms)
    def remove(asked: forms.TermNamed) -> Response:
        """Remove a term."""
        return JSONResponse(wire.delete_glossary(database, asked.model_dump()))

    return router
