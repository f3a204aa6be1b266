"""The events of a job, or the state of the engine, as server-sent events, for many readers without
a thread for each."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from editor_plugin.core.errors import RecueError
from editor_plugin.core.jobs.events import StateChanged, event_to_wire
from editor_plugin.core.jobs.status import FINAL_STATES, JobStatus
from editor_plugin.engine.log import LOG
from editor_plugin.engine.service.listening import ABORT
from editor_plugin.engine.service.ports import EnginePort

KEEP_ALIVE_SECONDS = 10.0
GRACE_SECONDS = 0.5
BEAT_SECONDS = 0.25
"""Between two messages about the state: a person sees no difference, and a job tells more often."""
LOAD = 0.1
"""The most of one core that a reader of the state may cost: a job with thousands of files has a
long status, and is told of less often."""
LONGEST_BEAT = 5.0
STILL_HERE = b": still here\n\n"
TOGETHER = 100
"""Messages in one piece: those of a reader who was away may be thousands."""
SEND_SECONDS = 60.0
"""The timeout for a reader to take a message; it may come back with Last-Event-ID."""


class Notifier:
    """Wakes the readers of a job in the event loop when its feed has an event, in any thread, and
    the readers of the state at every change."""

    def __init__(self, engine: EnginePort) -> None:
        self.closing = False
        self._engine = engine
        self._readers: defaultdict[int | None, set[asyncio.Event]] = defaultdict(set)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._unsubscribe = engine.feed.subscribe(self._soon)

    @property
    def readers(self) -> int:
        """The number of readers."""
        return sum(len(each) for each in self._readers.values())

    def close(self) -> None:
        """End every stream. May be called from any thread."""
        self._unsubscribe()
        self.closing = True
        self._call(self._ring_all)

    @contextlib.contextmanager
    def reader(self, job: int | None) -> Iterator[asyncio.Event]:
        """An asyncio.Event that is set whenever the job has an event; None: whenever there is any
        change."""
        self._loop = asyncio.get_running_loop()
        woken = asyncio.Event()
        self._readers[job].add(woken)
        try:
            yield woken
        finally:
            self._readers[job].discard(woken)
            if not self._readers[job]:
                del self._readers[job]

    def _soon(self, job: int | None) -> None:
        self._call(self._ring, job)

    def _call(self, ring: Callable[..., None], *given: int | None) -> None:
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the service has ended
                loop.call_soon_threadsafe(ring, *given)

    def _ring(self, *jobs: int | None) -> None:
        for each in {*jobs, None}:
            for woken in self._readers.get(each, ()):
                woken.set()

    def _ring_all(self) -> None:
        self._ring(*self._readers)


async def messages(
    engine: EnginePort, notifier: Notifier, job: int, after: int
) -> AsyncIterator[bytes]:
    """The events of a job above `after`, to its final state or the engine's end. A job that has
    ended always ends its stream, even where its events were forgotten since. Where the service ends
    and nobody asked the engine to stop (a command was the engine, and has done its own job), no
    message says so: the reader goes on with another engine."""
    with notifier.reader(job) as woken:
        yield b": recue\n\n"  # so that the reader's wait for an answer has an end
        while True:
            woken.clear()
            events = await run_in_threadpool(engine.feed.since, job, after)
            if not events:
                # The status first, then the events: an end in between is not reported twice.
                status = await run_in_threadpool(engine.queue.status, job)
                events = await run_in_threadpool(engine.feed.since, job, after)
                if not events and status.has_ended:
                    # The queue knows the end a moment before the feed.
                    await _rest(woken, GRACE_SECONDS)
                    late = await run_in_threadpool(engine.feed.since, job, after)
                    events = late or [_final(status, after)]
            if events:
                after = events[-1]["id"]
                yield b"".join(_message(event) for event in events)
                if any(_is_final(event) for event in events):
                    return
            elif notifier.closing:
                if engine.stopping.is_set():
                    yield _message({"event": "stopped"})
                return
            else:
                yield await _rest(woken, KEEP_ALIVE_SECONDS)


async def changes(engine: EnginePort, notifier: Notifier, after: int) -> AsyncIterator[bytes]:
    """The state of the engine, and what changes in it after the message `after`, until the engine
    ends, which is told as in `messages`. Nothing is kept for a reader: each time it is told how
    things are, so one that reads slowly is told less often and costs nobody anything."""
    known = after or None
    with notifier.reader(None) as woken:
        yield b": recue\n\n"
        while True:
            woken.clear()
            began = time.monotonic()
            news = await run_in_threadpool(_news, engine, known)
            took = time.monotonic() - began
            if news:
                known = news[-1]["id"]
                for start in range(0, len(news), TOGETHER):
                    yield b"".join(map(_message, news[start : start + TOGETHER]))
                await _pause(notifier, woken, min(max(BEAT_SECONDS, took / LOAD), LONGEST_BEAT))
            elif notifier.closing:
                if engine.stopping.is_set():
                    yield _message({"event": "stopped"})
                return
            elif news is None:
                yield STILL_HERE
                await _pause(notifier, woken, LONGEST_BEAT)
            else:
                yield await _rest(woken, KEEP_ALIVE_SECONDS)


def _news(engine: EnginePort, known: int | None) -> list[dict[str, Any]] | None:
    """What a reader of the state does not know yet; None while it cannot be read."""
    try:
        return engine.state.since(known)
    except RecueError as trouble:  # a damaged store is repaired soon, and another's lock ends
        LOG.warning("the state of the engine cannot be read: %s", trouble)
        return None


async def _pause(notifier: Notifier, woken: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until the service ends. Whoever calls looks at everything afterwards."""
    until = time.monotonic() + seconds
    while not notifier.closing and (left := until - time.monotonic()) > 0:
        woken.clear()
        await _rest(woken, left)


