"""Reading the bytes of a file that a user named."""

from __future__ import annotations

from pathlib import Path

from editor_plugin.core.errors import MediaMissing, SubtitlesUnreadable, WordsUnreadable


def content(
    path: Path, refusal: type[SubtitlesUnreadable] | type[WordsUnreadable], largest: int
) -> bytes:
    """The bytes of a file. Raises MediaMissing, or `refusal` where it cannot be read or has more
    than `largest` bytes."""
    try:
        if path.stat().st_size > largest:
            raise refusal(str(path), f"it is larger than {largest // 1024 // 1024} MB")
        return path.read_bytes()
    except FileNotFoundError:
        raise MediaMissing(str(path)) from None
    except OSError as error:
        reason = "it is a folder" if path.is_dir() else error.strerror or "the system refused"
        raise refusal(str(path), reason) from None
