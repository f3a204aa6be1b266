"""The calls by which the page uploads a file, part by part: see engine.uploads."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from editor_plugin.engine.service import forms
from editor_plugin.engine.service.file_forms import UploadAsked, UploadWire
from editor_plugin.engine.service.ports import EnginePort
from editor_plugin.engine.service.refusals import TOO_LARGE, refused
from editor_plugin.engine.uploads import MOST_PART_BYTES, Upload

UploadId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Offset = Annotated[int, Query(ge=0, le=forms.MOST)]
Checksum = Annotated[str, Header(alias="Recue-Checksum", pattern="^[0-9a-f]{64}$")]
CONTENT = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


def uploads_of(engine: EnginePort) -> APIRouter:
    """Uploads: begun, continued, looked at, deleted."""
    router = APIRouter(prefix="/uploads")

    @router.post("", status_code=201, response_model=UploadWire)
    def begin(asked: UploadAsked) -> Response:
        """Begin an upload, for which the disk must have room."""
        return JSONResponse(_wire(engine.uploads.begin(asked.name, asked.bytes)), 201)

    @router.put("/{upload}", response_model=UploadWire, openapi_extra={"requestBody": CONTENT})
    async def add(upload: UploadId, at: Offset, checksum: Checksum, request: Request) -> Response:
        """Add the next part, of up to 8 MiB, whose first byte is byte `at` of the file."""
        content = await request.body()
        if len(content) > MOST_PART_BYTES:
            return refused(f"a part has up to {MOST_PART_BYTES} bytes", TOO_LARGE)
        added = await run_in_threadpool(engine.uploads.add, upload, at, content, checksum)
        return JSONResponse(_wire(added))

    @router.get("/{upload}", response_model=UploadWire)
    def status(upload: UploadId) -> Response:
        """How many bytes have arrived."""
        return JSONResponse(_wire(engine.uploads.status(upload)))

    @router.delete("/{upload}", response_model=UploadWire)
    def delete(upload: UploadId) -> Response:
        """Delete an upload that no unfinished job reads; what it was is the answer."""
        found = engine.uploads.status(upload)
        engine.uploads.delete(upload)
        return JSONResponse({**_wire(found), "path": None})

    return router


def _wire(found: Upload) -> dict[str, Any]:
    return {
        "upload": found.upload,
        "received": found.received,
        "bytes": found.bytes,
        "path": None if found.path is None else str(found.path),
    }
