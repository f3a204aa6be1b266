"""The engine's page for a browser: its files, and the HTTP headers for its security.

The files contain no data, and need no token. The content of the page comes from the calls of
docs/design/engine.md, which need it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class PageFile:
    """A file beside this module, and its media type."""

    name: str
    kind: str

    def content(self) -> bytes:
        """The bytes of the file."""
        return Path(__file__).with_name(self.name).read_bytes()


FILES = {
    "/page": PageFile("page.html", "text/html; charset=utf-8"),
    "/page/page.js": PageFile("page.js", "text/javascript; charset=utf-8"),
    "/page/page.css": PageFile("page.css", "text/css; charset=utf-8"),
}
"""By the path of the call."""
