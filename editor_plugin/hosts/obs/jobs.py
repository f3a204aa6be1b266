"""What is asked of the engine for each recording, step by step and never waiting."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from editor_plugin import __version__
from editor_plugin.core.errors import EngineNewer, EngineUnreachable, RecueError, from_wire
from editor_plugin.core.handshake import (
    ENGINE_FILE,
    FINAL_STATES,
    PROTOCOL,
    Announcement,
    from_text,
    page_address,
    proof,
    version_key,
)
from editor_plugin.hosts.folders import own_folders, this_machine
from editor_plugin.hosts.obs.exchange import PROOF, Exchange, HttpReply

REPLY_SECONDS = 10.0
"""For one answer; then the engine is looked for anew."""
NEWS_SECONDS = 0.5
LAUNCH_SECONDS = 30.0
"""Between two attempts to start the engine. It takes a second or two; minutes on a cold disk."""
MOST_ENDED = 5
"""Errands that are told about after their end."""


@dataclass(frozen=True)
class RecordingJob:
    """One recording's way through the engine: its request, the job's number, the last status."""

    recording: Path
    request: dict[str, Any]
    job: int | None = None
    status: dict[str, Any] | None = None
    error: RecueError | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is to come."""
        return self.error is not None or (self.status or {}).get("state") in FINAL_STATES


class Engines(Protocol):
    """What is needed of editor_plugin.client."""

    def launch(self) -> object:
        """Start an engine and return at once."""


Then = Callable[[HttpReply], None]


