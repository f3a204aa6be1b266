"""The result of placing subtitles, which every adapter returns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Placed:
    """Whether every cue was read back where it belongs, and the sentences for the user."""

    verified: bool
    sentences: tuple[str, ...]
