"""Who may talk to the engine, and how much at once: in front of every call.

A page in the user's browser can send requests to 127.0.0.1, too: under a name that its owner lets
point there, or from its own origin. Both are told by headers that a page cannot change.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from editor_plugin.core.handshake import MOST_BODY_BYTES
from editor_plugin.engine.log import LOG
from editor_plugin.engine.page import FILES
from editor_plugin.engine.service import refusals
from editor_plugin.engine.service.refusals import refused

OPEN_TO_ALL = "/proof/"
"""And the files of the page: neither tells anything of the user's."""
BODY_SECONDS = 30.0
"""For a whole body; on one machine 32 MiB take a tenth of a second."""


class _Left(Exception):
    """The caller went away."""


@dataclass
class Activity:
    """How many calls are open, and when the last one ended (time.monotonic)."""

    open: int = 0
    last: float = field(default_factory=time.monotonic)


class Guard:
    """ASGI middleware. `port` is set when it is known."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.port = 0
        self.activity = Activity()
        self._app = app
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is not allowed, and pass on the rest with its body."""
        if scope["type"] != "http":
            return
        refusal = self._stranger(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        self.activity.open += 1
        try:
            await self._let_in(scope, receive, send)
        finally:
            self.activity.open -= 1
            self.activity.last = time.monotonic()

    def _stranger(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        ours = {f"127.0.0.1:{self.port}", f"localhost:{self.port}"}
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in ours:
            return refused("it was sent to another host", refusals.MISDIRECTED)
        origins = {f"http://{each}" for each in ours}
        if any(origin not in origins for origin in headers.getlist("origin")):
            return refused("it comes from a foreign page", refusals.FORBIDDEN)
        if scope["path"].startswith(OPEN_TO_ALL) or scope["path"] in FILES:
            return None
        shown = headers.getlist("authorization")
        kind, _, token = shown[0].partition(" ") if len(shown) == 1 else ("", "", "")
        if kind.lower() != "bearer" or not hmac.compare_digest(token.encode(), self._token):
            needed = {"WWW-Authenticate": "Bearer"}
            return refused("it does not show the token", refusals.UNKNOWN_CALLER, needed)
        return None

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            body = await self._body(Headers(scope=scope), receive)
            if isinstance(body, Response):
                await body(scope, receive, send)
                return
            await self._app(scope, _replayed(body, receive), sent)
        except _Left:
            return
        except Exception:
            LOG.exception("unexpected error in a call of %s", scope["method"])
            if not begun:
                await refusals.broken()(scope, receive, send)

    async def _body(self, headers: Headers, receive: Receive) -> bytes | Response:
        """The whole body, or the answer to one that is too large or does not come."""
        too_large = refused("it is too large", refusals.TOO_LARGE, {"Connection": "close"})
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 12 or int(length) > MOST_BODY_BYTES:
            return too_large
        pieces, size = [], 0
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _Left
                    piece = message.get("body", b"")
                    size += len(piece)
                    if size > MOST_BODY_BYTES:
                        return too_large
                    pieces.append(piece)
                    if not message.get("more_body", False):
                        return b"".join(pieces)
        except TimeoutError:
            late = "it did not come to its end"
            return refused(late, refusals.MALFORMED, {"Connection": "close"})


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A receive that gives a body which was read already, then what comes after it."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
