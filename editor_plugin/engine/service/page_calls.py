"""The HTTP calls by which a browser gets the page's own files."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from editor_plugin import page


def page_files() -> APIRouter:
    """The page's files, without the token, as they contain no data."""
    router = APIRouter(include_in_schema=False)
    for path, file in page.FILES.items():
        _add_file(router, path, file)
    return router


def _add_file(router: APIRouter, path: str, file: page.PageFile) -> None:
    @router.get(path)
    def get() -> Response:
        return Response(file.content(), 200, page.HEADERS, media_type=file.kind)
