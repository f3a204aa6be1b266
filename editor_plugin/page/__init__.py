"""The engine's page for a browser: its files, and the HTTP headers for its security.

The files contain no data, and need no token. The content of the page comes from the calls of
docs/design/engine.md and docs/design/page.md, which need it. A file of this folder is given to a
browser where its suffix is in KINDS, under the address that its place in the folder says.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; media-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""The media types of the files that a browser gets, by suffix."""
FOLDER = Path(__file__).parent
INDEX = "page.html"
MODULES = b"@MODULES@"
"""In the index, the place of the links to every module, without which a browser would ask for one
after the other, as it meets their names."""


@dataclass(frozen=True)
class PageFile:
    """A file of this folder, by its path below it, and its media type."""

    name: str
    kind: str

    def content(self) -> bytes:
        """The bytes of the file; the index asks for all modules at once."""
        content = (FOLDER / self.name).read_bytes()
        return content.replace(MODULES, _preloads().encode()) if self.name == INDEX else content


def _preloads() -> str:
    modules = (path for path in FILES if path.endswith(".js"))
    return "\n".join(f'<link rel="modulepreload" href="{path}">' for path in modules)


def _files() -> dict[str, PageFile]:
    found = {}
    for path in sorted(FOLDER.rglob("*")):
        if path.suffix in KINDS:
            name = path.relative_to(FOLDER).as_posix()
            address = "/page" if name == INDEX else f"/page/{name}"
            found[address] = PageFile(name, KINDS[path.suffix])
    return found


FILES = _files()
"""Every file that a browser gets, by the path of the call; no other one is given."""
