"""Speaking to a service in plain HTTP, with nothing of the client's."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editor_plugin.core.handshake import ENGINE_FILE, page_address
from editor_plugin.engine.service import Service


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def code(self) -> str:
        """The code of the error that it carries; the form is looked at, too."""
        assert set(self.body) == {"error"}
        error = self.body["error"]
        assert set(error) == {"code", "message", "todo", "remedies", "data"}
        assert "Traceback" not in json.dumps(error)
        return str(error["code"])


class ServedEngine:
    """A service in this process, and a way to speak to it. Use it as a context manager."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.service = Service(engine)
        self.token = ""

    def __enter__(self) -> ServedEngine:
        self.service.start()
        self.token = json.loads((self.engine.data / ENGINE_FILE).read_text())["token"]
        return self

    def __exit__(self, *_: object) -> None:
        self.service.stop()
        self.engine.stop()

    @property
    def port(self) -> int:
        return self.service.port

    def page(self) -> str:
        """The page's address, with a new ticket."""
        return page_address(self.port, self.ask("POST", "/tickets").body["ticket"])

    @property
    def shown(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """`headers` replace those that show the token; a text or bytes are sent as they are."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)
        sent = dict(self.shown if headers is None else headers)
        if body is not None and not isinstance(body, str | bytes):
            body = json.dumps(body)
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        return Answer(answer.status, dict(answer.headers), json.loads(content))

    def raw(self, request: bytes) -> bytes:
        """Send bytes, and return all that comes back until the other side ends."""
        with socket.create_connection(("127.0.0.1", self.port), 20) as connection:
            connection.sendall(request)
            pieces = []
            while piece := connection.recv(65536):
                pieces.append(piece)
        return b"".join(pieces)

    def head(self, line: str, *more: str, token: bool = True) -> bytes:
        """The head of a request, ended by an empty line."""
        shown = [f"Authorization: Bearer {self.token}"] if token else []
        lines = [f"{line} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *shown, *more]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def request(self, **order: Any) -> dict[str, Any]:
        """A request for a file that is there."""
        media = self.engine.data / "a.wav"
        media.write_bytes(b"sound")
        return {"orders": [{"input": str(media), **order}]}

    def submit(self) -> int:
        answer = self.ask("POST", "/jobs", self.request())
        assert answer.status == 201
        return int(answer.body["job"])


def settled(path: Path) -> str:
    """The text of a file, or nothing where it is not there."""
    return path.read_text() if path.exists() else ""


def until(true: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + 90
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)
