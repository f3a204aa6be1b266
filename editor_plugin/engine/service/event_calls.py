"""The HTTP call that tells the state of the engine, in one stream."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.responses import Response

from editor_plugin.engine.service import forms
from editor_plugin.engine.service.ports import EnginePort
from editor_plugin.engine.service.streaming import EventStream, Notifier, changes

From = Annotated[forms.From, Query()]
Since = Annotated[int | None, Header(alias="Last-Event-ID", ge=0, le=forms.MOST)]
STREAM = {"content": {"text/event-stream": {"schema": {"type": "string"}}}}


def state_of(engine: EnginePort, notifier: Notifier) -> APIRouter:
    """The state of the engine."""
    router = APIRouter()

    @router.get("/events", response_class=Response, responses={200: STREAM})
    async def events(start: From, since: Since = None) -> Response:
        """The state of the engine, and what changes in it from then on; what has changed since the
        message `after`, where that is known."""
        return EventStream(changes(engine, notifier, start.after if since is None else since))

    return router
