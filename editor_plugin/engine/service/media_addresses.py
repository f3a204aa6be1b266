"""The addresses from which the page plays media.

A `<video>` sends no Authorization header, so its address has a token of its own: for one file, made
for whoever showed the token or a session, and good as long as that is, until ten minutes after its
last use.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from editor_plugin.core.errors import MediaAddressEnded

MEDIA = "/media/"
UNUSED_SECONDS = 600.0
MOST_ADDRESSES = 500
"""The one that was not used for longest makes room."""
TOKEN = "[A-Za-z0-9_-]{43}"
_ADDRESS = re.compile(f"{MEDIA}({TOKEN})(?:/sound)?")


@dataclass
class _MediaAddress:
    """A file, the secret of whoever asked for its address, and the use of it."""

    path: Path
    secret: str
    used: float
    open: int = 0


class MediaAddresses:
    """The addresses of an engine. `allows` tells whether a secret is still good. Safe to use from
    several threads."""

    def __init__(
        self, allows: Callable[[str], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._allows = allows
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, _MediaAddress] = {}

    def add(self, path: Path, secret: str) -> str:
        """The token of a new address."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._forget_old()
            while len(self._kept) >= MOST_ADDRESSES:
                self._kept.pop(min(self._kept, key=lambda each: self._kept[each].used))
            self._kept[token] = _MediaAddress(path, secret, self._clock())
        return token

    def knows(self, token: str) -> bool:
        """Whether an address is good."""
        with self._lock:
            self._forget_old()
            found = self._kept.get(token)
        return found is not None and self._allows(found.secret)

    @contextmanager
    def used(self, token: str) -> Iterator[Path]:
        """The file of an address, which does not end inside the block. Raises MediaAddressEnded."""
        with self._lock:
            self._forget_old()
            found = self._kept.get(token)
            if found is None or not self._allows(found.secret):
                raise MediaAddressEnded
            found.open += 1
        try:
            yield found.path
        finally:
            with self._lock:
                found.open -= 1
                found.used = self._clock()

    def _forget_old(self) -> None:
        oldest = self._clock() - UNUSED_SECONDS
        self._kept = {
            token: each for token, each in self._kept.items() if each.open or each.used > oldest
        }


def token_in(path: str) -> str | None:
    """The token in the path of a request; None for other calls."""
    found = _ADDRESS.fullmatch(path)
    return found[1] if found else None
