"""The HTTP calls by which a caller and the engine get to trust each other: see access."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query
from starlette.responses import JSONResponse, Response

from editor_plugin.engine.service import forms
from editor_plugin.engine.service.access import Access

Nonce = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Name = Annotated[str | None, Query(pattern="^[0-9a-f]{32}$")]
Ticket = Annotated[str, Header(alias="Recue-Ticket", pattern="^[A-Za-z0-9_-]{43}$")]


def open_to_all(access: Access) -> APIRouter:
    """The calls without the token."""
    router = APIRouter()

    @router.get("/proof/{nonce}", response_model=forms.Proof)
    async def prove(nonce: Nonce, session: Name = None) -> Response:
        """Show that this is the engine that wrote engine.json, or opened the session."""
        return JSONResponse({"proof": access.proof(nonce, session)})

    @router.post("/sessions", status_code=201, response_model=forms.SessionWire)
    async def open_session(ticket: Ticket) -> Response:
        """Exchange the ticket of the page's address for a session."""
        return JSONResponse(asdict(access.exchange(ticket)), 201)

    return router


def tickets_of(access: Access) -> APIRouter:
    """The making of tickets."""
    router = APIRouter()

    @router.post("/tickets", status_code=201, response_model=forms.TicketWire)
    def new_ticket() -> Response:
        """Make a ticket for the page's address: good once, for a minute."""
        return JSONResponse({"ticket": access.new_ticket()}, 201)

    return router
