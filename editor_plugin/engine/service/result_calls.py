"""The calls that give a job's subtitles as files, and take an ended job off the list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from starlette.responses import JSONResponse, Response, StreamingResponse

from editor_plugin.core.errors import JobUnknown, SettingsInvalid
from editor_plugin.engine.export import WRITERS, Result
from editor_plugin.engine.jobs.result_files import content, file_name, zipped
from editor_plugin.engine.plain_names import plain_stem
from editor_plugin.engine.service import forms
from editor_plugin.engine.service.ports import EnginePort

Number = Annotated[int, Path(ge=0, le=forms.MOST)]
Format = Annotated[forms.Format, Path()]
Formats = Annotated[str, Query(min_length=1, max_length=500)]


def _file(kind: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}}}}}


def results_of(engine: EnginePort) -> APIRouter:
    """Files of results, and the end of a job's stay in the list."""
    router = APIRouter(prefix="/jobs/{job:digits}")
    text, archive = "application/octet-stream", "application/zip"

    @router.get("/results/{number:digits}/files/{format}", responses=_file(text))
    def result_file(job: Number, number: Number, format: Format) -> Response:
        """The subtitles of an input as a file."""
        result = engine.queue.whole(job, number)
        headers = _saved_as(file_name(result, format))
        return Response(content(result, format), 200, headers, media_type=text)

    @router.get("/files.zip", responses=_file(archive))
    def all_files(job: Number, formats: Formats) -> Response:
        """The subtitles of every input that has some, in these formats, as a zip."""
        chosen = _known(formats)
        results = _results(engine, job)
        first = next(results, None)
        if first is None:
            raise JobUnknown(f"{job} with a result")
        headers = _saved_as(plain_stem(first.name) + ".zip")
        pieces = zipped(chain([first], results), chosen)
        return StreamingResponse(pieces, 200, headers, media_type=archive)

    @router.delete("", response_model=forms.JobNumber)
    def remove(job: Number) -> Response:
        """Take an ended job off the list."""
        engine.queue.remove(job)
        return JSONResponse({"job": job})

    return router


def _known(formats: str) -> list[str]:
    chosen = list(dict.fromkeys(formats.split(",")))
    for name in chosen:
        if name not in WRITERS:
            raise SettingsInvalid("a format", name, f"one of {', '.join(WRITERS)}")
    return chosen


def _results(engine: EnginePort, job: int) -> Iterator[Result]:
    for number in range(len(engine.queue.status(job).inputs)):
        with suppress(JobUnknown):  # it failed
            yield engine.queue.whole(job, number)


def _saved_as(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
