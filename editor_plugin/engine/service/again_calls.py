"""The call that orders a job once more, with what an error advises: another folder or model."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import JSONResponse, Response

from editor_plugin.core.jobs.request import JobOptions, JobRequest, Order
from editor_plugin.engine.service import forms
from editor_plugin.engine.service.asked_paths import refuse_paths
from editor_plugin.engine.service.ports import EnginePort

Number = Annotated[int, Path(ge=0, le=forms.MOST)]


def again_of(engine: EnginePort) -> APIRouter:
    """Ordering a job once more."""
    router = APIRouter(prefix="/jobs")

    @router.post("/{job:digits}/again", status_code=201, response_model=forms.JobNumber)
    def again(job: Number, asked: forms.AgainAsked) -> Response:
        """Put the orders of a job at the end of the queue once more, with changes."""
        request = changed(engine.queue.request(job), asked)
        refuse_paths(request)
        return JSONResponse({"job": engine.queue.add(request)}, 201)

    return router


def changed(request: JobRequest, asked: forms.AgainAsked) -> JobRequest:
    """The request with the changes."""
    given = asked.settings.model_dump(exclude_unset=True, exclude_none=True)
    options: JobOptions = replace(request.options, **given)
    return JobRequest(tuple(_order(each, asked) for each in request.orders), options)


def _order(order: Order, asked: forms.AgainAsked) -> Order:
    folders = tuple(map(FilePath, asked.media_folders))
    kept = tuple(each for each in order.options.media_folders if each not in folders)
    options = replace(order.options, media_folders=folders + kept)
    if asked.rate is not None:
        options = replace(options, rate=Fraction(asked.rate))
    return replace(order, options=options, again=order.again or asked.again)
