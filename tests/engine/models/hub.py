"""A Hugging Face hub of our own on loopback: what the hub's API says of one file, and its bytes."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STALL_SECONDS = 120.0
"""The longest that a hub with `stall` is silent, where its test fails."""


@dataclass
class Hub:
    """How the hub behaves. It closes the connection in place of an answer `drops` times;
    `cut_after` bytes of a file it closes it too, once for each entry;
    `refuses` is a status to answer everything with; `wrong` is sent in place of the content."""

    content: bytes
    drops: int = 0
    cut_after: list[int] = field(default_factory=list)
    refuses: int | None = None
    wrong: bytes | None = None
    knows_ranges: bool = True
    names_checksum: bool = True
    stall: threading.Event | None = None
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def ranges(self) -> list[str | None]:
        """The Range header of each GET, in order."""
        return [asked for method, _, asked in self.requests if method == "GET"]


@contextmanager
def serve(hub: Hub) -> Iterator[Hub]:
    """Serve until the block ends; `hub.url` is what HF_ENDPOINT is to name."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self._note()
            if not self._dropped() and not self._refused():
                self.send_response(200)
                self._describe()
                self.send_header("Content-Length", str(len(hub.content)))
                self.end_headers()

        def do_GET(self) -> None:
            self._note()
            if self._dropped() or self._refused():
                return
            asked = self.headers.get("Range")
            start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
            if not hub.knows_ranges:
                start = 0
            body = (hub.wrong if hub.wrong is not None else hub.content)[start:]
            self.send_response(206 if start else 200)
            self._describe()
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            if start:
                last = len(hub.content) - 1
                self.send_header("Content-Range", f"bytes {start}-{last}/{len(hub.content)}")
            self.end_headers()
            self._send(body)

        def _send(self, body: bytes) -> None:
            cut = hub.cut_after.pop(0) if hub.cut_after else None
            self.wfile.write(body if cut is None else body[:cut])
            self.wfile.flush()
            if hub.stall:
                hub.stall.wait(STALL_SECONDS)
            self.close_connection = True

        def _describe(self) -> None:
            self.send_header("X-Repo-Commit", "0" * 40)
            self.send_header("ETag", '"a-git-hash"')
            if hub.names_checksum:
                self.send_header("X-Linked-Etag", f'"{hub.sha256}"')
                self.send_header("X-Linked-Size", str(len(hub.content)))

        def _dropped(self) -> bool:
            if not hub.drops:
                return False
            hub.drops -= 1
            self.close_connection = True
            return True

        def _refused(self) -> bool:
            if hub.refuses is None:
                return False
            self.send_response(hub.refuses)
            if hub.refuses == 403:
                self.send_header("X-Error-Code", "GatedRepo")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return True

        def _note(self) -> None:
            hub.requests.append((self.command, self.path, self.headers.get("Range")))
            hub.agents.append(self.headers.get("User-Agent", ""))

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield hub
    finally:
        if hub.stall:
            hub.stall.set()
        server.shutdown()
        server.server_close()
        thread.join()
