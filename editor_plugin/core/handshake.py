"""Discovery and authentication between Recue's engine and its clients.

The engine writes `engine.json` into the data folder once it listens. If it was killed and left the
file behind, another program may listen at that port by now. So a client sends a nonce, and the
engine answers with its HMAC-SHA256 under the token: only the process that wrote the file can do
that, and the token itself is never sent to another program.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import asdict, dataclass

PROTOCOL = 1
"""Version of the HTTP calls in docs/design/engine.md; raised when a call changes its meaning."""

ENGINE_FILE = "engine.json"
ALREADY_RUNNING = 3
"""The exit status of an engine that finds another one holding the lock."""

MOST_BODY_BYTES = 32 * 1024 * 1024
"""Limit of a request. A snapshot of a timeline with ten thousand clips is under five megabytes."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,200}")


@dataclass(frozen=True)
class Announcement:
    """Content of `engine.json`: where an engine listens, and which one it is."""

    port: int
    token: str
    pid: int
    version: str
    protocol: int
    host: str


def to_text(announcement: Announcement) -> str:
    """Return the content of `engine.json`."""
    return json.dumps(asdict(announcement)) + "\n"


def from_text(text: str) -> Announcement | None:
    """Read `engine.json`; None for anything that no engine has written."""
    try:
        found = json.loads(text)
        read = Announcement(**{name: found[name] for name in Announcement.__dataclass_fields__})
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    numbers = (read.port, read.pid, read.protocol)
    texts = (read.token, read.version, read.host)
    if not all(type(each) is int for each in numbers):
        return None
    if not all(isinstance(each, str) for each in texts):
        return None
    good = 0 < read.port < 65536 and _TOKEN.fullmatch(read.token) is not None
    return read if good else None


def proof(token: str, nonce: str) -> str:
    """Return the HMAC of `nonce` that proves knowledge of the token: 64 hexadecimal digits."""
    return hmac.new(token.encode(), nonce.encode(), hashlib.sha256).hexdigest()


def page_address(port: int, ticket: str) -> str:
    """Return the address of the engine's page. The ticket (POST /tickets) is good once, for other
    users can see the address where a browser is started with it. It is behind the “#”, so that it
    is sent to no server, and the page removes it from the address."""
    return f"http://127.0.0.1:{port}/page#ticket={ticket}"


def version_key(version: str) -> tuple[int, ...]:
    """Return a version's numbers for comparison: “0.10.2” is newer than “0.9”."""
    numbers = [int(each) for each in re.findall(r"\d{1,9}", version)]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
