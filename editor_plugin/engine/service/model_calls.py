"""The HTTP calls for models: which there are, and fetching, verifying and removing them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import JSONResponse, Response

from editor_plugin.engine.service import model_forms
from editor_plugin.engine.service.ports import EnginePort

Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,100}$")]


def models_of(engine: EnginePort) -> APIRouter:
    """The models of the catalogue."""
    router = APIRouter(prefix="/models")
    keeper = engine.models

    @router.get("", response_model=model_forms.ModelsWire)
    def models() -> Response:
        """Every model of the catalogue, those on this machine first."""
        return JSONResponse({"models": keeper.all()})

    for name, act in (("fetch", keeper.fetch), ("pause", keeper.pause), ("verify", keeper.verify)):
        _add_action(router, engine, name, act)

    @router.delete("/{name}", response_model=model_forms.ModelWire)
    def remove(name: Name) -> Response:
        """Delete a model, or what was fetched of it; a fetch is stopped."""
        keeper.remove(name)
        return JSONResponse(keeper.one(name))

    return router


def _add_action(
    router: APIRouter, engine: EnginePort, action: str, act: Callable[[str], None]
) -> None:
    @router.post(f"/{{name}}/{action}", name=action, response_model=model_forms.ModelWire)
    def do(name: Name) -> Response:
        act(name)
        return JSONResponse(engine.models.one(name))
