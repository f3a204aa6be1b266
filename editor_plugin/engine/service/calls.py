"""The HTTP calls of docs/design/engine.md, on the engine's methods."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Path, Security
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

import editor_plugin
from editor_plugin.core.errors import RecueError, RequestRefused
from editor_plugin.core.handshake import PROTOCOL
from editor_plugin.core.jobs.request import JobRequest, request_from_wire
from editor_plugin.core.jobs.result import result_to_wire
from editor_plugin.core.jobs.status import status_to_wire
from editor_plugin.engine.service import forms, refusals
from editor_plugin.engine.service.access import Access
from editor_plugin.engine.service.access_calls import open_to_all, tickets_of
from editor_plugin.engine.service.again_calls import again_of
from editor_plugin.engine.service.asked_paths import refuse_paths
from editor_plugin.engine.service.choice_calls import choices_of
from editor_plugin.engine.service.correction_calls import corrections_of, glossary_of
from editor_plugin.engine.service.event_calls import STREAM, From, Since, state_of
from editor_plugin.engine.service.file_calls import files_of
from editor_plugin.engine.service.media_calls import addresses_of, played
from editor_plugin.engine.service.model_calls import models_of
from editor_plugin.engine.service.page_calls import page_files
from editor_plugin.engine.service.ports import EnginePort
from editor_plugin.engine.service.result_calls import results_of
from editor_plugin.engine.service.settings_calls import settings_of
from editor_plugin.engine.service.stored_calls import stored_of
from editor_plugin.engine.service.streaming import EventStream, Notifier, messages
from editor_plugin.engine.service.upload_calls import uploads_of
from editor_plugin.engine.service.watch_calls import watches_of


class Digits(IntegerConvertor):
    """A number in a path, with limited digits."""

    regex = "[0-9]{1,16}"


register_url_convertor("digits", Digits())

Number = Annotated[int, Path(ge=0, le=forms.MOST)]

WHY = {
    400: "malformed",
    401: "without the token",
    403: "from a foreign page, or a path that is not allowed",
    404: "no such job, result, model or call",
    409: "not possible at present; the error states the reason",
    413: "too large",
    422: "not of this form",
}
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": forms.Refusal, "description": why} for status, why in WHY.items()
}
FEW = {status: why for status, why in REFUSALS.items() if status != 401}
"""Of the calls without a token."""


def make_app(
    engine: EnginePort, notifier: Notifier, access: Access, asked_to_stop: Callable[[], None]
) -> FastAPI:
    """The FastAPI application, without its guard."""
    app = FastAPI(
        title="Recue's engine",
        version=editor_plugin.__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.include_router(open_to_all(access), responses=FEW)
    app.include_router(played(access), responses=FEW)
    app.include_router(page_files())
    shown = [Security(HTTPBearer(auto_error=False))]
    for router in (
        _engine(engine, asked_to_stop),
        _jobs(engine),
        again_of(engine),
        results_of(engine),
        _news(engine, notifier),
        state_of(engine, notifier),
        models_of(engine),
        settings_of(engine),
        corrections_of(engine),
        glossary_of(engine),
        stored_of(engine),
        watches_of(engine),
        uploads_of(engine),
        files_of(engine),
        choices_of(engine),
        addresses_of(engine, access),
        tickets_of(access),
    ):
        app.include_router(router, dependencies=shown, responses=REFUSALS)
    app.add_exception_handler(RecueError, refusals.on_error)
    app.add_exception_handler(RequestValidationError, refusals.on_wrong_form)
    app.add_exception_handler(HTTPException, refusals.on_http)
    app.add_exception_handler(Exception, refusals.on_broken)
    return app


def _engine(engine: EnginePort, asked_to_stop: Callable[[], None]) -> APIRouter:
    router = APIRouter()

    @router.get("/hello", response_model=forms.Hello)
    def hello() -> Response:
        """The engine's version and process, and its unfinished jobs."""
        jobs = [each.job for each in engine.queue.all() if not each.has_ended]
        version = editor_plugin.__version__
        pid = os.getpid()
        return JSONResponse(
            {"version": version, "protocol": PROTOCOL, "pid": pid, "jobs": sorted(jobs)}
        )

    @router.post("/stop", response_model=forms.Stopping)
    def stop() -> Response:
        """Finish the current window, and end; unfinished jobs stay in the queue."""
        asked_to_stop()
        return JSONResponse({"stopping": True})

    return router


def _jobs(engine: EnginePort) -> APIRouter:
    router = APIRouter(prefix="/jobs")

    @router.post("", status_code=201, response_model=forms.JobNumber)
    def submit(request: forms.JobRequestBody) -> Response:
        """Put a job at the end of the queue."""
        job = engine.queue.add(_parsed(request.model_dump(exclude_unset=True, exclude_none=True)))
        return JSONResponse({"job": job}, 201)

    @router.get("", response_model=forms.StatusesWire)
    def jobs() -> Response:
        """The status of every job: unfinished in the order of the queue, then the others."""
        return JSONResponse({"jobs": [status_to_wire(each) for each in engine.queue.all()]})

    @router.get("/{job:digits}", response_model=forms.StatusWire)
    def status(job: Number) -> Response:
        """The status of a job."""
        return JSONResponse(status_to_wire(engine.queue.status(job)))

    @router.get("/{job:digits}/results/{number:digits}", response_model=forms.ResultWire)
    def result(job: Number, number: Number) -> Response:
        """The subtitles of an input."""
        return JSONResponse(result_to_wire(engine.queue.result(job, number)))

    queue = engine.queue
    for name, act in (
        ("cancel", queue.cancel),
        ("pause", queue.pause),
        ("resume", queue.resume),
        ("first", queue.first),
    ):
        _add_steering(router, engine, name, act)
    return router


def _add_steering(
    router: APIRouter, engine: EnginePort, name: str, act: Callable[[int], None]
) -> None:
    @router.post(f"/{{job:digits}}/{name}", name=name, response_model=forms.StatusWire)
    def steer(job: Number) -> Response:
        act(job)
        return JSONResponse(status_to_wire(engine.queue.status(job)))


def _news(engine: EnginePort, notifier: Notifier) -> APIRouter:
    router = APIRouter(prefix="/jobs/{job:digits}")

    @router.get("/news", response_model=forms.News)
    def news(job: Number, start: From) -> Response:
        """The new events, at once."""
        status = engine.queue.status(job)
        return JSONResponse(
            {"news": engine.feed.since(job, start.after), "status": status_to_wire(status)}
        )

    @router.get("/events", response_class=Response, responses={200: STREAM})
    async def events(job: Number, start: From, since: Since = None) -> Response:
        """The events as they come, to the job's end."""
        await run_in_threadpool(engine.queue.status, job)
        return EventStream(messages(engine, notifier, job, start.after if since is None else since))

    return router


def _parsed(asked: dict[str, Any]) -> JobRequest:
    """The request. Raises RecueError's children where it is valid JSON, but cannot be done."""
    try:
        json.dumps(asked, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:  # half a surrogate pair, or a number that is none
        raise RequestRefused("it holds what is no text or no number") from None
    request = request_from_wire(asked)
    refuse_paths(request)
    return request
