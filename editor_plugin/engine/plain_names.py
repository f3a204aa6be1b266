"""Names of files that every system takes, and that lead nowhere else."""

from __future__ import annotations

import re
import unicodedata

MOST_NAME_BYTES = 200
"""Of a file's name; the file systems of all systems take 255."""
NOT_PLAIN = re.compile(r"[/\\:\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""What is in no plain name: ways into folders, controls, and bytes that are no text."""
DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$) *(\..*)?", re.I)
"""Names that Windows takes for a printer or a screen."""
_UNWANTED = re.compile(
    NOT_PLAIN.pattern[:-1] + '<>"|?*\u200e\u200f\u061c\u2028-\u202e\u2066-\u206f\ufeff]'
)
"""The same, what Windows takes in no name, and marks that turn a name round."""


def is_plain(name: str) -> bool:
    """Whether a name is one of a file that is not hidden, without a path, and of no device."""
    return bool(name) and not (
        NOT_PLAIN.search(name) or name.startswith(".") or DEVICE.fullmatch(name)
    )


def is_too_long(name: str) -> bool:
    """Whether a plain name is longer than what every file system takes."""
    return len(name.encode()) > MOST_NAME_BYTES


def plain_stem(text: str) -> str:
    """A stem for a file's name, made of any text: in NFC, as it was where it is plain."""
    stem = _UNWANTED.sub("_", unicodedata.normalize("NFC", text)).strip(" .")
    while is_too_long(stem):
        stem = stem[:-1].strip(" .")
    return f"_{stem}" if DEVICE.fullmatch(stem) or not stem else stem
