"""The answers to calls that failed, which all have one form."""

from __future__ import annotations

import json
from collections.abc import Mapping

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from editor_plugin.core.errors import (
    JobUnknown,
    MediaAddressEnded,
    ModelUnknown,
    RecueError,
    RequestRefused,
    StoredUnknown,
    UploadUnknown,
    WatchUnknown,
)

MALFORMED, UNKNOWN_CALLER, FORBIDDEN, NOT_THERE, IMPOSSIBLE = 400, 401, 403, 404, 409
TOO_LARGE, MISDIRECTED, WRONG_FORM, BROKEN = 413, 421, 422, 500
UNKNOWN = (
    *(JobUnknown, ModelUnknown, StoredUnknown, UploadUnknown, WatchUnknown),
    MediaAddressEnded,
)
"""Errors of a thing that is asked for by its number or name, and is not there."""


def refusal(error: RecueError, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """The answer that carries an error."""
    content = json.dumps({"error": error.to_wire()}).encode()
    return Response(content, status, headers, media_type="application/json")


def refused(reason: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a refused request."""
    return refusal(RequestRefused(reason), status, headers)


def wrong_inside() -> RecueError:
    """The error for a defect of the engine; the details are in its log."""
    return RecueError(
        "Something went wrong inside Recue's engine.",
        "Try again; if it happens again, send us Recue's log.",
    )


def broken() -> Response:
    """The answer where the engine has a defect."""
    return refusal(wrong_inside(), BROKEN)


async def on_error(request: Request, error: Exception) -> Response:
    """Answer a RecueError: not found, not allowed, or not possible at present."""
    assert isinstance(error, RecueError)
    in_path = request.url.path.startswith("/models/")  # else a job asks for it
    if isinstance(error, UNKNOWN) and (in_path or not isinstance(error, ModelUnknown)):
        return refusal(error, NOT_THERE)
    return refusal(error, FORBIDDEN if isinstance(error, RequestRefused) else IMPOSSIBLE)


async def on_wrong_form(_request: Request, error: Exception) -> Response:
    """Answer a request of an invalid form, without repeating its content."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return refused("it is not JSON", MALFORMED)
    place = ".".join(str(each) for each in first["loc"] if each != "body")
    return refused(f"{place or 'its body'}: {first['msg']}", WRONG_FORM)


async def on_http(_request: Request, error: Exception) -> Response:
    """Answer a call that does not exist."""
    assert isinstance(error, HTTPException)
    reasons = {NOT_THERE: "there is no such call", 405: "this call has another method"}
    reason = reasons.get(error.status_code, "it is malformed")
    return refused(reason, error.status_code, error.headers)


async def on_broken(_request: Request, _error: Exception) -> Response:
    """Answer any other exception, which the guard logs."""
    return broken()
