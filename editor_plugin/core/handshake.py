"""How a program and Recue's engine find and know each other.

The engine writes `engine.json` into the data folder once it listens. A program that reads it may
still meet somebody else at that port, if the engine was killed and left its file behind. So it
sends a number that nobody has seen before, and the engine answers with its HMAC-SHA256 under the
token: only who wrote the file can do that, and the token itself never leaves for a stranger.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import asdict, dataclass

PROTOCOL = 1
"""Of the HTTP calls in docs/design/engine.md; raised when a call changes its meaning."""

ENGINE_FILE = "engine.json"
ALREADY_RUNNING = 3
"""The exit status of an engine that finds another one holding the lock."""

MOST_BODY_BYTES = 32 * 1024 * 1024
"""Of a request. The snapshot of a timeline with ten thousand clips is under five megabytes."""

FINAL_STATES = ("done", "failed", "cancelled")
"""The states that a job does not leave any more."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,200}")


@dataclass(frozen=True)
class Announcement:
    """What `engine.json` holds: where an engine listens, and which one it is."""

    port: int
    token: str
    pid: int
    version: str
    protocol: int
    host: str


def to_text(announcement: Announcement) -> str:
    """The content of `engine.json`."""
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
    """What shows, in answer to `nonce`, that one knows the token: 64 hexadecimal digits."""
    return hmac.new(token.encode(), nonce.encode(), hashlib.sha256).hexdigest()


def page_address(port: int, token: str) -> str:
    """Where a browser finds the engine's page. The token is behind the “#”: it goes to no server,
    and the page takes it out of the address."""
    return f"http://127.0.0.1:{port}/page#token={token}"


def version_key(version: str) -> tuple[int, ...]:
    """The numbers of a version, to be compared: “0.10.2” is newer than “0.9”."""
    numbers = [int(each) for each in re.findall(r"\d{1,9}", version)]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
