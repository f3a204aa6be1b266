"""Edits by hand on their way to the engine, which learns from them for every later run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from editor_plugin.core.snapshot import timeline_to_wire
from editor_plugin.hosts.blender.errand import Remembered
from editor_plugin.hosts.blender.subrip import to_subrip


def hand_over(engine: Any, edited: Remembered) -> Sequence[str]:
    """Hand over what changed in the text of our subtitles; returns what is to be told."""
    answer = engine.correct(
        {
            "timeline": timeline_to_wire(edited.timeline),
            "before": to_subrip(edited.before),
            "after": to_subrip(edited.now),
        }
    )
    count = len(answer.get("corrections", ()))
    return (f"{count} of your corrections are kept.",) if count else ()
