"""The calls about watched folders."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path as FilePath
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from editor_plugin.core.errors import RequestRefused
from editor_plugin.engine.service import forms
from editor_plugin.engine.service.asked_paths import refuse_name
from editor_plugin.engine.service.ports import EnginePort
from editor_plugin.engine.watching.watches import WatchRequest

Number = Annotated[int, Path(ge=0, le=forms.MOST)]


class WatchBody(forms.Asked):
    """A folder to watch; without `output`, the subtitles are put beside each file. `rate` is for
    EDLs."""

    folder: forms.Text
    output: forms.Text | None = None
    formats: list[forms.Format] = Field(["srt"], min_length=1, max_length=20)
    media_folders: list[forms.Text] = Field([], max_length=100)
    rate: forms.Rate | None = None


class DeedWire(BaseModel):
    """What was done of one file, and when (ISO 8601); `ok`: it has subtitles now."""

    name: str
    at: str
    ok: bool
    text: str


class WatchWire(BaseModel):
    """A watched folder, with the last 50 things that were done there, the newest last."""

    id: int
    folder: str
    output: str | None
    formats: list[str]
    state: Literal["watching", "paused", "away"]
    done: list[DeedWire]


class WatchesWire(BaseModel):
    """Every watched folder."""

    watches: list[WatchWire]


def watches_of(engine: EnginePort) -> APIRouter:
    """Watched folders: listed, added, paused, removed."""
    router = APIRouter(prefix="/watches")
    watches = engine.watches

    @router.get("", response_model=WatchesWire)
    def listed() -> Response:
        """Every watched folder, with what was done there."""
        return JSONResponse({"watches": watches.all()})

    @router.post("", status_code=201, response_model=WatchWire)
    def add(asked: WatchBody) -> Response:
        """Watch a folder."""
        return JSONResponse(watches.add(_request(asked)), 201)

    @router.post("/{number:digits}/pause", response_model=WatchWire)
    def pause(number: Number) -> Response:
        """Look no more; what has begun goes on."""
        return JSONResponse(watches.pause(number))

    @router.post("/{number:digits}/resume", response_model=WatchWire)
    def resume(number: Number) -> Response:
        """Go on watching; what was put there meanwhile is done, too."""
        return JSONResponse(watches.pause(number, False))

    @router.delete("/{number:digits}", response_model=WatchWire)
    def remove(number: Number) -> Response:
        """Take a folder off the list; every file stays."""
        return JSONResponse(watches.remove(number))

    return router


def _request(asked: WatchBody) -> WatchRequest:
    output = None if asked.output is None else _folder(asked.output)
    media = tuple(map(_folder, asked.media_folders))
    rate = None if asked.rate is None else Fraction(asked.rate)
    formats = tuple(dict.fromkeys(asked.formats))
    return WatchRequest(_folder(asked.folder), output, formats, media, rate)


def _folder(text: str) -> FilePath:
    """An absolute path. Raises RequestRefused for another, and for what belongs to the system."""
    path = FilePath(text)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise RequestRefused("a path in it is no text") from None
    if not path.is_absolute() or ".." in path.parts:
        raise RequestRefused(f"the path “{text}” is not absolute")
    refuse_name(text, sys.platform == "win32")
    return path
