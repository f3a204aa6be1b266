"""Timeline files that the page uploaded, kept in the work folder as long as they are needed.

A page in a browser can read a file, but does not know its path. So it uploads the content, and the
job reads the copy.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from editor_plugin.core.errors import DiskFull, RequestRefused, TimelineUnreadable
from editor_plugin.engine.interchange import FOLDER_SUFFIXES, TIMELINE_SUFFIXES

UPLOADS = "uploads"
SUFFIXES = TIMELINE_SUFFIXES - FOLDER_SUFFIXES
MOST_NAME_BYTES = 200
"""Of a file's name; the file systems of all systems take 255."""
_NOT_PLAIN = re.compile(r"[/\\:\x00-\x1f\x7f-\x9f\ud800-\udfff]")
DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$) *(\..*)?", re.I)
"""Names that Windows takes for a printer or a screen."""


class Uploads:
    """The files in the work folder `work`. Safe to use from several threads."""

    def __init__(self, work: Path) -> None:
        self.folder = work / UPLOADS

    def keep(self, name: str, content: bytes) -> Path:
        """Store a file under its own name, the same file only once, and return its path. Raises
        RequestRefused for a name with a path, TimelineUnreadable for an unknown suffix, DiskFull.
        """
        refuse_name(name)
        place = self.folder / hashlib.sha256(content).hexdigest()[:32]
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=place)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                os.replace(temporary, place / name)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull(str(self.folder)) from None
            raise RequestRefused(f"“{name}” cannot be kept ({error.strerror or error})") from None
        return place / name

    def clear(self, needed: Iterable[Path] = ()) -> None:
        """Delete all files except those `needed`; the next call tries failed deletions again."""
        left = {path.parent for path in needed}
        for place in [*self.folder.glob("*")]:
            if place not in left:
                shutil.rmtree(place, ignore_errors=True)
        if not left:
            shutil.rmtree(self.folder, ignore_errors=True)


def refuse_name(name: str) -> None:
    """Raise for a name that is not a timeline file's; see `Uploads.keep`."""
    if _NOT_PLAIN.search(name) or name.startswith(".") or DEVICE.fullmatch(name):
        raise RequestRefused(f"{name!a} is not the plain name of a file")
    if len(name.encode()) > MOST_NAME_BYTES:
        raise RequestRefused("the name of the file is too long")
    if Path(name).suffix.lower() not in SUFFIXES:
        known = ", ".join(sorted(SUFFIXES))
        raise TimelineUnreadable(name, f"its kind is not known; these are: {known}")
