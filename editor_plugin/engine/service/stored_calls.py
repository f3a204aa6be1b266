"""The calls about what is stored: the search."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from editor_plugin.engine.search import search
from editor_plugin.engine.service import stored_forms as forms
from editor_plugin.engine.service.ports import EnginePort

Wanted = Annotated[forms.WordsWanted, Query()]


def stored_of(engine: EnginePort) -> APIRouter:
    """Search over all that was ever heard."""
    router = APIRouter()
    database = engine.store.database

    @router.get("/words", response_model=forms.HitsWire)
    def words(wanted: Wanted) -> Response:
        """Where all words of a query were said near one another, in the newest recordings first."""
        found = search(database, wanted.like, wanted.limit)
        hits = [{**asdict(hit), "path": _text(hit.path)} for hit in found.hits]
        return JSONResponse({"hits": hits, "more": found.more, "unindexed": found.unindexed})

    return router


def _text(path: object) -> str | None:
    return None if path is None else str(path)
