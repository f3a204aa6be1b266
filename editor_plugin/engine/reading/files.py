"""Getting at the bytes of a file that a user named."""

from __future__ import annotations

from pathlib import Path

from editor_plugin.core.errors import MediaMissing, SubtitlesUnreadable, WordsUnreadable

LARGEST = 64 * 1024 * 1024
"""Bytes. A film's subtitles are 100 kB, the words of a day of speech 40 MB: more is no text."""


def content(path: Path, refusal: type[SubtitlesUnreadable] | type[WordsUnreadable]) -> bytes:
    """Return the file's bytes. Raises MediaMissing, or `refusal` where it cannot be read."""
    try:
        if path.stat().st_size > LARGEST:
            raise refusal(str(path), f"it is larger than {LARGEST // 1024 // 1024} MB")
        return path.read_bytes()
    except FileNotFoundError:
        raise MediaMissing(str(path)) from None
    except OSError as error:
        reason = "it is a folder" if path.is_dir() else error.strerror or "the system refused"
        raise refusal(str(path), reason) from None