class EventStream(Response):
    """An answer that ends when its reader disconnects, or does not take a message in time."""

    media_type = "text/event-stream"

    def __init__(self, content: AsyncIterator[bytes]) -> None:
        super().__init__(headers={"Cache-Control": "no-store"})
        del self.headers["content-length"]
        self._content = content

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the content, until its end or until the reader has gone."""
        start = {
            "type": "http.response.start",
            "status": self.status_code,
            "headers": self.raw_headers,
        }
        await send(start)
        sending = asyncio.create_task(self._send_all(send))
        disconnect = asyncio.create_task(disconnected(receive))
        try:
            await asyncio.wait({sending, disconnect}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done() and not sending.result():
                # Closing would wait for the reader, too.
                scope["state"][ABORT]()
                await disconnect
        finally:
            sending.cancel()
            disconnect.cancel()
            await asyncio.gather(sending, disconnect, return_exceptions=True)

    async def _send_all(self, send: Send) -> bool:
        """Send the whole content; return whether the reader took it."""
        body = "http.response.body"
        try:
            async with contextlib.aclosing(self._content) as content:  # type: ignore[type-var]
                async for piece in content:
                    message = {"type": body, "body": piece, "more_body": True}
                    await asyncio.wait_for(send(message), SEND_SECONDS)
            last = {"type": body, "body": b"", "more_body": False}
            await asyncio.wait_for(send(last), SEND_SECONDS)
        except TimeoutError:
            return False
        return True


async def disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _rest(woken: asyncio.Event, seconds: float) -> bytes:
    """Wait for an event; return a keep-alive comment where none came."""
    try:
        async with asyncio.timeout(seconds):
            await woken.wait()
        return b""
    except TimeoutError:
        return STILL_HERE


def _message(event: dict[str, Any]) -> bytes:
    # json escapes every line separator, so the data is one line.
    number = f"id: {event['id']}\n" if "id" in event else ""
    return f"{number}event: {event['event']}\ndata: {json.dumps(event)}\n\n".encode()


def _is_final(event: dict[str, Any]) -> bool:
    return bool(event["event"] == "state" and event["state"] in FINAL_STATES)


def _final(status: JobStatus, after: int) -> dict[str, Any]:
    return {"id": after, **event_to_wire(StateChanged(status.state, status.error))}
