"""The calls about what is stored: the list of media, forgetting, and the search."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import JSONResponse, Response

from editor_plugin.engine.jobs.feed import ORDER
from editor_plugin.engine.models.digests import names_by_digest
from editor_plugin.engine.search import search
from editor_plugin.engine.search.stored import stored
from editor_plugin.engine.service import stored_forms as forms
from editor_plugin.engine.service.forms import MOST
from editor_plugin.engine.service.ports import EnginePort
from editor_plugin.engine.store.forgetting import forget_stored, set_aside

Wanted = Annotated[forms.WordsWanted, Query()]
Listed = Annotated[forms.StoredWanted, Query()]
Number = Annotated[int, Path(ge=0, le=MOST)]


def stored_of(engine: EnginePort) -> APIRouter:
    """What was ever heard: listed, searched, forgotten."""
    router = APIRouter()
    database = engine.store.database

    @router.get("/words", response_model=forms.HitsWire)
    def words(wanted: Wanted) -> Response:
        """Where all words of a query were said near one another, in the newest recordings first."""
        found = search(database, wanted.like, wanted.limit)
        hits = [{**asdict(hit), "path": _text(hit.path)} for hit in found.hits]
        return JSONResponse({"hits": hits, "more": found.more, "unindexed": found.unindexed})

    @router.get("/stored", response_model=forms.StoredListWire)
    def listed(wanted: Listed) -> Response:
        """The media that something was heard of, the newest first."""
        found, more = stored(database, names_by_digest(), wanted.like, wanted.after)
        wire = [{**asdict(each), "path": _text(each.path)} for each in found]
        return JSONResponse({"stored": wire, "more": more})

    @router.delete("/stored/{number:digits}", response_model=forms.ForgottenWire)
    def forget(number: Number) -> Response:
        """Delete all that was heard of a media file, what was made from it but the files, and
        its uploaded copy."""
        done = forget_stored(database, number)
        engine.uploads.forget(done.places)
        engine.feed.mark(*ORDER)  # the jobs with results of it are gone
        aside = [str(path) for path in set_aside(database.path)]
        return JSONResponse({"name": done.name, "parts": done.parts, "aside": aside})

    return router


def _text(path: object) -> str | None:
    return None if path is None else str(path)
