"""The guard in front of every call: it checks the caller, and limits the size of requests.

A page in the user's browser can send requests to 127.0.0.1, too: under a host name that points
there, or from its own origin. Both are recognised by headers that a page cannot change.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from editor_plugin.core.errors import EngineForeign, MediaAddressEnded
from editor_plugin.core.handshake import MOST_BODY_BYTES
from editor_plugin.engine.log import LOG
from editor_plugin.engine.service import refusals
from editor_plugin.engine.service.access import Access
from editor_plugin.engine.service.listening import FOREIGN, TRUST
from editor_plugin.engine.service.media_addresses import token_in
from editor_plugin.engine.service.refusals import refused
from editor_plugin.page import FILES

PROOF, SESSIONS = "/proof/", "/sessions"
"""Calls without the token; neither they nor the page's files contain data of the user."""
PLAYED = frozenset(("audio", "empty", "video"))
"""For what a page may ask for media (Sec-Fetch-Dest): not to show them as a page or in a frame."""
SHOWN = "shown"
"""The key, in a request's state, of the token or secret that it has shown."""
BODY_SECONDS = 30.0
"""For a whole body; on one machine 32 MiB take a tenth of a second."""


class _Disconnected(Exception):
    """The caller has disconnected."""


@dataclass
class Activity:
    """The number of open calls, and the end of the last one (time.monotonic)."""

    open: int = 0
    last: float = field(default_factory=time.monotonic)


class Guard:
    """ASGI middleware. `port` is set when it is known."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.port = 0
        self.activity = Activity()
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a call that is not allowed; pass on the others with their body."""
        if scope["type"] != "http":
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        self.activity.open += 1
        try:
            await self._pass_on(scope, receive, send)
        finally:
            self.activity.open -= 1
            self.activity.last = time.monotonic()

    def _refusal(self, scope: Scope) -> Response | None:
        if scope["state"].get(FOREIGN):
            return refusals.refusal(EngineForeign(), refusals.FORBIDDEN, {"Connection": "close"})
        headers = Headers(scope=scope)
        ours = {f"127.0.0.1:{self.port}", f"localhost:{self.port}"}
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in ours:
            return refused("it was sent to another host", refusals.MISDIRECTED)
        origins = {f"http://{each}" for each in ours}
        if any(origin not in origins for origin in headers.getlist("origin")):
            return refused("it comes from a foreign page", refusals.FORBIDDEN)
        token_of_media = token_in(scope["path"])
        if token_of_media is not None and scope["method"] in ("GET", "HEAD"):
            return self._media_refusal(scope, headers, token_of_media)
        if scope["path"].startswith(PROOF) or scope["path"] in (SESSIONS, *FILES):
            return _body_refusal(headers)
        shown = headers.getlist("authorization")
        kind, _, token = shown[0].partition(" ") if len(shown) == 1 else ("", "", "")
        if kind.lower() != "bearer" or not self._access.allows(token):
            needed = {"WWW-Authenticate": "Bearer"}
            return refused("it does not show the token", refusals.UNKNOWN_CALLER, needed)
        scope["state"][TRUST]()
        scope["state"][SHOWN] = token
        return None

    def _media_refusal(self, scope: Scope, headers: Headers, token: str) -> Response | None:
        """Media are played without Authorization, from our own page and by their own token only.
        Browsers say from where and for what they ask; nothing else has to."""
        sites, uses = headers.getlist("sec-fetch-site"), headers.getlist("sec-fetch-dest")
        if sites != ["same-origin"] or not PLAYED.issuperset(uses):
            return refused("it comes from a foreign page", refusals.FORBIDDEN)
        if not self._access.media.knows(token):
            return refusals.refusal(MediaAddressEnded(), refusals.NOT_THERE)
        scope["state"][TRUST]()
        return _body_refusal(headers)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
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
        except _Disconnected:
            return
        except Exception:
            LOG.exception("unexpected error in a call of %s", scope["method"])
            if not begun:
                await refusals.broken()(scope, receive, send)

    async def _body(self, headers: Headers, receive: Receive) -> bytes | Response:
        """The whole body, or the refusal of one that is too large or incomplete."""
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
                        raise _Disconnected
                    piece = message.get("body", b"")
                    size += len(piece)
                    if size > MOST_BODY_BYTES:
                        return too_large
                    pieces.append(piece)
                    if not message.get("more_body", False):
                        return b"".join(pieces)
        except TimeoutError:
            late = "its body is incomplete"
            return refused(late, refusals.MALFORMED, {"Connection": "close"})


def _body_refusal(headers: Headers) -> Response | None:
    """The refusal of a body, where a call without the token has one."""
    if headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers:
        return None
    return refused("this call takes no body", refusals.TOO_LARGE, {"Connection": "close"})


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A receive function that returns a body which was read already, then what comes after it."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
