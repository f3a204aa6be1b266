"""What an editor's adapter reports of placing subtitles."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Placed:
    """How placing ended: whether every cue was read back where it belongs, and what to report."""

    verified: bool
    sentences: tuple[str, ...]
