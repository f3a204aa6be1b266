"""A reader of the engine's state, as the page is: its messages, and the picture they give."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.engine.service.served import ServedEngine

Wire = dict[str, Any]


class StateReader:
    """Reads the messages of a stream, one after the other."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self._answer = answer

    def blocks(self) -> Iterator[str]:
        """Everything that comes, comments included, to the stream's end."""
        lines: list[str] = []
        while line := self._answer.readline().decode():
            if line != "\n":
                lines.append(line)
            elif lines:
                yield "".join(lines)
                lines = []

    def next(self) -> Wire | None:
        """The next message; None at the end. What SSE's own fields say is compared on the way."""
        for block in self.blocks():
            fields = dict(line.split(": ", 1) for line in block.splitlines() if line[0] != ":")
            if fields:
                message: Wire = json.loads(fields["data"])
                assert fields["event"] == message["event"]
                assert fields.get("id", "") == str(message.get("id", ""))
                return message
        return None

    def until(self, true: Callable[[Wire], bool]) -> list[Wire]:
        """The messages up to the first for which it is true."""
        found = []
        while (message := self.next()) is not None:
            found.append(message)
            if true(message):
                return found
        raise AssertionError(f"the stream ended after {found}")

    def rest(self) -> list[Wire]:
        """The messages to the end of the stream."""
        return list(iter(self.next, None))


@contextmanager
def state(served: ServedEngine, after: int | None = None) -> Iterator[StateReader]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=90)
    sent = served.shown if after is None else {**served.shown, "Last-Event-ID": str(after)}
    connection.request("GET", "/events", headers=sent)
    answer = connection.getresponse()
    assert answer.status == 200
    assert (answer.headers["content-type"] or "").startswith("text/event-stream")
    try:
        yield StateReader(answer)
    finally:
        answer.close()
        connection.close()


class Picture:
    """What a page makes of the messages."""

    def __init__(self) -> None:
        self.last = 0
        self.order: list[int] = []
        self.jobs: dict[int, Wire] = {}
        self.things: dict[str, dict[str, Wire]] = {}

    def take(self, message: Wire) -> None:
        assert message["id"] >= self.last, "an id that is not greater"
        self.last, kind = message["id"], message["event"]
        if kind == "state":
            self.order = [each["job"] for each in message["jobs"]]
            self.jobs = {each["job"]: each for each in message["jobs"]}
            self.things = {
                name: {each["name"]: each for each in message[name]}
                for name in set(message) - {"id", "event", "jobs"}
            }
        elif kind == "order":
            self.order = message["jobs"]
        elif kind == "job":
            self.jobs[message["status"]["job"]] = message["status"]
        elif f"{kind}s" in self.things:
            self.things[f"{kind}s"][message[kind]["name"]] = message[kind]
        elif kind in self.things:
            self.things[kind] = {each["name"]: each for each in message[kind]}

    @property
    def shown(self) -> list[Wire]:
        """The statuses in their order."""
        return [self.jobs[job] for job in self.order]