class RecordingJobs:
    """All errands, in the order in which they were given. `step` is called by a timer."""

    def __init__(self, engines: Engines, clock: Callable[[], float] = time.monotonic) -> None:
        self._engines, self._clock = engines, clock
        self._file = own_folders(this_machine()).data / ENGINE_FILE
        self.all: tuple[RecordingJob, ...] = ()
        self.trouble: RecueError | None = None
        """Why the engine cannot be had at the moment, if so."""
        self._trusted = ""
        self._call: tuple[Exchange, Then, float] | None = None
        self._cancel: list[int] = []
        self._launch_at = self._news_at = 0.0
        self._page: Callable[[str], None] | None = None

    @property
    def unsent(self) -> tuple[Path, ...]:
        """Recordings that the engine has not taken yet; OBS must not forget them."""
        return tuple(each.recording for each in self.all if each.job is None and not each.has_ended)

    @property
    def has_work(self) -> bool:
        """Whether a step has anything to do."""
        asked = self._call or self._cancel or self.is_page_wanted
        return bool(asked) or any(not each.has_ended for each in self.all)

    def add(self, recording: Path, request: dict[str, Any]) -> None:
        """Take a recording on; one that is under way already is not taken twice."""
        if any(each.recording == recording and not each.has_ended for each in self.all):
            return
        rest = [each for each in self.all if each.recording != recording]
        ended = [each for each in rest if each.has_ended]
        old = ended[: max(0, len(ended) + 1 - MOST_ENDED)]
        self.all = (*(each for each in rest if each not in old), RecordingJob(recording, request))
        self._launch_at = 0.0

    def cancel(self) -> None:
        """End all that has not ended. What was recognised is kept by the engine."""
        self._cancel += [each.job for each in self.all if each.job and not each.has_ended]
        self.all = tuple(each for each in self.all if each.job or each.has_ended)

    @property
    def is_page_wanted(self) -> bool:
        """Whether the engine's page is to be opened as soon as an engine answers."""
        return self._page is not None

    def open_page(self, opened: Callable[[str], None]) -> None:
        """Hand the address of the engine's page to `opened`, as soon as an engine answers."""
        self._page = opened
        self._launch_at = 0.0

    def step(self) -> None:
        """Go on a little; never waits and never raises."""
        try:
            if self._call is not None:
                self._listen()
            elif self.has_work:
                self._speak()
        except (OSError, RecueError) as error:
            # An engine that was killed leaves its file behind: it is as if there were none.
            self.close()
            self._trusted = ""
            self._no_engine(error)

    def close(self) -> None:
        """Drop the call that is under way, if any."""
        if self._call is not None:
            self._call[0].close()
            self._call = None

    def _listen(self) -> None:
        assert self._call is not None
        exchange, then, deadline = self._call
        reply = exchange.step()
        if reply is not None:
            self.close()
            self.trouble = None
            then(reply)
        elif self._clock() > deadline:
            raise EngineUnreachable("it takes too long to answer")

    def _speak(self) -> None:
        engine = self._announced()
        if engine is None:
            self._no_engine(None)
        elif self._trusted != engine.token:
            self._meet(engine)
        elif self._page is not None:
            self._ask(engine, "GET", "/hello", self._opened(engine, self._page))
        elif self._cancel:
            job = self._cancel.pop(0)
            self._ask(engine, "POST", f"/jobs/{job}/cancel", lambda reply: None)
        elif self._submit(engine):
            pass
        elif self._clock() >= self._news_at:
            self._news_at = self._clock() + NEWS_SECONDS
            self._ask_news(engine)

    def _announced(self) -> Announcement | None:
        try:
            return from_text(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def _meet(self, engine: Announcement) -> None:
        """Let the engine show that it is the one that wrote the file; an older one has to go."""
        nonce = secrets.token_hex(16)

        def shown(reply: HttpReply) -> None:
            answer = str(reply.body.get("proof", ""))
            if not hmac.compare_digest(answer.encode(), proof(engine.token, nonce).encode()):
                raise EngineUnreachable("another program has taken its place")
            theirs, ours = version_key(engine.version), version_key(__version__)
            if theirs > ours and engine.protocol != PROTOCOL:
                raise EngineNewer(__version__, engine.version)
            if theirs < ours:
                self._ask(engine, "POST", "/stop", lambda reply: None)
                return
            self._trusted = engine.token

        self._ask(engine, "GET", PROOF + nonce, shown)

    def _opened(self, engine: Announcement, opened: Callable[[str], None]) -> Then:
        def then(reply: HttpReply) -> None:
            if reply.status >= 300:
                raise _refusal(reply)
            self._page = None
            opened(page_address(engine.port, engine.token))

        return then

    def _submit(self, engine: Announcement) -> bool:
        for errand in self.all:
            if errand.job is None and not errand.has_ended:
                self._ask(engine, "POST", "/jobs", self._taken(errand), errand.request)
                return True
        return False

    def _taken(self, errand: RecordingJob) -> Then:
        def then(reply: HttpReply) -> None:
            if reply.status >= 300:
                self._replace(errand.recording, error=_refusal(reply))
            else:
                self._replace(errand.recording, job=int(reply.body["job"]))

        return then

    def _ask_news(self, engine: Announcement) -> None:
        """Ask after the job that runs: the engine does one after the other, in their order."""
        for errand in self.all:
            if errand.job is not None and not errand.has_ended:
                self._ask(engine, "GET", f"/jobs/{errand.job}", self._told(errand))
                return

    def _told(self, errand: RecordingJob) -> Then:
        def then(reply: HttpReply) -> None:
            if reply.status >= 300:
                self._replace(errand.recording, error=_refusal(reply))
            else:
                self._replace(errand.recording, status=reply.body)

        return then

    def _replace(self, recording: Path, **changes: Any) -> None:
        self.all = tuple(
            replace(each, **changes) if each.recording == recording and not each.has_ended else each
            for each in self.all
        )

    def _ask(
        self, engine: Announcement, method: str, path: str, then: Then, body: object = None
    ) -> None:
        exchange = Exchange(engine, method, path, body)
        self._call = (exchange, then, self._clock() + REPLY_SECONDS)

    def _no_engine(self, error: Exception | None) -> None:
        """Start one, but not again and again; tell why where none can be had."""
        if isinstance(error, RecueError):
            self.trouble = error
        if self._clock() < self._launch_at:
            return
        if self._launch_at:
            self.trouble = self.trouble or EngineUnreachable("it does not start")
        self._launch_at = self._clock() + LAUNCH_SECONDS
        try:
            self._engines.launch()
        except RecueError as failure:
            self.trouble = failure


def _refusal(reply: HttpReply) -> RecueError:
    wire = reply.body.get("error")
    if isinstance(wire, dict) and isinstance(wire.get("data", {}), dict):
        return from_wire(wire)
    return EngineUnreachable(f"it answered with status {reply.status}")
