"""The calls by which the page plays media: see media_addresses.

Only what a job, an upload or the store knows can be played.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from fractions import Fraction
from pathlib import Path as FilePath
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import JSONResponse, Response

from editor_plugin.core.errors import MediaMissing, MediaUnreadable, RecueError, RequestRefused
from editor_plugin.core.jobs.request import files_read
from editor_plugin.core.timeline import Media
from editor_plugin.engine.media.probe import MediaInfo, inspect
from editor_plugin.engine.media.sound_span import MOST_SECONDS, sound_of
from editor_plugin.engine.plain_files import open_plain
from editor_plugin.engine.service import forms
from editor_plugin.engine.service.access import Access
from editor_plugin.engine.service.asked_paths import refuse_name
from editor_plugin.engine.service.file_forms import MediaAddressAsked, MediaAddressWire, MediaByPath
from editor_plugin.engine.service.guard import SHOWN
from editor_plugin.engine.service.media_addresses import MEDIA, TOKEN
from editor_plugin.engine.service.ports import EnginePort
from editor_plugin.engine.service.ranges import PlayedContent, RangeResponse, of_bytes, of_file
from editor_plugin.engine.service.streaming import disconnected
from editor_plugin.engine.slow_work import SlowWork
from editor_plugin.engine.store.identity import is_known_path, paths_of

OPENING_SECONDS = 15.0
SOUND_SECONDS = 120.0
"""For a span of sound: in formats without an index, all that is before it is decoded."""
MOST_READS, MOST_LOOKS, MOST_SOUNDS = 64, 16, 4
"""At once. Each sound is an ffmpeg."""
KINDS = {
    **dict.fromkeys((".f4v", ".m4v", ".mov", ".mp4"), "video/mp4"),
    **dict.fromkeys((".aif", ".aiff"), "audio/aiff"),
    **dict.fromkeys((".m4a", ".m4b"), "audio/mp4"),
    **dict.fromkeys((".oga", ".ogg", ".opus"), "audio/ogg"),
    **dict.fromkeys((".bwf", ".wav"), "audio/wav"),
    ".aac": "audio/aac",
    ".flac": "audio/flac",
    ".mka": "audio/x-matroska",
    ".mkv": "video/x-matroska",
    ".mp3": "audio/mpeg",
    ".ogv": "video/ogg",
    ".webm": "video/webm",
}
"""What browsers play, by suffix. A .mov is told as the .mp4 that it nearly is, for Firefox."""
OTHER_KIND = "application/octet-stream"

MediaToken = Annotated[str, Path(pattern=f"^{TOKEN}$")]
Start = Annotated[float, Query(ge=0, le=forms.LATEST)]
Length = Annotated[float, Query(gt=0, le=MOST_SECONDS)]
Part = Annotated[int, Query(ge=0, le=10_000)]
Done = TypeVar("Done")


def addresses_of(engine: EnginePort, access: Access) -> APIRouter:
    """The making of addresses."""
    router = APIRouter()
    looks = SlowWork(MOST_LOOKS)

    @router.post("/media-addresses", status_code=201, response_model=MediaAddressWire)
    async def new_address(asked: MediaAddressAsked, request: Request) -> Response:
        """Make an address for a media file, good until ten minutes after its last use."""
        name = asked.path if isinstance(asked, MediaByPath) else f"stored {asked.stored}"
        info = await _patient(looks, lambda: inspect(_file(engine, asked)), name)
        token = access.media.add(info.path, request.scope["state"][SHOWN])
        return JSONResponse(_address(token, info), 201)

    return router


def played(access: Access) -> APIRouter:
    """Media and their sound, by their addresses."""
    router = APIRouter(prefix=MEDIA + "{token}")
    reads, sounds = SlowWork(MOST_READS), SlowWork(MOST_SOUNDS)
    turns = asyncio.Semaphore(MOST_SOUNDS)

    @router.head("", include_in_schema=False)
    @router.get("", response_class=Response, responses=_content(OTHER_KIND, {206: "a range"}))
    async def media(token: MediaToken) -> Response:
        """A media file, or a range of it."""
        with ExitStack() as stack:
            path = stack.enter_context(access.media.used(token))
            content = await _patient(reads, lambda: _opened(path), str(path))
            kind = KINDS.get(path.suffix.lower(), OTHER_KIND)
            # Until the end of the answer, the address is in use.
            return RangeResponse(content, kind, reads, stack.pop_all())

    @router.get("/sound", response_class=Response, responses=_content("audio/wav", {206: "part"}))
    async def sound(
        token: MediaToken,
        start: Start,
        seconds: Length,
        request: Request,
        stream: Part | None = None,
        channel: Part | None = None,
    ) -> Response:
        """The sound of a span, for what a browser cannot play: 16 kHz, 16 bit, mono."""
        cancel = threading.Event()
        span = Fraction(str(start)), Fraction(str(seconds))

        async def made(path: FilePath) -> bytes:
            source = Media(str(path), stream, channel)
            async with turns:
                work = sounds.done(lambda: sound_of(source, *span, cancel), SOUND_SECONDS)
                return await work

        with access.media.used(token) as path:
            making = asyncio.create_task(made(path))
            gone = asyncio.create_task(disconnected(request.receive))
            try:
                await asyncio.wait({making, gone}, return_when=asyncio.FIRST_COMPLETED)
                if not making.done():
                    return Response()  # to nobody
                content = making.result()
            except TimeoutError:
                raise _silent(str(path)) from None
            finally:
                cancel.set()
                for each in (making, gone):
                    each.cancel()
                await asyncio.gather(making, gone, return_exceptions=True)
        return RangeResponse(of_bytes(content), "audio/wav", reads)

    return router


def _content(kind: str, more: dict[int | str, str]) -> dict[int | str, dict[str, Any]]:
    whole = {"content": {kind: {"schema": {"type": "string", "format": "binary"}}}}
    parts = {status: {**whole, "description": why} for status, why in more.items()}
    refusal = {"model": forms.Refusal, "description": "a range behind the end"}
    return {200: whole, **parts, 416: refusal}


async def _patient(slow: SlowWork, work: Callable[[], Done], name: str) -> Done:
    try:
        return await slow.done(work, OPENING_SECONDS)
    except TimeoutError:
        raise _silent(name) from None


def _silent(name: str) -> MediaUnreadable:
    return MediaUnreadable(name, "its drive does not answer")


def _opened(path: FilePath) -> PlayedContent:
    try:
        return of_file(open_plain(path))
    except FileNotFoundError:
        raise MediaMissing(str(path)) from None
    except OSError as error:
        raise MediaUnreadable(str(path), error.strerror or "") from None


def _file(engine: EnginePort, asked: MediaAddressAsked) -> FilePath:
    """The file that may be played. Raises RequestRefused, MediaMissing."""
    if not isinstance(asked, MediaByPath):
        paths = [FilePath(each) for each in paths_of(engine.store.database, asked.stored)]
        for path in paths:
            if path.is_file():
                return path
        raise MediaMissing(str(paths[0]) if paths else f"stored under {asked.stored}")
    path = FilePath(asked.path)
    refuse_name(asked.path, sys.platform == "win32")
    if not _is_known(engine, path):
        raise RequestRefused(f"“{path}” is of no job, upload or transcript")
    return path


def _is_known(engine: EnginePort, path: FilePath) -> bool:
    if engine.uploads.holds(path) or is_known_path(engine.store.database, path):
        return True
    for job in engine.queue.numbers():
        with suppress(RecueError):  # it has gone, or another version has kept it
            if any(path in files_read(order) for order in engine.queue.request(job).orders):
                return True
    return False


def _address(token: str, info: MediaInfo) -> dict[str, Any]:
    return {
        "address": MEDIA + token,
        "kind": "audio" if info.picture is None else "video",
        "seconds": None if info.duration is None else float(info.duration),
    }
