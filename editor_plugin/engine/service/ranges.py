"""Answers with a part of some content (RFC 9110, 14), as players ask for it.

Starlette's FileResponse has ranges, too. But it looks at a file and opens it, by its name, in two
steps, so that of one that is replaced in between the old size is told and the new content sent; of
several ranges it refuses all where one is too late; and its refusals have another form.
"""

from __future__ import annotations

import asyncio
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from editor_plugin.engine.service.listening import ABORT
from editor_plugin.engine.service.refusals import refused
from editor_plugin.engine.service.streaming import disconnected
from editor_plugin.engine.slow_work import SlowWork

PIECE_BYTES = 256 * 1024
READ_SECONDS = 60.0
"""For a piece; a drive that takes longer does not answer."""
NOT_SATISFIABLE = 416
_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)
ALONE = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Headers by which content is played and nothing else, and by no other page."""


class RangeTooLate(Exception):
    """A range begins behind the end."""


def wanted(header: str | None, size: int) -> tuple[int, int] | None:
    """The bytes [start, end) that a Range header asks for; None for all of them: where there is no
    header, or one that is to be ignored (another unit, an end before its start, no range at all),
    and where it asks for several ranges, which no player does. Raises RangeTooLate."""
    found = _RANGE.fullmatch(header or "")
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= size:
        raise RangeTooLate
    return start, end


@dataclass(frozen=True)
class PlayedContent:
    """Bytes to be played: how many, a mark that changes with them, a function that reads some from
    a position on, and one that is called when nothing more is read. Both may hang."""

    size: int
    etag: str
    read: Callable[[int, int], bytes]
    close: Callable[[], object] = lambda: None


def of_file(file: BinaryIO) -> PlayedContent:
    """The content of an open file."""
    about = os.fstat(file.fileno())
    numbers = (about.st_ino, about.st_size, about.st_mtime_ns)

    def read(start: int, size: int) -> bytes:
        file.seek(start)
        return file.read(size)

    etag = '"{:x}-{:x}-{:x}"'.format(*numbers)
    return PlayedContent(about.st_size, etag, read, file.close)


def of_bytes(content: bytes) -> PlayedContent:
    """Bytes that are in memory."""
    etag = f'"{sha256(content).hexdigest()[:32]}"'
    return PlayedContent(len(content), etag, lambda start, size: content[start : start + size])


class RangeResponse(Response):
    """The answer to a GET or HEAD. It ends when its reader goes, and breaks off where less can be
    read than was said. `kept` is left at its end. A file that grows is sent as long as it was."""

    def __init__(
        self,
        content: PlayedContent,
        kind: str,
        reads: SlowWork,
        kept: AbstractContextManager[object] | None = None,
    ) -> None:
        super().__init__(headers=ALONE, media_type=kind)
        self._content = content
        self._reads = reads
        self._kept = kept or nullcontext()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is asked for."""
        with self._kept, closing_aside(self._content):
            size, headers = self._content.size, Headers(scope=scope)
            try:
                part = self._part(headers)
            except RangeTooLate:
                told = {**ALONE, "Content-Range": f"bytes */{size}"}
                too_late = refused("it asks for what is behind the end", NOT_SATISFIABLE, told)
                await too_late(scope, receive, send)
                return
            start, end = part or (0, size)
            self.headers["content-length"] = str(end - start)
            self.headers["etag"] = self._content.etag
            if part:
                self.headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
            await send(
                {
                    "type": "http.response.start",
                    "status": 206 if part else 200,
                    "headers": self.raw_headers,
                }
            )
            if scope["method"] == "HEAD":
                start = end
            await self._send(scope, receive, send, start, end)

    def _part(self, headers: Headers) -> tuple[int, int] | None:
        ranges, conditions = headers.getlist("range"), headers.getlist("if-range")
        if len(ranges) != 1 or any(each != self._content.etag for each in conditions):
            return None
        return wanted(ranges[0], self._content.size)

    async def _send(self, scope: Scope, receive: Receive, send: Send, start: int, end: int) -> None:
        gone = asyncio.create_task(disconnected(receive))
        try:
            while start < end and not gone.done():
                piece = await self._read(start, min(PIECE_BYTES, end - start))
                if not piece:
                    scope["state"][ABORT]()  # so that nobody takes what is there for the whole
                    await gone
                    return
                start += len(piece)
                await _sent(send, piece, start < end)
            if start == end and not gone.done():
                await _sent(send, b"", False)
        finally:
            gone.cancel()
            await asyncio.gather(gone, return_exceptions=True)

    async def _read(self, start: int, size: int) -> bytes:
        """A piece; nothing where none can be read."""
        try:
            return await self._reads.done(lambda: self._content.read(start, size), READ_SECONDS)
        except (OSError, ValueError):  # a timeout is an OSError, too
            return b""


@contextmanager
def closing_aside(content: PlayedContent) -> Iterator[None]:
    """Close content afterwards, in a thread of its own: a file waits for whoever reads it, and a
    drive that does not answer must not be waited for here."""
    try:
        yield
    finally:
        threading.Thread(target=content.close, daemon=True).start()


async def _sent(send: Send, piece: bytes, more: bool) -> None:
    await send({"type": "http.response.body", "body": piece, "more_body": more})
