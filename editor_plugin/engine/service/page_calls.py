"""The HTTP calls of the page: its files, and the upload of timeline files."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from editor_plugin.engine import page
from editor_plugin.engine.service import forms
from editor_plugin.engine.service.ports import EnginePort

Name = Annotated[str, Query(min_length=1, max_length=1000)]
CONTENT = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


def page_files() -> APIRouter:
    """The page's files, without the token, as they contain no data."""
    router = APIRouter(include_in_schema=False)
    for path, file in page.FILES.items():
        _add_file(router, path, file)
    return router


def uploads_of(engine: EnginePort) -> APIRouter:
    """The upload of timeline files."""
    router = APIRouter()

    @router.post(
        "/uploads",
        status_code=201,
        response_model=forms.Uploaded,
        openapi_extra={"requestBody": CONTENT},
    )
    async def upload(request: Request, name: Name) -> Response:
        """Store the content of a timeline file, and return its path."""
        content = await request.body()
        path = await run_in_threadpool(engine.uploads.keep, name, content)
        return JSONResponse({"path": str(path)}, 201)

    return router


def _add_file(router: APIRouter, path: str, file: page.PageFile) -> None:
    @router.get(path)
    def get() -> Response:
        return Response(file.content(), 200, page.HEADERS, media_type=file.kind)
