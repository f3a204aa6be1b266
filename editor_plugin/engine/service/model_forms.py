"""The forms of answers about models."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from editor_plugin.engine.service.forms import ErrorWire


class ModelWire(BaseModel):
    """A model of the catalogue. `bytes` is the size of its file, about where it is not here;
    `received` that of an unfinished fetch. `speed` is how many times faster than its sound it was
    on this machine. `error` is that of the last fetch or verification."""

    name: str
    title: str
    about: str
    is_here: bool
    is_demo: bool
    is_default: bool
    bytes: int
    received: int
    languages: list[str]
    licence: str
    licence_url: str | None
    source: str | None
    speed: float | None
    doing: Literal["waiting", "fetching", "paused", "verifying"] | None
    error: ErrorWire | None


class ModelsWire(BaseModel):
    """Every model of the catalogue, those on this machine first."""

    models: list[ModelWire]
