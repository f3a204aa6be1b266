"""Reading the bytes of a file that a user named."""

from __future__ import annotations

from pathlib import Path

from editor_plugin.core.errors import MediaMissing, SubtitlesUnreadable, WordsUnreadable
from editor_plugin.engine.plain_files import read_plain


def content(
    path: Path, refusal: type[SubtitlesUnreadable] | type[WordsUnreadable], largest: int
) -> bytes:
    """The bytes of a file. Raises MediaMissing, or `refusal` where it cannot be read or has more
    than `largest` bytes."""
    try:
        return read_plain(path, largest)
    except FileNotFoundError:
        raise MediaMissing(str(path)) from None
    except OSError as error:
        raise refusal(str(path), error.strerror or "the system refused") from None
