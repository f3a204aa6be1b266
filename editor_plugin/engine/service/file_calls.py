"""The calls by which the page shows this computer's folders: see engine.browsing.

A drive that does not answer is waited for a few seconds, in a thread of its own.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from editor_plugin.core.errors import FolderUnreadable, RequestRefused
from editor_plugin.engine.browsing.listing import FolderEntry, FolderListing, list_folder
from editor_plugin.engine.browsing.places import MediaPlace, places
from editor_plugin.engine.service.asked_paths import SYSTEM_FOLDERS, refuse_name
from editor_plugin.engine.service.file_forms import FolderAsked, FolderWire, PlacesWire
from editor_plugin.engine.service.ports import EnginePort
from editor_plugin.engine.slow_work import SlowWork

LISTING_SECONDS = 10.0
"""For a folder; one with 5,000 files takes a second on a slow network drive."""
PLACE_SECONDS = 1.0
"""For one place; one that does not answer is left out."""
MOST_LISTINGS = 32
MOST_PLACES = 128

Asked = Annotated[FolderAsked, Query()]


def files_of(engine: EnginePort) -> APIRouter:
    """Places and folders."""
    router = APIRouter()
    listings, looks = SlowWork(MOST_LISTINGS), SlowWork(MOST_PLACES)

    async def is_there(place: MediaPlace) -> bool:
        try:
            return await looks.done(lambda: _is_usable(place.path), PLACE_SECONDS, place.path)
        except (TimeoutError, OSError):
            return False

    @router.get("/places", response_model=PlacesWire)
    async def get_places() -> Response:
        """Where to look for media: the user's folders, drives, and where media came from last."""
        database, uploads = engine.store.database, engine.uploads.folder
        found = await run_in_threadpool(places, database, uploads)
        good = await asyncio.gather(*map(is_there, found))
        told = [_place(place) for place, is_good in zip(found, good, strict=True) if is_good]
        return JSONResponse({"places": told})

    @router.get("/files", response_model=FolderWire)
    async def get_folder(asked: Asked) -> Response:
        """The folders, media and timelines in a folder."""
        try:
            found = await listings.done(
                lambda: _listed(asked.folder, asked.like), LISTING_SECONDS, asked.folder
            )
        except TimeoutError:
            raise FolderUnreadable(asked.folder, "its drive does not answer") from None
        return JSONResponse(_listing(found))

    return router


def _listed(folder: str, like: str) -> FolderListing:
    if not os.path.isabs(folder):
        raise FolderUnreadable(folder, "it is not named from the root of a drive on")
    try:
        refuse_name(folder, sys.platform == "win32")
    except (RequestRefused, OSError, ValueError):
        raise FolderUnreadable(folder, "it is not a folder for media") from None
    return list_folder(Path(os.path.abspath(folder)), like)


def _is_usable(path: str) -> bool:
    return os.path.isdir(path) and os.access(path, os.R_OK)


def _place(place: MediaPlace) -> dict[str, str]:
    return {"name": place.name, "path": place.path, "kind": place.kind}


def _listing(found: FolderListing) -> dict[str, Any]:
    return {
        "folder": found.folder,
        "parent": found.parent,
        "entries": [_entry(each) for each in found.entries if each.path not in SYSTEM_FOLDERS],
        "more": found.more,
        "notes": list(found.notes),
    }


def _entry(entry: FolderEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "path": entry.path,
        "kind": entry.kind,
        "bytes": entry.size,
        "modified": entry.modified,
    }
